package io.roomfield.slam.pretrain;

import java.util.List;

/**
 * The sizes of the bench.
 *
 * @param rays of a mapping iteration, over all keyframes
 * @param pixels that a map is measured at, per kind of view
 * @param iterations after which the map is measured, ascending; each is a run of its own, because a
 *     mapping round of so many iterations divides them among its stages
 * @param trackedAfter which of these maps is tracked against
 */
record BenchProtocol(int rays, int pixels, List<Integer> iterations, int trackedAfter) {
  /** As in the study that the decoders' recipes were chosen by. */
  static final BenchProtocol DEFAULT =
      new BenchProtocol(1000, 5000, List.of(0, 5, 15, 30, 60, 150), 60);
}
