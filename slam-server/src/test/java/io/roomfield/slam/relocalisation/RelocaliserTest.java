package io.roomfield.slam.relocalisation;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomfield.geometry.SE3;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Four keyframes around the table of a furnished room. */
class RelocaliserTest {
  private static final long ROOM = 1;
  private static final int KEYFRAMES = 4;

  private static final KeyframeIndex INDEX = new KeyframeIndex();
  private static final Relocaliser RELOCALISER = new Relocaliser(SmallFrames.CAMERA, INDEX);

  @BeforeAll
  static void addKeyframes() {
    for (int id = 0; id < KEYFRAMES; id++) {
      INDEX.add(id, features(ROOM, around(id)));
    }
  }

  @Test
  void aFrameFindsItsPlace() {
    SE3 truth = around(2.15);
    List<PoseProposal> proposals = RELOCALISER.propose(features(ROOM, truth), _ -> true);
    PoseProposal best = proposals.getFirst();
    assertThat(best.keyframeId()).isEqualTo(2);
    assertThat(best.inlierShare()).isBetween(0.5, 1.0);
    SE3 proposed = around(best.keyframeId()).times(best.cameraKeyframeFromCameraFrame());
    SE3 error = truth.inverse().times(proposed);
    // What a tracker takes up: 5 cm and 2 degrees.
    assertThat(error.translationNorm()).isLessThan(0.05);
    assertThat(Math.toDegrees(error.rotationAngle())).isLessThan(2);
    for (int i = 1; i < proposals.size(); i++) {
      assertThat(proposals.get(i).inliers()).isLessThanOrEqualTo(proposals.get(i - 1).inliers());
    }
  }

  @Test
  void onlyEligibleKeyframesPropose() {
    OrbFeatures frame = features(ROOM, around(2.15));
    assertThat(RELOCALISER.propose(frame, id -> id != 2))
        .noneMatch(proposal -> proposal.keyframeId() == 2);
    assertThat(RELOCALISER.propose(frame, _ -> false)).isEmpty();
  }

  @Test
  void proposalsRepeatExactly() {
    OrbFeatures frame = features(ROOM, around(1.9));
    assertThat(RELOCALISER.propose(frame, _ -> true))
        .isNotEmpty()
        .isEqualTo(RELOCALISER.propose(frame, _ -> true));
  }

  /**
   * Tiles, wallpaper and furniture that exists twice make proposals that are wrong: why a proposal
   * must be verified. They have fewer inliers than a right one by far; half of them is allowed.
   */
  @Test
  void theMirroredRoomIsHardlyRecognised() {
    int right = RELOCALISER.propose(features(ROOM, around(2.15)), _ -> true).getFirst().inliers();
    for (int id = 0; id < KEYFRAMES; id++) {
      OrbFeatures mirrored =
          RELOCALISER.features(SmallFrames.mirrored(SmallFrames.room(ROOM, around(id))));
      assertThat(mirrored.count()).isGreaterThan(500);
      assertThat(RELOCALISER.propose(mirrored, _ -> true))
          .allMatch(proposal -> proposal.inliers() < right / 2);
    }
  }

  private static OrbFeatures features(long room, SE3 worldFromCamera) {
    return RELOCALISER.features(SmallFrames.room(room, worldFromCamera));
  }

  /** Poses on a circle about the table, a quarter of it apart. */
  private static SE3 around(double quarters) {
    double angle = quarters * Math.PI / 2;
    return SE3.lookAt(
        new double[] {1.5 * Math.cos(angle), 1.2 * Math.sin(angle), 1.6},
        new double[] {-1.5 * Math.cos(angle), -1.2 * Math.sin(angle), 0.7},
        new double[] {0, 0, 1});
  }
}
