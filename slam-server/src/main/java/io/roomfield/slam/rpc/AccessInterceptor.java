package io.roomfield.slam.rpc;

import com.linecorp.armeria.server.ServiceRequestContext;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.roomfield.slam.access.AuditLog;
import io.roomfield.slam.access.Authenticator;
import io.roomfield.slam.access.Credentials;
import io.roomfield.slam.access.Principal;
import io.roomfield.slam.session.SessionRegistry;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/**
 * Finds out who makes a call and lets it through as {@link io.roomfield.slam.access.AccessRules}
 * say: what the service implements is reached by nobody else.
 */
final class AccessInterceptor implements ServerInterceptor {
  private static final Context.Key<Principal> CALLER = Context.key("caller");
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of(Credentials.HEADER, Metadata.ASCII_STRING_MARSHALLER);

  private final Authenticator authenticator;
  private final SessionRegistry sessions;
  private final AuditLog audit;
  private final CallTraces traces;

  AccessInterceptor(
      Authenticator authenticator, SessionRegistry sessions, AuditLog audit, CallTraces traces) {
    this.authenticator = authenticator;
    this.sessions = sessions;
    this.audit = audit;
    this.traces = traces;
  }

  /** Who makes the call that is being answered on this thread. */
  static Principal caller() {
    return CALLER.get();
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    ServiceRequestContext context = ServiceRequestContext.current();
    AuditedCall<Q, A> audited =
        new AuditedCall<>(
            call,
            audit,
            context.remoteAddress().toString(),
            traces.begin(call.getMethodDescriptor().getFullMethodName(), headers));
    Principal caller;
    try {
      caller = authenticator.authenticate(credentials(context, headers.get(AUTHORIZATION)));
    } catch (RuntimeException e) {
      audited.refuse(e);
      return new ServerCall.Listener<>() {};
    }
    audited.madeBy(caller);
    return new TracedListener<>(
        new GuardedListener<>(
            Contexts.interceptCall(
                Context.current().withValue(CALLER, caller), audited, headers, next),
            audited,
            (id, role) -> sessions.requireRole(id, caller, role)),
        audited);
  }

  /**
   * @param authorization the header's value; null without
   */
  static Credentials credentials(ServiceRequestContext context, String authorization) {
    return new Credentials(Optional.ofNullable(authorization), certificate(context.sslSession()));
  }

  private static Optional<X509Certificate> certificate(SSLSession tls) {
    if (tls == null) {
      return Optional.empty();
    }
    try {
      return Optional.of((X509Certificate) tls.getPeerCertificates()[0]);
    } catch (SSLPeerUnverifiedException e) {
      return Optional.empty(); // the client showed none
    }
  }
}
