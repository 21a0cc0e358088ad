package io.roomfield.slam.rpc;

import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.roomfield.slam.access.Authenticator;
import io.roomfield.slam.access.Credentials;
import io.roomfield.slam.ingest.BadInputException;

/** All meters as Prometheus reads them; they are about everybody's sessions, so for admins only. */
final class MetricsPage implements HttpService {
  private static final MediaType PROMETHEUS_TEXT =
      MediaType.parse("text/plain; version=0.0.4; charset=utf-8");

  private final PrometheusMeterRegistry meters;
  private final Authenticator authenticator;

  MetricsPage(PrometheusMeterRegistry meters, Authenticator authenticator) {
    this.meters = meters;
    this.authenticator = authenticator;
  }

  @Override
  public HttpResponse serve(ServiceRequestContext context, HttpRequest request) {
    String authorization = request.headers().get(Credentials.HEADER);
    return HttpResponse.of(() -> page(context, authorization), context.blockingTaskExecutor());
  }

  private HttpResponse page(ServiceRequestContext context, String authorization) {
    try {
      if (!authenticator
          .authenticate(AccessInterceptor.credentials(context, authorization))
          .admin()) {
        return HttpResponse.of(HttpStatus.FORBIDDEN);
      }
    } catch (BadInputException e) {
      return HttpResponse.of(HttpStatus.UNAUTHORIZED);
    }
    return HttpResponse.of(HttpStatus.OK, PROMETHEUS_TEXT, meters.scrape());
  }
}
