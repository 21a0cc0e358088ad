package io.roomfield.slam.compute.cuda;

import io.roomfield.cuda.CudaEvent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How long launches took on the device, by kernel. */
final class LaunchTimes {
  private record Launch(String kernel, CudaEvent before, CudaEvent after) {}

  private final List<Launch> launches = new ArrayList<>();

  /** Runs a launch between two marks in its stream. */
  void around(String kernel, Workspace work, Runnable launch) {
    CudaEvent before = CudaEvent.create(work.context());
    CudaEvent after = CudaEvent.create(work.context());
    before.record(work.stream());
    launch.run();
    after.record(work.stream());
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
