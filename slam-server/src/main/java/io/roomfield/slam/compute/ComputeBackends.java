package io.roomfield.slam.compute;

import io.roomfield.slam.compute.scalar.ScalarBackend;

/** Opens a compute backend by its name in the configuration. */
public final class ComputeBackends {
  private ComputeBackends() {}

  /**
   * Opens a backend. {@code "auto"} takes the fastest that this machine can run; a backend asked
   * for by name is that backend or an error.
   *
   * @param name {@code "scalar"}, {@code "vector"}, {@code "cuda"} or {@code "auto"}
   * @param threads that the backend may compute on, >= 1; the scalar one uses one whatever is given
   * @throws IllegalArgumentException if there is no such backend or {@code threads < 1}
   * @throws IllegalStateException if the backend that was named cannot be loaded here
   */
  public static ComputeBackend create(String name, int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("threads: %d (expected: >= 1)".formatted(threads));
    }
    ComputeBackend provider =
        switch (name) {
          case "scalar" -> new ScalarBackend();
          case "vector", "auto" -> vector();
          case "cuda" -> throw cannotLoad(name, "this build has no CUDA provider");
          default ->
              throw new IllegalArgumentException(
                  "backend: \"%s\" (expected: scalar, vector, cuda or auto)".formatted(name));
        };
    return new CheckedBackend(provider);
  }

  private static ComputeBackend vector() {
    throw cannotLoad("vector", "this build has no vector provider");
  }

  private static IllegalStateException cannotLoad(String name, String reason) {
    return new IllegalStateException(
        "backend %s: %s (expected: a backend that can be loaded; \"auto\" takes what there is)"
            .formatted(name, reason));
  }
}
