package io.roomfield.slam.client.replay;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * A server in a process of its own, on a free port of this machine; it ends when this is closed, or
 * with this process. How to start it comes from the launcher as system properties: {@code
 * roomfield.server.classpath} and {@code roomfield.server.jvmflags} (separated by spaces).
 */
public final class ServerProcess implements AutoCloseable {
  /** System property: the class path of the server. */
  public static final String CLASSPATH_PROPERTY = "roomfield.server.classpath";

  /** System property: flags of the server's Java machine. */
  public static final String JVM_FLAGS_PROPERTY = "roomfield.server.jvmflags";

  private static final String MAIN_CLASS = "io.roomfield.slam.ServerCommand";
  private static final Duration START_LIMIT = Duration.ofSeconds(60);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(10);

  /** Longest wait for news of the port file: not every file system tells at once. */
  private static final long WATCH_MILLIS = 200;

  private static final int LOG_TAIL_LINES = 20;

  private final Process process;
  private final Path logFile;
  private final Thread stopAtExit;
  private int port;

  private ServerProcess(Process process, Path logFile) {
    this.process = process;
    this.logFile = logFile;
    stopAtExit = new Thread(process::destroy, "stop-server");
  }

  /**
   * Starts a server and waits until it takes calls.
   *
   * @param arguments further arguments of its command line
   * @param logFile takes what it prints
   * @throws IOException if it ends or says nothing within a minute; with the end of its log
   */
  public static ServerProcess start(List<String> arguments, Path logFile)
      throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("roomfield-server");
    Path portFile = folder.resolve("port");
    Process process =
        new ProcessBuilder(command(arguments, portFile))
            .redirectErrorStream(true)
            .redirectOutput(logFile.toFile())
            .start();
    ServerProcess server = new ServerProcess(process, logFile);
    Runtime.getRuntime().addShutdownHook(server.stopAtExit);
    boolean started = false;
    try {
      server.port = server.awaitPort(folder, portFile);
      started = true;
      return server;
    } finally {
      Files.deleteIfExists(portFile);
      Files.delete(folder);
      if (!started) {
        server.close();
      }
    }
  }

  /** Where it listens, as {@code host:port}. */
  public String hostAndPort() {
    return "localhost:" + port;
  }

  /** Takes what the server prints. */
  public Path logFile() {
    return logFile;
  }

  /** The end of the server's log, for an error message; empty if it is still running well. */
  public String failure() {
    return process.isAlive() ? "" : endedMessage();
  }

  /** Asks the server to end, and ends it if it has not after ten seconds. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    try {
      Runtime.getRuntime().removeShutdownHook(stopAtExit);
    } catch (IllegalStateException e) {
      // Java is shutting down already: the hook is what ends the server then.
      process.destroy();
    }
  }

  private static List<String> command(List<String> arguments, Path portFile) throws IOException {
    String classpath = System.getProperty(CLASSPATH_PROPERTY);
    if (classpath == null) {
      throw new IOException(
          "no class path of the server (expected: the system property %s, as ./slam sets it; or --server host:port)"
              .formatted(CLASSPATH_PROPERTY));
    }
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    String flags = System.getProperty(JVM_FLAGS_PROPERTY, "").strip();
    if (!flags.isEmpty()) {
      command.addAll(List.of(flags.split("\\s+")));
    }
    command.addAll(List.of("-cp", classpath, MAIN_CLASS));
    command.addAll(List.of("--host", "localhost", "--port", "0"));
    command.addAll(List.of("--port-file", portFile.toString()));
    command.addAll(arguments);
    return command;
  }

  private int awaitPort(Path folder, Path portFile) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + START_LIMIT.toNanos();
    try (WatchService watch = FileSystems.getDefault().newWatchService()) {
      Objects.requireNonNull(
          folder.register(
              watch, StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_MODIFY));
      while (System.nanoTime() < deadline) {
        String written = Files.exists(portFile) ? Files.readString(portFile).strip() : "";
        if (!written.isEmpty()) {
          return Integer.parseInt(written);
        }
        if (!process.isAlive()) {
          throw new IOException(endedMessage());
        }
        var key = watch.poll(WATCH_MILLIS, TimeUnit.MILLISECONDS);
        if (key != null) {
          key.pollEvents();
          key.reset();
        }
      }
    }
    throw new IOException(
        "the server did not start within %d s; its log (%s) ends:%n%s"
            .formatted(START_LIMIT.toSeconds(), logFile, logTail()));
  }

  private String endedMessage() {
    return "the server ended with exit code %d; its log (%s) ends:%n%s"
        .formatted(process.exitValue(), logFile, logTail());
  }

  private String logTail() {
    try {
      List<String> lines = Files.readAllLines(logFile);
      return String.join(
          System.lineSeparator(),
          lines.subList(Math.max(0, lines.size() - LOG_TAIL_LINES), lines.size()));
    } catch (IOException e) {
      return "(cannot be read: %s)".formatted(e.getMessage());
    }
  }
}
