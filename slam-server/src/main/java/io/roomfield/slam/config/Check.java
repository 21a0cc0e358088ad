package io.roomfield.slam.config;

/** Range checks of configuration values, with one form of message. */
final class Check {
  private Check() {}

  static void present(String name, Object value) {
    if (value == null) {
      throw new IllegalArgumentException(name + ": missing");
    }
  }

  static void atLeast(String name, double value, double min) {
    if (!(value >= min) || !Double.isFinite(value)) {
      throw new IllegalArgumentException("%s: %s (expected: >= %s)".formatted(name, value, min));
    }
  }

  static void between(String name, long value, long min, long max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(
          "%s: %d (expected: %d to %d)".formatted(name, value, min, max));
    }
  }

  static void positive(String name, double value) {
    if (!(value > 0) || !Double.isFinite(value)) {
      throw new IllegalArgumentException("%s: %s (expected: > 0)".formatted(name, value));
    }
  }

  static void share(String name, double value) {
    if (!(value >= 0 && value <= 1)) {
      throw new IllegalArgumentException("%s: %s (expected: 0 to 1)".formatted(name, value));
    }
  }
}
