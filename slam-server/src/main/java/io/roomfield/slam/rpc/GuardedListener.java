package io.roomfield.slam.rpc;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.grpc.ForwardingServerCallListener;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.roomfield.slam.access.AccessRules;
import io.roomfield.slam.access.Role;
import io.roomfield.slam.v1.StreamFramesRequest;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * Hands a call's messages on to the service if the caller has the role that the call's rule asks
 * for on the session that they name.
 */
final class GuardedListener<Q>
    extends ForwardingServerCallListener.SimpleForwardingServerCallListener<Q> {
  private static final String SESSION_ID = "session_id";

  private final AuditedCall<Q, ?> call;
  private final BiConsumer<String, Role> requireRole;

  GuardedListener(
      ServerCall.Listener<Q> service,
      AuditedCall<Q, ?> call,
      BiConsumer<String, Role> requireRole) {
    super(service);
    this.call = call;
    this.requireRole = requireRole;
  }

  @Override
  public void onMessage(Q message) {
    if (call.refused()) {
      return;
    }
    try {
      Optional<Role> needed = AccessRules.of(call.name()).role();
      Optional<String> session =
          needed.isPresent() ? sessionId((Message) message) : Optional.empty();
      if (session.isPresent()) {
        call.about(session.get(), message);
        requireRole.accept(session.get(), needed.get());
      }
    } catch (RuntimeException e) {
      call.refuse(e);
      return;
    }
    super.onMessage(message);
  }

  /**
   * The session that a request names; empty for frames, which go to the one that their stream's
   * start has named.
   *
   * @throws IllegalStateException if requests of this type name none
   */
  static Optional<String> sessionId(Message request) {
    if (request instanceof StreamFramesRequest frames) {
      return frames.hasStart() ? Optional.of(frames.getStart().getSessionId()) : Optional.empty();
    }
    FieldDescriptor field = request.getDescriptorForType().findFieldByName(SESSION_ID);
    if (field == null) {
      throw new IllegalStateException(
          "%s: no %s (expected: one, its call's rule asks for a role)"
              .formatted(request.getDescriptorForType().getName(), SESSION_ID));
    }
    return Optional.of((String) request.getField(field));
  }

  /** Makes a call of one request run; one that was refused must not. */
  @Override
  public void onHalfClose() {
    if (!call.refused()) {
      super.onHalfClose();
    }
  }

  @Override
  public void onCancel() {
    call.ended(Status.Code.CANCELLED);
    super.onCancel();
  }
}
