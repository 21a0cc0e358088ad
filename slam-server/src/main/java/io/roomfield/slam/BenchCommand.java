package io.roomfield.slam;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.roomfield.slam.compute.vector.MultiplyAddCeiling;
import io.roomfield.slam.compute.vector.VectorBackend;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code slam bench}: the machine's multiply-add ceiling, iterations at the paper's sizes, a
 * frame's fusion.
 */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description =
        "Measures iterations of tracking and mapping against the core's arithmetic ceiling, and"
            + " the fusion of a frame.")
public final class BenchCommand implements Callable<Integer> {
  private static final double PERCENT = 100;

  @Option(names = "--json", description = "Also write the figures to this file.")
  private Path json;

  @Option(names = "--threads", description = "Lanes of the backend (default: ${DEFAULT-VALUE}).")
  private int threads = 1;

  @Option(names = "--repeats", description = "Timed runs a figure (default: ${DEFAULT-VALUE}).")
  private int repeats = 30;

  @Spec private CommandSpec spec;

  public static void main(String[] args) {
    System.exit(new CommandLine(new BenchCommand()).execute(args));
  }

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    Map<String, Object> figures = new LinkedHashMap<>();
    try (VectorBackend backend = new VectorBackend(threads)) {
      figures.put("backend", backend.description());
      figures.put("threads", threads);
      double ceiling = MultiplyAddCeiling.measure();
      figures.put("ceiling_gflops", ceiling);
      for (IterationBenchmark.Figure figure : new IterationBenchmark(backend, repeats).run()) {
        figures.put(figure.name() + "_ms", figure.medianMillis());
        figures.put(figure.name() + "_gflops", figure.gigaflops());
        figures.put(
            figure.name() + "_share_of_ceiling_pct",
            PERCENT * figure.gigaflops() / (ceiling * threads));
      }
      figures.put("fuse_frame_ms", new FusionBenchmark(backend, repeats).medianMillis());
      figures.put("ceiling_gflops_after", MultiplyAddCeiling.measure());
    }
    figures.forEach(
        (key, value) ->
            out.println(
                "%-44s %s"
                    .formatted(key, value instanceof Double d ? "%.2f".formatted(d) : value)));
    out.flush();
    if (json != null) {
      new ObjectMapper()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .writeValue(json.toFile(), figures);
    }
    return 0;
  }
}
