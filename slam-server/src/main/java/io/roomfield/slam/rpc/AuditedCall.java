package io.roomfield.slam.rpc;

import io.grpc.ForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.roomfield.slam.access.AccessRules;
import io.roomfield.slam.access.AuditLog;
import io.roomfield.slam.access.Principal;
import io.roomfield.slam.v1.Session;
import io.roomfield.slam.v1.ShareSessionRequest;
import java.util.Locale;

/**
 * A call that tells its span how it ended, and the audit log if its rule says so or it was refused.
 */
final class AuditedCall<Q, A> extends ForwardingServerCall.SimpleForwardingServerCall<Q, A> {
  private final AuditLog log;
  private final String peer;
  private final Span span;
  private volatile String principal = "";
  private volatile String session = "";
  private volatile String detail = "";
  private volatile boolean refused;
  private boolean ended; // guarded by this

  /**
   * @param span ended with the call
   */
  AuditedCall(ServerCall<Q, A> call, AuditLog log, String peer, Span span) {
    super(call);
    this.log = log;
    this.peer = peer;
    this.span = span;
  }

  /** The call's name in {@link AccessRules}. */
  String name() {
    return getMethodDescriptor().getBareMethodName();
  }

  Span span() {
    return span;
  }

  /** Who makes it; empty as long as that is not known. */
  String principal() {
    return principal;
  }

  /** As much of the session's id as logs show; empty where there is none. */
  String loggedSession() {
    return AuditLog.logged(session);
  }

  void madeBy(Principal caller) {
    principal = caller.name();
  }

  void about(String sessionId, Q request) {
    session = sessionId;
    if (request instanceof ShareSessionRequest share) {
      detail = "%s: %s".formatted(share.getPrincipal(), role(share));
    }
  }

  private static String role(ShareSessionRequest share) {
    return share.getRole().name().toLowerCase(Locale.ROOT).replace("role_", "");
  }

  boolean refused() {
    return refused;
  }

  /** Ends the call before it has reached the service. */
  void refuse(RuntimeException why) {
    refused = true;
    StatusRuntimeException status = StatusMapper.toStatus(why, name());
    Metadata trailers = Status.trailersFromThrowable(status);
    close(status.getStatus(), trailers == null ? new Metadata() : trailers);
  }

  @Override
  public void sendMessage(A message) {
    if (message instanceof Session created) {
      session = created.getSessionId();
    }
    super.sendMessage(message);
  }

  @Override
  public void close(Status status, Metadata trailers) {
    ended(status.getCode());
    super.close(status, trailers);
  }

  /** Once, whichever comes first: the server's end of the call or the client's. */
  void ended(Status.Code result) {
    synchronized (this) {
      if (ended) {
        return;
      }
      ended = true;
    }
    if (result != Status.Code.OK) {
      span.setStatus(StatusCode.ERROR, result.name());
    }
    span.end();
    if (refused || AccessRules.of(name()).audited()) {
      log.write(new AuditLog.Entry(name(), principal, session, detail, peer, result.name()));
    }
  }
}
