package io.roomfield.slam;

import io.roomfield.cuda.CudaException;
import io.roomfield.slam.compute.ComputeBackend;
import io.roomfield.slam.compute.ComputeBackends;
import io.roomfield.slam.compute.ComputeShare;
import io.roomfield.slam.config.ServerConfig;
import io.roomfield.slam.rpc.SlamServer;
import io.roomfield.slam.session.Engine;
import io.roomfield.slam.session.SlamSystem;
import io.roomfield.slam.session.WarmEngines;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
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
    ComputeBackend computeBackend = ComputeBackends.open(config.backend(), config.threads());
    ComputeShare share = new ComputeShare(ComputeBackends.threads(config.threads()));
    Engine.Factory engines =
        new WarmEngines(
            (settings, onMapped) -> new SlamSystem(settings, computeBackend, share, onMapped));
    SlamServer server = SlamServer.start(config, computeBackend, engines);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  server.close();
                  computeBackend.close();
                },
                "shutdown"));
    announce(server, config, computeBackend, spec.commandLine().getOut(), portFile);
    server.awaitClosed();
    return CommandLine.ExitCode.OK;
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
