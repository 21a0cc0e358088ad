package io.roomfield.slam.pretrain;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomfield.geometry.SE3;
import io.roomfield.slam.SmallRoom;
import io.roomfield.slam.compute.ComputeBackend;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class FusedBaselineTest {
  private static final double FINE_VOXEL = 0.08;
  private static final int PIXELS = 500;

  @Test
  void whatWasFusedIsFoundAgain() {
    List<View> fused = List.of(view(0));
    FusedBaseline.Figures figures = measure(fused, fused);
    // Where surface is steep or at the image's border, its cells have corners that were not seen.
    assertThat(figures.all().missShare()).isLessThan(0.5);
    // Voxels of 4 cm, and readings without noise.
    assertThat(figures.all().error().medianCm()).isLessThan(1);
    assertThat(figures.exact()).isNull();
  }

  @Test
  void aViewElsewhereMeetsNothing() {
    View away = view(0);
    View turned =
        View.of(
            SmallRoom.CAMERA,
            SmallRoom.frame(0),
            away.worldFromCamera().times(SE3.fromRotationVector(0, Math.PI, 0, 0, 0, 0)));
    FusedBaseline.Figures figures = measure(List.of(away), List.of(turned));
    assertThat(figures.all().missShare()).isEqualTo(1);
    assertThat(figures.all().error().meanCm()).isNaN();
  }

  @Test
  void exactDepthIsComparedWhereItIsKnown() {
    float[] exact = SmallRoom.frame(0).depthMetres().clone();
    for (int i = 0; i < exact.length; i++) {
      exact[i] += 1;
    }
    View known = View.of(SmallRoom.CAMERA, SmallRoom.frame(0), SmallRoom.pose(0), exact);
    FusedBaseline.Figures figures = measure(List.of(known), List.of(known));
    // The fused surface is where the readings are, a metre before what is told to be exact.
    assertThat(figures.exact().error().medianCm()).isBetween(99.0, 101.0);
    assertThat(figures.all().error().medianCm()).isLessThan(1);
  }

  private static FusedBaseline.Figures measure(List<View> fused, List<View> probed) {
    try (ComputeBackend backend = SmallRoom.backend()) {
      ProbePixels pixels = ProbePixels.draw(probed, PIXELS, new SplittableRandom(1));
      return new FusedBaseline(fused, FINE_VOXEL, backend).measure(probed, pixels);
    }
  }

  private static View view(int number) {
    return View.of(SmallRoom.CAMERA, SmallRoom.frame(number), SmallRoom.pose(number));
  }
}
