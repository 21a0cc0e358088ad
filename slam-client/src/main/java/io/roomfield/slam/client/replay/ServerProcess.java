package io.roomfield.slam.client.replay;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
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
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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

  private static final Logger logger = LoggerFactory.getLogger(ServerProcess.class);
  private static final String MAIN_CLASS = "io.roomfield.slam.ServerCommand";
  private static final Duration START_LIMIT = Duration.ofSeconds(60);
  private static final Duration END_LIMIT = Duration.ofSeconds(1);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(10);

  /** Longest wait for news of the port file: not every file system tells at once. */
  private static final long WATCH_MILLIS = 200;

  private static final int LOG_TAIL_LINES = 20;

  private final Process process;
  private final Path folder;
  private final Path logFile;
  private final Thread stopAtExit;
  private int port;

  private ServerProcess(Process process, Path folder, Path logFile) {
    this.process = process;
    this.folder = folder;
    this.logFile = logFile;
    stopAtExit = new Thread(this::stop, "stop-server");
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
    return start(arguments, List.of(), logFile, null);
  }

  /**
   * Starts a server on files that stay when it ends.
   *
   * @param jvmFlags further flags of its Java machine, which replace those of the launcher
   * @param data where it keeps them; null for a folder of its own that goes with it
   * @throws IOException see {@link #start(List, Path)}
   */
  public static ServerProcess start(
      List<String> arguments, List<String> jvmFlags, Path logFile, Path data)
      throws IOException, InterruptedException {
    String classpath = requiredClasspath();
    Path folder = Files.createTempDirectory("roomfield-server");
    Path portFile = folder.resolve("port");
    Path kept = data == null ? folder.resolve("data") : data;
    List<String> command = new ArrayList<>(java(classpath, jvmFlags));
    command.addAll(List.of("--host", "localhost", "--port", "0"));
    command.addAll(List.of("--port-file", portFile.toString()));
    command.addAll(List.of("--data", kept.toString()));
    command.addAll(arguments);
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(logFile.toFile()))
            .start();
    ServerProcess server = new ServerProcess(process, folder, logFile);
    Runtime.getRuntime().addShutdownHook(server.stopAtExit);
    boolean started = false;
    try {
      server.port = server.awaitPort(portFile);
      started = true;
      return server;
    } finally {
      if (!started) {
        server.close();
      }
    }
  }

  /** Where it listens, as {@code host:port}. */
  public String hostAndPort() {
    return "localhost:" + port;
  }

  /** Waits until it has ended. */
  public void awaitEnd() throws InterruptedException {
    process.waitFor();
  }

  /** Its number with the operating system. */
  public long pid() {
    return process.pid();
  }

  /** Whether it runs. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /** Takes what the server prints. */
  public Path logFile() {
    return logFile;
  }

  /** Ends it as SIGKILL does: without a word. */
  public void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /**
   * Why a call did not reach the server, where it is that the server has ended; waits a second for
   * that, since connections break before a process is gone.
   *
   * @return its exit code and the end of its log; empty if it runs
   */
  public Optional<String> failure() throws InterruptedException {
    boolean ended = process.waitFor(END_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    return ended ? Optional.of(endedMessage()) : Optional.empty();
  }

  /** Asks the server to end, and ends it if it has not after ten seconds. */
  @Override
  public void close() {
    stop();
    try {
      Runtime.getRuntime().removeShutdownHook(stopAtExit);
    } catch (IllegalStateException e) {
      // Java is shutting down already and runs the hook; stopping twice does no harm.
      logger.debug("closed while Java shuts down", e);
    }
  }

  private void stop() {
    process.destroy();
    try {
      if (!process.waitFor(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly().waitFor();
      }
      if (Files.exists(folder)) {
        MoreFiles.deleteRecursively(folder, RecursiveDeleteOption.ALLOW_INSECURE);
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      logger.warn("{} is left behind: {}", folder, e.getMessage());
    }
  }

  private static String requiredClasspath() throws IOException {
    String classpath = System.getProperty(CLASSPATH_PROPERTY);
    if (classpath == null) {
      throw new IOException(
          "no class path of the server (expected: the system property %s, as ./slam sets it; or --server host:port)"
              .formatted(CLASSPATH_PROPERTY));
    }
    return classpath;
  }

  private static List<String> java(String classpath, List<String> jvmFlags) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    String flags = System.getProperty(JVM_FLAGS_PROPERTY, "").strip();
    if (!flags.isEmpty()) {
      command.addAll(List.of(flags.split("\\s+")));
    }
    command.addAll(jvmFlags);
    command.addAll(List.of("-cp", classpath, MAIN_CLASS));
    return command;
  }

  private int awaitPort(Path portFile) throws IOException, InterruptedException {
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
