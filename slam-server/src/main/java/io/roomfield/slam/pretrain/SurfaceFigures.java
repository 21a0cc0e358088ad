package io.roomfield.slam.pretrain;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * How well a map agrees with a sensor's readings. Depth error alone is a trap: with samples guided
 * by the reading, fog of the right mean depth has a small error and no surface.
 *
 * @param depthMeanCm mean of {@code |D - D^|}, centimetres
 * @param depthMedianCm median of the same
 * @param occupiedFront5cm share of rays whose occupancy exceeds 0.5 at 5 cm before the reading;
 *     ideal is 0
 * @param occupiedBehind5cm the same 5 cm behind it; ideal is 1
 * @param occupiedBehind10cm the same 10 cm behind it; ideal is 1 where matter is that thick
 * @param spreadCm mean of {@code sqrt(S^)}, the deviation of the rendering weights along the ray
 */
record SurfaceFigures(
    double depthMeanCm,
    double depthMedianCm,
    double occupiedFront5cm,
    double occupiedBehind5cm,
    double occupiedBehind10cm,
    double spreadCm) {

  /** Each figure's mean over maps. */
  static SurfaceFigures mean(List<SurfaceFigures> all) {
    return new SurfaceFigures(
        mean(all, SurfaceFigures::depthMeanCm),
        mean(all, SurfaceFigures::depthMedianCm),
        mean(all, SurfaceFigures::occupiedFront5cm),
        mean(all, SurfaceFigures::occupiedBehind5cm),
        mean(all, SurfaceFigures::occupiedBehind10cm),
        mean(all, SurfaceFigures::spreadCm));
  }

  private static double mean(List<SurfaceFigures> all, ToDoubleFunction<SurfaceFigures> figure) {
    return all.stream().mapToDouble(figure).average().orElse(Double.NaN);
  }
}
