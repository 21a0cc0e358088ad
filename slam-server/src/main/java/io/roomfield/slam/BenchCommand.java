package io.roomfield.slam;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.roomfield.cuda.CudaException;
import io.roomfield.geometry.InvalidValueException;
import io.roomfield.slam.compute.ComputeBackend;
import io.roomfield.slam.compute.cuda.CudaBackend;
import io.roomfield.slam.compute.vector.MultiplyAddCeiling;
import io.roomfield.slam.compute.vector.VectorBackend;
import io.roomfield.slam.config.Presets;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;
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
  private static final String VECTOR = "vector";
  private static final String CUDA = "cuda";
  private static final String CUDA_HALF = "cuda:half";

  @Option(names = "--json", description = "Also write the figures to this file.")
  private Path json;

  @Option(
      names = "--backend",
      paramLabel = "B",
      description = "vector, or cuda or cuda:half beside it (default: ${DEFAULT-VALUE}).")
  private String backend = VECTOR;

  @Option(names = "--threads", description = "Lanes of the backend (default: ${DEFAULT-VALUE}).")
  private int threads = 1;

  @Option(names = "--repeats", description = "Timed runs a figure (default: ${DEFAULT-VALUE}).")
  private int repeats = 30;

  @Option(
      names = "--durability",
      description = "Instead: what writing sessions down adds to a frame's time.")
  private boolean durability;

  @Spec private CommandSpec spec;

  public static void main(String[] args) {
    System.exit(
        new CommandLine(new BenchCommand())
            .setExecutionExceptionHandler(BenchCommand::explain)
            .execute(args));
  }

  private static int explain(Exception e, CommandLine commandLine, ParseResult parsed)
      throws Exception {
    if (e instanceof IllegalArgumentException
        || e instanceof IllegalStateException
        || e instanceof CudaException) {
      commandLine.getErr().println("bench: " + e.getMessage());
      return commandLine.getCommandSpec().exitCodeOnExecutionException();
    }
    throw e;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    List<String> known = List.of(VECTOR, CUDA, CUDA_HALF);
    if (!known.contains(backend)) {
      throw new InvalidValueException("--backend", backend, "one of " + String.join(", ", known));
    }
    PrintWriter out = spec.commandLine().getOut();
    Map<String, Object> figures = new LinkedHashMap<>();
    if (durability) {
      measureDurability(figures);
    } else {
      if (!backend.equals(VECTOR)) {
        measureCuda(figures);
      }
      measureVector(figures);
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

  private void measureVector(Map<String, Object> figures) {
    try (VectorBackend vector = new VectorBackend(threads)) {
      figures.put("backend", vector.description());
      figures.put("threads", threads);
      double ceiling = MultiplyAddCeiling.measure();
      figures.put("ceiling_gflops", ceiling);
      iterations(vector, "", ceiling * threads, figures);
      figures.put("fuse_frame_ms", new FusionBenchmark(vector, repeats).medianMillis());
      figures.put("ceiling_gflops_after", MultiplyAddCeiling.measure());
    }
  }

  private static void measureDurability(Map<String, Object> figures)
      throws IOException, InterruptedException {
    try (VectorBackend vector = new VectorBackend(Runtime.getRuntime().availableProcessors())) {
      figures.put("backend", vector.description());
      DurabilityBenchmark benchmark = new DurabilityBenchmark(vector);
      figures.putAll(benchmark.measure(Presets.DEFAULT));
      figures.putAll(benchmark.measure("realtime"));
    }
  }

  private void measureCuda(Map<String, Object> figures) {
    try (CudaBackend cuda =
        backend.equals(CUDA_HALF) ? CudaBackend.openHalf(threads) : CudaBackend.open(threads)) {
      figures.put("cuda_backend", cuda.description());
      figures.put("cuda_peak_gflops", cuda.device().peakGigaflops());
      iterations(cuda, "cuda_", cuda.device().peakGigaflops(), figures);
      cuda.useGraphs(false);
      iterations(cuda, "cuda_without_graphs_", cuda.device().peakGigaflops(), figures);
      cuda.useGraphs(true);
      try (IterationBenchmark benchmark = new IterationBenchmark(cuda, 1)) {
        benchmark
            .iterations()
            .forEach(
                (name, iteration) ->
                    cuda.kernelMillis(repeats, iteration)
                        .forEach(
                            (kernel, millis) ->
                                figures.put("cuda_%s_%s_ms".formatted(name, kernel), millis)));
      }
    }
  }

  /**
   * @param ceiling gigaflops
   */
  private void iterations(
      ComputeBackend of, String prefix, double ceiling, Map<String, Object> figures) {
    try (IterationBenchmark benchmark = new IterationBenchmark(of, repeats)) {
      for (IterationBenchmark.Figure figure : benchmark.run()) {
        String name = prefix + figure.name();
        figures.put(name + "_ms", figure.medianMillis());
        figures.put(name + "_gflops", figure.gigaflops());
        figures.put(name + "_share_of_ceiling_pct", PERCENT * figure.gigaflops() / ceiling);
      }
    }
  }
}
