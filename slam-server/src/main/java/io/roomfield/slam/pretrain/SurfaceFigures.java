package io.roomfield.slam.pretrain;

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
    double spreadCm) {}
