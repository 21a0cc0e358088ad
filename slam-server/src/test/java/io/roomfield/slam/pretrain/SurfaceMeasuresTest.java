package io.roomfield.slam.pretrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.roomfield.geometry.SE3;
import io.roomfield.slam.compute.AnalyticBackend;
import io.roomfield.slam.compute.AnalyticBackend.Distance;
import io.roomfield.slam.render.RayBatch;
import io.roomfield.slam.render.RenderSettings;
import org.junit.jupiter.api.Test;

/** A camera that looks along z at readings of 2 m; maps are known solids instead of grids. */
class SurfaceMeasuresTest {
  private static final float READING = 2;

  /** Surface samples lie 1.25 cm apart at 2 m, and the rays stop among them. */
  private static final RenderSettings SETTINGS = new RenderSettings(32, 17, 0, true, true);

  /** Half the distance between surface samples, in centimetres. */
  private static final double SAMPLING_CM = 0.63;

  @Test
  void aWallWhereTheReadingsAreIsAPerfectSurface() {
    SurfaceFigures figures = measure(wallAt(READING)).all();
    assertThat(figures.depthMeanCm()).isCloseTo(0, within(SAMPLING_CM));
    assertThat(figures.occupiedFront5cm()).isZero();
    assertThat(figures.occupiedBehind5cm()).isEqualTo(1);
    assertThat(figures.occupiedBehind10cm()).isEqualTo(1);
    // The occupancy's ramp is 2.3 cm wide.
    assertThat(figures.spreadCm()).isBetween(0.0, 2.3);
  }

  @Test
  void aWallThatIsTooFarShowsInDepthAndBehindTheReadings() {
    SurfaceFigures figures = measure(wallAt(READING + 0.07)).all();
    assertThat(figures.depthMeanCm()).isCloseTo(7, within(SAMPLING_CM));
    assertThat(figures.depthMedianCm()).isCloseTo(7, within(SAMPLING_CM));
    assertThat(figures.occupiedBehind5cm()).isZero();
    assertThat(figures.occupiedBehind10cm()).isEqualTo(1);
  }

  @Test
  void aSheetIsNotOccupiedDeepBehindTheReadings() {
    Distance sheet = (x, y, z) -> Math.abs(z - (READING + 0.02)) - 0.06;
    SurfaceFigures figures = measure(sheet).all();
    assertThat(figures.occupiedFront5cm()).isZero();
    assertThat(figures.occupiedBehind5cm()).isEqualTo(1);
    assertThat(figures.occupiedBehind10cm()).isZero();
  }

  @Test
  void distancesCountAlongTheRay() {
    // At 45 degrees, 10 cm along the ray are 7.1 cm in depth, and 5 cm are 3.5 cm.
    Distance wall = wallAt(READING + 0.06);
    SurfaceFigures figures = measure(wall, pixels(1, true)).all();
    assertThat(figures.occupiedBehind5cm()).isZero();
    assertThat(figures.occupiedBehind10cm()).isEqualTo(1);
    assertThat(measure(wallAt(READING + 0.08), pixels(1, true)).all().occupiedBehind10cm())
        .isZero();
  }

  @Test
  void unsupportedReadingsAreLeftOutWhereAskedFor() {
    ProbePixels pixels = pixels(0, true, false);
    pixels.rays().depth[1] = READING - 0.5f; // a flying pixel before the wall
    SurfaceMeasures.Figures figures = measure(wallAt(READING), pixels);
    // That pixel's samples end at 1.2 times 1.5 m, before the wall: it renders no depth at all.
    assertThat(figures.all().depthMeanCm()).isCloseTo(75, within(SAMPLING_CM));
    assertThat(figures.supported().depthMeanCm()).isCloseTo(0, within(SAMPLING_CM));
    assertThat(figures.all().occupiedBehind5cm()).isEqualTo(0.5);
    assertThat(figures.supported().occupiedBehind5cm()).isEqualTo(1);
  }

  @Test
  void exactDepthIsComparedWithTheSameRendering() {
    ProbePixels readings = pixels(0, true);
    float[] exact = {READING + 0.07f};
    SurfaceMeasures.Figures figures =
        measure(wallAt(READING), new ProbePixels(readings.rays(), readings.supported(), exact));
    assertThat(figures.all().depthMeanCm()).isCloseTo(0, within(SAMPLING_CM));
    assertThat(figures.exact().depthMeanCm()).isCloseTo(7, within(SAMPLING_CM));
    // 5 cm before the exact depth is 2 cm behind the map's wall.
    assertThat(figures.exact().occupiedFront5cm()).isEqualTo(1);
    assertThat(figures.all().occupiedFront5cm()).isZero();
    assertThat(measure(wallAt(READING)).exact()).isNull();
  }

  private static Distance wallAt(double depth) {
    return (x, y, z) -> depth - z;
  }

  private static SurfaceMeasures.Figures measure(Distance map) {
    return measure(map, pixels(0, true, true));
  }

  private static SurfaceMeasures.Figures measure(Distance map, ProbePixels pixels) {
    try (AnalyticBackend backend = new AnalyticBackend(map)) {
      return new SurfaceMeasures(backend, SETTINGS).measure(null, pixels);
    }
  }

  private static ProbePixels pixels(float directionX, boolean... supported) {
    RayBatch rays = new RayBatch(supported.length);
    rays.count = supported.length;
    rays.poses = new SE3[] {SE3.IDENTITY};
    rays.frameMaxDepth = new float[] {READING};
    for (int ray = 0; ray < rays.count; ray++) {
      rays.directionX[ray] = directionX;
      rays.depth[ray] = READING;
    }
    return new ProbePixels(rays, supported, null);
  }
}
