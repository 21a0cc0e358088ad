package io.roomfield.slam.compute;

import io.roomfield.cuda.CudaDevice;
import io.roomfield.cuda.CudaProbe;
import io.roomfield.geometry.InvalidValueException;
import io.roomfield.slam.compute.cuda.CudaBackend;
import io.roomfield.slam.compute.scalar.ScalarBackend;
import io.roomfield.slam.compute.vector.VectorBackend;
import java.util.Optional;
import java.util.stream.Collectors;

/** Opens a compute backend by its name in the configuration. */
public final class ComputeBackends {
  private ComputeBackends() {}

  /**
   * Opens a backend. {@code "auto"} takes CUDA where a device answers, else the vector backend; one
   * asked for by name is that backend or an error, never a silent fallback. {@code "auto"} never
   * takes the emulated device of Roomfield's tests.
   *
   * @param name {@code "scalar"}, {@code "vector"}, {@code "cuda"}, {@code "cuda:half"} (its
   *     decoders in half precision) or {@code "auto"}
   * @param threads to compute on, 0 for one a processor; the scalar backend uses one whatever is
   *     given
   * @throws InvalidValueException if there is no such backend, or {@code threads < 0}
   * @throws IllegalStateException if the backend that was named cannot be loaded here
   */
  public static ComputeBackend open(String name, int threads) {
    if (threads < 0) {
      throw new InvalidValueException("threads", threads, "0 or more");
    }
    int lanes = threads(threads);
    return new CheckedBackend(
        switch (name) {
          case "scalar" -> new ScalarBackend();
          case "vector" -> new VectorBackend(lanes);
          case "cuda" -> CudaBackend.open(lanes);
          case "cuda:half" -> CudaBackend.openHalf(lanes);
          case "auto" -> fastest(CudaProbe.run(), lanes);
          default ->
              throw new InvalidValueException(
                  "backend", name, "one of auto, scalar, vector, cuda, cuda:half");
        });
  }

  /**
   * @param configured 0 for one a processor
   */
  public static int threads(int configured) {
    return configured == 0 ? Runtime.getRuntime().availableProcessors() : configured;
  }

  private static ComputeBackend fastest(CudaProbe probe, int lanes) {
    Optional<CudaDevice> device =
        probe.devices().stream().filter(found -> !found.emulated()).findFirst();
    return device.isPresent() ? CudaBackend.open(device.get(), lanes) : new VectorBackend(lanes);
  }

  /** For people: the CUDA devices that {@code "cuda"} may take, or "none: " and why. */
  public static String gpu() {
    CudaProbe probe = CudaProbe.run();
    return probe.devices().isEmpty()
        ? "none: " + probe.reason()
        : probe.devices().stream().map(CudaDevice::toString).collect(Collectors.joining("; "));
  }
}
