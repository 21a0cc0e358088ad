package io.roomfield.slam.pretrain;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomfield.geometry.SE3;
import io.roomfield.rooms.RoomSplit;
import java.util.HashSet;
import java.util.SplittableRandom;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class TrainingWalkTest {
  /** Two walks through the first validation room. */
  private static final TrainingSet SET = TrainingSet.record(RoomSplit.VALIDATION, 1, 2, 9);

  @Test
  void depthEndsOnTheRoomsSurfaces() {
    TrainingWalk walk = SET.walks().getFirst();
    assertThat(walk.worldFromCamera()).hasSize(TrainingWalk.VIEWS);
    assertThat(walk.depths()).hasSize(TrainingWalk.VIEWS);
    int width = TrainingWalk.CAMERA.width();
    for (int view = 0; view < TrainingWalk.VIEWS; view += 7) {
      float[] depth = walk.depths().get(view).metres();
      SE3 pose = walk.worldFromCamera().get(view);
      for (int pixel = 0; pixel < depth.length; pixel += 997) {
        double z = depth[pixel];
        double x = (pixel % width - TrainingWalk.CAMERA.cx()) / TrainingWalk.CAMERA.fx();
        int row = pixel / width;
        double y = (row - TrainingWalk.CAMERA.cy()) / TrainingWalk.CAMERA.fy();
        double[] p = pose.apply(x * z, y * z, z);
        assertThat(z).isPositive();
        // Depth is kept in steps of 0.1 mm; a ray in a corner is 1.3 times as long as its depth.
        assertThat(walk.scene().distance(p[0], p[1], p[2])).isCloseTo(0, Offset.offset(1e-4));
      }
    }
  }

  @Test
  void theCameraWalksInSmallSteps() {
    for (TrainingWalk walk : SET.walks()) {
      for (int view = 1; view < TrainingWalk.VIEWS; view++) {
        SE3 step =
            walk.worldFromCamera().get(view - 1).inverse().times(walk.worldFromCamera().get(view));
        // At most one and a half times 12 cm, and what keeping away from furniture adds.
        assertThat(step.translationNorm()).isLessThan(0.4);
      }
    }
  }

  @Test
  void walksOfARoomDifferAndASetDrawsAllOfThem() {
    assertThat(SET.walks()).hasSize(2);
    assertThat(SET.walks().get(0).worldFromCamera())
        .isNotEqualTo(SET.walks().get(1).worldFromCamera());
    HashSet<TrainingWalk> drawn = new HashSet<>();
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 20; i++) {
      drawn.add(SET.draw(random));
    }
    assertThat(drawn).hasSize(2);
  }
}
