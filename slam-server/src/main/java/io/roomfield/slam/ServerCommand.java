package io.roomfield.slam;

import com.google.common.util.concurrent.Uninterruptibles;
import io.roomfield.cuda.CudaException;
import io.roomfield.slam.compute.ComputeBackend;
import io.roomfield.slam.compute.ComputeBackends;
import io.roomfield.slam.compute.ComputeShare;
import io.roomfield.slam.config.ServerConfig;
import io.roomfield.slam.field.DecoderFamily;
import io.roomfield.slam.rpc.SlamServer;
import io.roomfield.slam.session.SlamSystem;
import io.roomfield.slam.session.WarmEngines;
import io.roomfield.slam.telemetry.LogFormat;
import io.roomfield.slam.telemetry.Tracing;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ./slam server}: serves until it is told to stop (SIGTERM or SIGINT). */
@Command(
    name = "server",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Serves the SLAM API until it is stopped.")
public final class ServerCommand implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(ServerCommand.class);

  /** After so long a server that was told to stop ends, whatever it does. */
  private static final Duration EXIT_LIMIT = Duration.ofSeconds(30);

  @Spec private CommandSpec spec;

  @Option(names = "--host", paramLabel = "H", description = "Address to listen on.")
  private String host;

  @Option(names = "--port", paramLabel = "P", description = "Port; 0 for any that is free.")
  private Integer port;

  @Option(names = "--data", paramLabel = "DIR", description = "Where the server keeps its files.")
  private Path dataDirectory;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "YAML with any key of server.yaml; options replace what it says.")
  private Path configFile;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads of the compute backend; 0 for one a processor.")
  private Integer threads;

  @Option(
      names = "--backend",
      paramLabel = "B",
      description = "auto, scalar, vector, cuda or cuda:half.")
  private String backend;

  @Option(names = "--log-format", paramLabel = "F", description = "text or json.")
  private ServerConfig.LogFormat logFormat;

  @Option(names = "--reflection", description = "Serve gRPC reflection.")
  private Boolean reflection;

  @Option(
      names = "--port-file",
      paramLabel = "FILE",
      description = "Write the port to this file once the server is ready.")
  private Path portFile;

  /** Runs the command; a mistake of the caller's ends it with one line and exit code 1. */
  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  static CommandLine commandLine() {
    return new CommandLine(new ServerCommand())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler(
            (exception, commandLine, parsed) -> {
              explain(exception, commandLine.getErr());
              return commandLine.getCommandSpec().exitCodeOnExecutionException();
            });
  }

  @Override
  public Integer call() throws IOException {
    SoftHeapLimit.follow();
    ServerConfig config = ServerConfig.load(configFile, options());
    if (config.logFormat() == ServerConfig.LogFormat.JSON) {
      LogFormat.useJson();
    }
    // Health is answered before anything is loaded.
    SlamServer server = SlamServer.listen(config, Tracing.to(config.tracing()));
    ComputeBackend backend = serve(server, config);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server, backend), "shutdown"));
    announce(server, config, backend, spec.commandLine().getOut(), portFile);
    server.awaitClosed();
    return CommandLine.ExitCode.OK;
  }

  /** Loads what serving needs, then serves; the backend is to be closed after the server. */
  private static ComputeBackend serve(SlamServer server, ServerConfig config) throws IOException {
    try {
      // Sessions load their own; a damaged file is found here, not when a camera comes.
      DecoderFamily.names().forEach(DecoderFamily::load);
      OpenCvLibraries.load();
      ComputeBackend backend = ComputeBackends.open(config.backend(), config.threads());
      ComputeShare share = new ComputeShare(ComputeBackends.threads(config.threads()));
      server.serve(
          backend,
          new WarmEngines(
              (settings, onMapped) -> new SlamSystem(settings, backend, share, onMapped)));
      return backend;
    } catch (IOException | RuntimeException | Error e) {
      server.close();
      throw e;
    }
  }

  private static void stop(SlamServer server, ComputeBackend backend) {
    Thread stopping =
        Thread.ofPlatform()
            .daemon()
            .name("stopping")
            .start(
                () -> {
                  server.close();
                  backend.close();
                });
    Uninterruptibles.joinUninterruptibly(stopping, EXIT_LIMIT);
    if (stopping.isAlive()) {
      LOG.warn(
          "Not stopped after {} s: ends as it is; accepted frames are on disk",
          EXIT_LIMIT.toSeconds());
    }
  }

  /** Tells that the server is ready: the port file first, then the line that others wait for. */
  static void announce(
      SlamServer server,
      ServerConfig config,
      ComputeBackend backend,
      PrintWriter out,
      Path portFile)
      throws IOException {
    if (portFile != null) {
      // Moved into place, so that a reader finds the whole port or no file.
      Path unfinished = portFile.resolveSibling(portFile.getFileName() + ".tmp");
      Files.writeString(unfinished, Integer.toString(server.port()));
      Files.move(
          unfinished,
          portFile,
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
    }
    out.println(
        "roomfield SERVING on %s:%d backend=%s"
            .formatted(config.host(), server.port(), backend.description()));
    out.flush();
  }

  /** The options that were given, by their keys in {@link ServerConfig}. */
  private Map<String, Object> options() {
    Map<String, Object> given = new LinkedHashMap<>();
    given.put("host", host);
    given.put("port", port);
    given.put("dataDirectory", dataDirectory == null ? null : dataDirectory.toString());
    given.put("threads", threads);
    given.put("backend", backend);
    given.put("reflection", reflection);
    given.put("logFormat", logFormat);
    given.values().removeIf(value -> value == null);
    return given;
  }

  private static void explain(Exception e, PrintWriter err) {
    switch (e) {
      case NoSuchFileException missing ->
          err.println("server: " + missing.getFile() + ": no such file");
      case CompletionException failed when failed.getCause() instanceof IOException cause ->
          err.println("server: cannot listen: " + cause.getMessage());
      case IOException _, IllegalArgumentException _, IllegalStateException _, CudaException _ ->
          err.println("server: " + e.getMessage());
      default -> e.printStackTrace(err);
    }
  }
}
