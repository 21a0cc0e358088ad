package io.roomfield.slam.compute;

import io.roomfield.geometry.InvalidValueException;
import java.util.List;

/** The compute backends by name. (Skeleton; the providers are being written.) */
public final class ComputeBackends {
  private static final List<String> NAMES = List.of("auto", "scalar", "vector", "cuda");

  private ComputeBackends() {}

  /**
   * Opens a backend.
   *
   * @param name one of those known; "auto" takes the fastest that this machine can run
   * @param threads to compute on; 0 for one a processor
   * @throws InvalidValueException if there is none of that name
   * @throws IllegalStateException if it cannot run here; never a silent fallback
   */
  public static ComputeBackend open(String name, int threads) {
    if (!NAMES.contains(name)) {
      throw new InvalidValueException("backend", name, "one of " + String.join(", ", NAMES));
    }
    throw new IllegalStateException(
        "backend %s with %d threads: no provider is built in".formatted(name, threads));
  }
}
