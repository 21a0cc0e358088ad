package io.roomfield.slam.compute.cuda;

import io.roomfield.cuda.CudaContext;
import io.roomfield.cuda.CudaEvent;
import io.roomfield.cuda.CudaStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How long launches took on the device, by kernel. */
final class LaunchTimes {
  private record Launch(String kernel, CudaEvent before, CudaEvent after) {}

  private final CudaContext context;
  private final List<Launch> launches = new ArrayList<>();

  LaunchTimes(CudaContext context) {
    this.context = context;
  }

  /** Runs a launch between two marks in its stream. */
  void around(String kernel, CudaStream stream, Runnable launch) {
    CudaEvent before = CudaEvent.create(context);
    CudaEvent after = CudaEvent.create(context);
    before.record(stream);
    launch.run();
    after.record(stream);
    launches.add(new Launch(kernel, before, after));
  }

  /** Milliseconds by kernel, over so many iterations; all work must be done. */
  Map<String, Double> millis(int iterations) {
    Map<String, Double> sums = new LinkedHashMap<>();
    for (Launch launch : launches) {
      double millis = launch.after.elapsedMillis(launch.before) / iterations;
      sums.merge(launch.kernel, millis, Double::sum);
      launch.before.close();
      launch.after.close();
    }
    launches.clear();
    return sums;
  }
}
