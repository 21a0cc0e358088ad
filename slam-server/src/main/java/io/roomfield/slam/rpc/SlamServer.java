package io.roomfield.slam.rpc;

import com.linecorp.armeria.common.grpc.GrpcMeterIdPrefixFunction;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.ServerTlsConfig;
import com.linecorp.armeria.server.ServerTlsConfigBuilder;
import com.linecorp.armeria.server.grpc.GrpcService;
import com.linecorp.armeria.server.grpc.GrpcServiceBuilder;
import com.linecorp.armeria.server.metric.MetricCollectingService;
import io.grpc.ServerInterceptors;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.netty.handler.ssl.ClientAuth;
import io.roomfield.geometry.InvalidValueException;
import io.roomfield.slam.access.AuditLog;
import io.roomfield.slam.access.Authenticator;
import io.roomfield.slam.compute.ComputeBackend;
import io.roomfield.slam.config.SecurityConfig;
import io.roomfield.slam.config.ServerConfig;
import io.roomfield.slam.session.Engine;
import io.roomfield.slam.session.SessionCopies;
import io.roomfield.slam.session.SessionRegistry;
import io.roomfield.slam.session.SlamMetrics;
import io.roomfield.slam.store.SessionFiles;
import io.roomfield.slam.telemetry.Tracing;
import io.roomfield.slam.v1.SlamServiceGrpc;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/**
 * The service on one port: gRPC and gRPC-Web, health ({@code grpc.health.v1}), reflection if
 * wanted, metrics at {@code /metrics}, and the viewer at {@code /}.
 */
public final class SlamServer implements AutoCloseable {
  private final ServerConfig config;
  private final Server server;
  private final Authenticator authenticator;
  private final PendingService api = new PendingService();
  private final HealthStatusManager health = new HealthStatusManager();
  private final PrometheusMeterRegistry meters =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Tracing tracing;

  // Empty until this serves.
  private Optional<SessionRegistry> sessions = Optional.empty();
  private Optional<SlamGrpcService> service = Optional.empty();

  private SlamServer(ServerConfig config, Tracing tracing) throws IOException {
    this.config = config;
    this.tracing = tracing;
    InetSocketAddress address = address(config);
    new JvmMemoryMetrics().bindTo(meters);
    new ProcessorMetrics().bindTo(meters);
    authenticator = new Authenticator(config.security(), Clock.systemUTC());
    tellHealth(ServingStatus.NOT_SERVING);
    // Streams last as long as a camera runs: no time or length limit on a whole call. The limit on
    // a message is the gRPC service's.
    server =
        listeningOn(address, config.security())
            .requestTimeout(Duration.ZERO)
            .maxRequestLength(0)
            .meterRegistry(meters)
            .service(
                grpcService(),
                MetricCollectingService.newDecorator(GrpcMeterIdPrefixFunction.of("roomfield.rpc")))
            .service("/metrics", new MetricsPage(meters, authenticator))
            .service("/api.json", ApiSchema.page())
            .serviceUnder("/three/" + ServerProcess.threeVersion(), ViewerPages.three())
            .serviceUnder("/", ViewerPages.viewer())
            .build();
  }

  /**
   * Starts a server that serves when this returns.
   *
   * @param backend renders and meshes; stays the caller's to close, after the server
   * @param engines make the engine of every session
   * @throws IOException see {@link #listen} and {@link #serve}, as for all others
   */
  public static SlamServer start(
      ServerConfig config, ComputeBackend backend, Engine.Factory engines) throws IOException {
    SlamServer server = listen(config, Tracing.to(config.tracing()));
    try {
      server.serve(backend, engines);
      return server;
    } catch (IOException | RuntimeException | Error e) {
      server.close();
      throw e;
    }
  }

  /**
   * Starts a server that tells that it is NOT_SERVING, and answers every other call UNAVAILABLE.
   *
   * @param tracing where spans go; closed with the server
   * @throws InvalidValueException if the host is no loopback address and TLS or authentication are
   *     not configured, or reflection is: frames and maps would be open to the network
   * @throws IOException if a file that the configuration names is missing
   * @throws IllegalArgumentException if one of them cannot be made sense of
   * @throws java.util.concurrent.CompletionException if the port cannot be had
   */
  public static SlamServer listen(ServerConfig config, Tracing tracing) throws IOException {
    SlamServer server = new SlamServer(config, tracing);
    server.server.start().join();
    return server;
  }

