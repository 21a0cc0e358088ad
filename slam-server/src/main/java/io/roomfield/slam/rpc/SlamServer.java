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
  private final Server server;
  private final SessionRegistry sessions;
  private final SlamGrpcService service;
  private final AccessInterceptor access;
  private final HealthStatusManager health;
  private final PrometheusMeterRegistry meters;

  private SlamServer(
      ServerConfig config,
      ComputeBackend backend,
      Engine.Factory engines,
      Optional<SessionFiles> files)
      throws IOException {
    InetSocketAddress address = address(config);
    meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    new JvmMemoryMetrics().bindTo(meters);
    new ProcessorMetrics().bindTo(meters);
    SlamMetrics metrics = new SlamMetrics(meters);
    sessions = new SessionRegistry(engines, metrics, config, files);
    metrics.observe(sessions, backend.name(), backend.description());
    Authenticator authenticator = new Authenticator(config.security(), Clock.systemUTC());
    access = new AccessInterceptor(authenticator, sessions, new AuditLog(Clock.systemUTC()));
    service = new SlamGrpcService(config, sessions, new SessionCopies(sessions, files), backend);
    health = new HealthStatusManager();
    health.setStatus(SlamServiceGrpc.SERVICE_NAME, ServingStatus.SERVING);
    // Streams last as long as a camera runs: no time or length limit on a whole call. The limit on
    // a message is the gRPC service's.
    server =
        listeningOn(address, config.security())
            .requestTimeout(Duration.ZERO)
            .maxRequestLength(0)
            .meterRegistry(meters)
            .service(
                grpcService(config),
                MetricCollectingService.newDecorator(GrpcMeterIdPrefixFunction.of("roomfield.rpc")))
            .service("/metrics", new MetricsPage(meters, authenticator))
            .service("/api.json", ApiSchema.page())
            .serviceUnder("/three/" + ServerProcess.threeVersion(), ViewerPages.three())
            .serviceUnder("/", ViewerPages.viewer())
            .build();
  }

  /**
   * Starts a server; it serves when this returns.
   *
   * @param backend renders and meshes; stays the caller's to close, after the server
   * @param engines make the engine of every session
   * @throws InvalidValueException if the host is no loopback address and TLS or authentication are
   *     not configured, or reflection is: frames and maps would be open to the network
   * @throws IOException if a file that the configuration names is missing, or sessions are to be
   *     kept and the data directory cannot be written
   * @throws IllegalStateException if another server uses the data directory
   * @throws IllegalArgumentException if one of them cannot be made sense of
   * @throws java.util.concurrent.CompletionException if the port cannot be had
   */
  public static SlamServer start(
      ServerConfig config, ComputeBackend backend, Engine.Factory engines) throws IOException {
    Optional<SessionFiles> files =
        config.keepSessions()
            ? Optional.of(
                new SessionFiles(config.dataDirectory(), Duration.ofMillis(config.commitMillis())))
            : Optional.empty();
    try {
      SlamServer server = new SlamServer(config, backend, engines, files);
      server.server.start().join();
      return server;
    } catch (IOException | RuntimeException | Error e) {
      files.ifPresent(SessionFiles::close);
      throw e;
    }
  }

  /** The port that is listened on. */
  public int port() {
    return server.activeLocalPort();
  }

  /** Waits until the server has been closed. */
  public void awaitClosed() {
    server.whenClosed().join();
  }

  /** Stops serving, closes all sessions, and waits for both. */
  @Override
  public void close() {
    health.enterTerminalState();
    sessions.close();
    server.stop().join();
    service.close();
    meters.close();
  }

  private GrpcService grpcService(ServerConfig config) {
    GrpcServiceBuilder grpc =
        GrpcService.builder()
            .addService(ServerInterceptors.intercept(service, access))
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
