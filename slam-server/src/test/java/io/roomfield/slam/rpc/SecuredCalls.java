package io.roomfield.slam.rpc;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.PrototypeMarshaller;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import io.roomfield.slam.v1.SlamServiceGrpc;
import io.roomfield.slam.v1.StreamFramesRequest;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Any call of the API, made without knowing which: a request with nothing but the session's id. */
final class SecuredCalls {
  /** A stream that was let through by mistake does not end. */
  private static final int PATIENCE_SECONDS = 20;

  private SecuredCalls() {}

  /** Every method that there is. */
  static List<MethodDescriptor<?, ?>> all() {
    return List.copyOf(SlamServiceGrpc.getServiceDescriptor().getMethods());
  }

  static Channel withToken(Channel channel, String token) {
    Metadata headers = new Metadata();
    headers.put(
        Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + token);
    return ClientInterceptors.intercept(
        channel, MetadataUtils.newAttachHeadersInterceptor(headers));
  }

  /** Makes a call and waits for its end. */
  static <Q, A> StatusRuntimeException end(
      Channel channel, MethodDescriptor<Q, A> method, String sessionId) {
    CompletableFuture<StatusRuntimeException> end = new CompletableFuture<>();
    ClientCall<Q, A> call =
        channel.newCall(
            method, CallOptions.DEFAULT.withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS));
    call.start(
        new ClientCall.Listener<>() {
          @Override
          public void onClose(Status status, Metadata trailers) {
            end.complete(status.asRuntimeException(trailers));
          }
        },
        new Metadata());
    call.request(Integer.MAX_VALUE);
    call.sendMessage(request(method, sessionId));
    call.halfClose();
    return end.join();
  }

  @SuppressWarnings("unchecked") // a prototype of requests builds requests
  private static <Q> Q request(MethodDescriptor<Q, ?> method, String sessionId) {
    Message prototype =
        (Message) ((PrototypeMarshaller<Q>) method.getRequestMarshaller()).getMessagePrototype();
    if (prototype instanceof StreamFramesRequest) {
      return (Q) RunningServer.start(sessionId);
    }
    FieldDescriptor field = prototype.getDescriptorForType().findFieldByName("session_id");
    return (Q)
        (field == null ? prototype : prototype.toBuilder().setField(field, sessionId).build());
  }
}
