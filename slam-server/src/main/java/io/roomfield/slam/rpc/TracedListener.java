package io.roomfield.slam.rpc;

import io.grpc.ForwardingServerCallListener;
import io.grpc.ServerCall;
import io.roomfield.slam.telemetry.LogContext;

/** What a call does happens in its span, and log lines say whose call it is and about what. */
final class TracedListener<Q>
    extends ForwardingServerCallListener.SimpleForwardingServerCallListener<Q> {
  private final AuditedCall<Q, ?> call;

  TracedListener(ServerCall.Listener<Q> guarded, AuditedCall<Q, ?> call) {
    super(guarded);
    this.call = call;
  }

  private void traced(Runnable callback) {
    LogContext.put(LogContext.PRINCIPAL, call.principal());
    LogContext.put(LogContext.SESSION, call.loggedSession());
    try {
      LogContext.within(
          call.span(),
          () -> {
            callback.run();
            return null;
          });
    } finally {
      LogContext.put(LogContext.PRINCIPAL, "");
      LogContext.put(LogContext.SESSION, "");
    }
  }

  @Override
  public void onMessage(Q message) {
    traced(() -> super.onMessage(message));
  }

  @Override
  public void onHalfClose() {
    traced(super::onHalfClose);
  }

  @Override
  public void onCancel() {
    traced(super::onCancel);
  }

  @Override
  public void onComplete() {
    traced(super::onComplete);
  }

  @Override
  public void onReady() {
    traced(super::onReady);
  }
}
