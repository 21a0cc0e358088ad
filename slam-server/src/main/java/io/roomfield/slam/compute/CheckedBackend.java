package io.roomfield.slam.compute;

/** The facade that checks shapes once. (Skeleton.) */
final class CheckedBackend {
  private CheckedBackend() {}
}