  /**
   * Serves from now on. Once.
   *
   * @param backend renders and meshes; stays the caller's to close, after the server
   * @param engines make the engine of every session
   * @throws IOException if sessions are to be kept and the data directory cannot be written
   * @throws IllegalStateException if another server uses the data directory
   */
  public void serve(ComputeBackend backend, Engine.Factory engines) throws IOException {
    SlamMetrics metrics = new SlamMetrics(meters);
    Optional<SessionFiles> files =
        config.keepSessions()
            ? Optional.of(
                new SessionFiles(
                    config.dataDirectory(),
                    Duration.ofMillis(config.commitMillis()),
                    metrics::committed))
            : Optional.empty();
    SessionRegistry registry =
        new SessionRegistry(engines, metrics, config, files, tracing.tracer());
    metrics.observe(registry, backend.name(), backend.description());
    SlamGrpcService slam =
        new SlamGrpcService(config, registry, new SessionCopies(registry, files), backend, metrics);
    sessions = Optional.of(registry);
    service = Optional.of(slam);
    AccessInterceptor access =
        new AccessInterceptor(
            authenticator,
            registry,
            new AuditLog(Clock.systemUTC()),
            new CallTraces(tracing.tracer()));
    api.become(ServerInterceptors.intercept(slam, access));
    tellHealth(ServingStatus.SERVING);
  }

  /** Of the server as a whole, and of its service. */
  private void tellHealth(ServingStatus status) {
    health.setStatus(HealthStatusManager.SERVICE_NAME_ALL_SERVICES, status);
    health.setStatus(SlamServiceGrpc.SERVICE_NAME, status);
  }

  /** The port that is listened on. */
  public int port() {
    return server.activeLocalPort();
  }

  /** Waits until the server has been closed. */
  public void awaitClosed() {
    server.whenClosed().join();
  }

  /**
   * Tells that it is NOT_SERVING, ends all streams, writes down and closes all sessions, ends what
   * takes long, and stops listening. Waits.
   */
  @Override
  public void close() {
    health.enterTerminalState();
    sessions.ifPresent(SessionRegistry::close);
    service.ifPresent(SlamGrpcService::close);
    server.stop().join();
    tracing.close();
    meters.close();
  }

  private GrpcService grpcService() {
    GrpcServiceBuilder grpc =
        GrpcService.builder()
            .addService(api.definition())
            .addService(health.getHealthService())
            .maxRequestMessageLength(config.maxMessageBytes())
            .exceptionHandler(StatusMapper.armeriaStatuses(config.maxMessageBytes()))
            // Decoding and rendering must not hold up the event loop.
            .useBlockingTaskExecutor(true);
    if (config.reflection()) {
      grpc.addService(ProtoReflectionServiceV1.newInstance());
    }
    return grpc.build();
  }

  private static InetSocketAddress address(ServerConfig config) {
    InetSocketAddress address = new InetSocketAddress(config.host(), config.port());
    if (address.isUnresolved()) {
      throw new InvalidValueException("host", config.host(), "an address of this machine");
    }
    if (!address.getAddress().isLoopbackAddress()) {
      requireClosed(config);
    }
    return address;
  }

  /** What a server that others than this machine can reach must have. */
  private static void requireClosed(ServerConfig config) {
    SecurityConfig security = config.security();
    if (!security.tls()) {
      throw notLoopback(
          config, "or TLS: security.certificate and security.key, PEM files, in --config FILE");
    }
    if (!security.authentication()) {
      throw notLoopback(
          config,
          "or authentication: security.tokens, security.jwtIssuer or security.clientCa in"
              + " --config FILE");
    }
    if (config.reflection()) {
      throw notLoopback(config, "or reflection: false");
    }
  }

  private static InvalidValueException notLoopback(ServerConfig config, String otherwise) {
    return new InvalidValueException(
        "host", config.host(), "a loopback address such as 127.0.0.1, " + otherwise);
  }

  private static ServerBuilder listeningOn(InetSocketAddress address, SecurityConfig security)
      throws IOException {
    if (!security.tls()) {
      return Server.builder().http(address);
    }
    ServerTlsConfigBuilder clients = ServerTlsConfig.builder();
    if (!security.clientCa().isEmpty()) {
      // Who shows a certificate shows a good one; who has a token need not show one.
      clients.clientAuth(security.bearerTokens() ? ClientAuth.OPTIONAL : ClientAuth.REQUIRE);
    }
    return Server.builder()
        .https(address)
        .tlsProvider(new PemTlsProvider(security), clients.build());
  }
}
