package io.roomfield.slam.client.command;

import io.roomfield.slam.client.replay.ServerProcess;
import io.roomfield.slam.v1.ServerInfo;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code doctor}: whether this machine has what Roomfield needs. */
@Command(
    name = "doctor",
    description = "Tell what Roomfield finds on this machine.",
    mixinStandardHelpOptions = true)
public final class DoctorCommand implements Callable<Integer> {
  private static final String VECTOR_MODULE = "jdk.incubator.vector";
  private static final double GB = 1e9;

  @Spec private CommandSpec spec;
  @Mixin private ServerOptions server;

  @Override
  public Integer call() throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    row(out, "Java", "%s, %s".formatted(Runtime.version(), System.getProperty("java.vendor")));
    row(out, "machine", machine());
    row(out, "vectors", vectorWidth());
    row(out, "natives", natives());
    row(out, "decoders", decoders());
    row(out, "data", sharedData());
    out.flush();
    return probeServer(out);
  }

  private int probeServer(PrintWriter out) throws IOException, InterruptedException {
    Path logFile = Files.createTempFile("roomfield-server", ".log");
    try (ServerConnection connection = server.open(logFile)) {
      ServerInfo info = connection.client().serverInfo();
      row(out, "server", "starts; version " + info.getVersion());
      row(out, "backend", info.getBackend());
      row(out, "GPU", info.getGpu());
      row(out, "presets", String.join(", ", info.getPresetsList()));
      return 0;
    } finally {
      Files.deleteIfExists(logFile);
      out.flush();
    }
  }

  private static String machine() {
    String memory = "memory unknown";
    if (ManagementFactory.getOperatingSystemMXBean()
        instanceof com.sun.management.OperatingSystemMXBean system) {
      memory = String.format("%.1f GB memory", system.getTotalMemorySize() / GB);
    }
    return "%s %s, %d cores, %s"
        .formatted(
            System.getProperty("os.name"),
            System.getProperty("os.arch"),
            Runtime.getRuntime().availableProcessors(),
            memory);
  }

  private static String vectorWidth() {
    return ModuleLayer.boot().findModule(VECTOR_MODULE).isPresent()
        ? VectorWidth.describe()
        : "unknown: Java runs without --add-modules %s (./slam adds it)".formatted(VECTOR_MODULE);
  }

  private static String natives() {
    List<String> jars =
        serverClasspath()
            .map(entry -> entry.getFileName().toString())
            .filter(name -> name.matches("(opencv|openblas|javacpp)-.*-(linux|macosx|windows)-.*"))
            .sorted()
            .toList();
    return jars.isEmpty()
        ? "none on the server's class path (expected: opencv for this machine)"
        : String.join(", ", jars);
  }

  private static String decoders() throws IOException {
    for (Path entry : (Iterable<Path>) serverClasspath()::iterator) {
      List<String> found = WeightFiles.in(entry);
      if (!found.isEmpty()) {
        return String.join(", ", found);
      }
    }
    return "none on the server's class path (expected: *.safetensors)";
  }

  private static Stream<Path> serverClasspath() {
    String classpath = System.getProperty(ServerProcess.CLASSPATH_PROPERTY, "");
    return Stream.of(classpath.split(File.pathSeparator))
        .filter(entry -> !entry.isEmpty())
        .map(Path::of);
  }

  private static String sharedData() throws IOException {
    Path folder =
        Optional.ofNullable(System.getenv("ROOMFIELD_DATA"))
            .map(Path::of)
            .orElse(Path.of(System.getProperty("roomfield.root", "."), "..", "shared", "data"));
    if (!Files.isDirectory(folder)) {
      return "none (looked in %s; set ROOMFIELD_DATA)".formatted(folder.normalize());
    }
    try (Stream<Path> clips = Files.list(folder)) {
      return clips
          .filter(Files::isDirectory)
          .map(clip -> clip.getFileName().toString())
          .sorted()
          .reduce((a, b) -> a + ", " + b)
          .orElse("no clips in " + folder.normalize());
    }
  }

  private static void row(PrintWriter out, String name, String value) {
    out.printf("%-9s %s%n", name, value);
  }
}
