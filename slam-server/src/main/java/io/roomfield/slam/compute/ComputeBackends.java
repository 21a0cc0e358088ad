package io.roomfield.slam.compute;

import io.roomfield.geometry.InvalidValueException;
import io.roomfield.slam.compute.scalar.ScalarBackend;
import io.roomfield.slam.compute.vector.VectorBackend;

/** Opens a compute backend by its name in the configuration. */
public final class ComputeBackends {
  private ComputeBackends() {}

  /**
   * Opens a backend. {@code "auto"} takes the fastest that this machine can run; a backend asked
   * for by name is that backend or an error, never a silent fallback.
   *
   * @param name {@code "scalar"}, {@code "vector"}, {@code "cuda"} or {@code "auto"}
   * @param threads to compute on, 0 for one a processor; the scalar backend uses one whatever is
   *     given
   * @throws InvalidValueException if there is no such backend, or {@code threads < 0}
   * @throws IllegalStateException if the backend that was named cannot be loaded here
   */
  public static ComputeBackend open(String name, int threads) {
    if (threads < 0) {
      throw new InvalidValueException("threads", threads, "0 or more");
    }
    int lanes = threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
    return new CheckedBackend(
        switch (name) {
          case "scalar" -> new ScalarBackend();
          case "vector", "auto" -> new VectorBackend(lanes);
          case "cuda" ->
              throw new IllegalStateException(
                  "backend cuda: this build has no CUDA provider (expected: vector, or auto, which"
                      + " takes what there is)");
          default ->
              throw new InvalidValueException("backend", name, "one of auto, scalar, vector, cuda");
        });
  }
}
