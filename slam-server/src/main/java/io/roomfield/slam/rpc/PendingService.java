package io.roomfield.slam.rpc;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.roomfield.slam.ingest.BadInputException;
import io.roomfield.slam.ingest.BadInputException.Kind;
import io.roomfield.slam.v1.SlamServiceGrpc;

/** The API's methods before there is a service behind them: until then calls are UNAVAILABLE. */
final class PendingService implements ServerInterceptor {
  private volatile ServerServiceDefinition service; // null until it is there

  /** The methods, to be served at once. */
  ServerServiceDefinition definition() {
    return ServerInterceptors.intercept(new SlamServiceGrpc.SlamServiceImplBase() {}, this);
  }

  /** From now on calls reach the service. */
  void become(ServerServiceDefinition there) {
    service = there;
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> unimplemented) {
    ServerServiceDefinition there = service;
    if (there == null) {
      StatusRuntimeException why =
          StatusMapper.toStatus(
              BadInputException.of(
                  Kind.UNAVAILABLE, "server", "one that is SERVING", "one that starts"));
      call.close(why.getStatus(), Status.trailersFromThrowable(why));
      return new ServerCall.Listener<>() {};
    }
    @SuppressWarnings("unchecked") // of the same name, and so of the same messages
    ServerMethodDefinition<Q, A> method =
        (ServerMethodDefinition<Q, A>)
            there.getMethod(call.getMethodDescriptor().getFullMethodName());
    return method.getServerCallHandler().startCall(call, headers);
  }
}
