package io.roomfield.slam.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomfield.geometry.SE3;
import io.roomfield.slam.config.AlignmentConfig;
import io.roomfield.slam.mapping.Keyframe;
import io.roomfield.slam.mapping.KeyframeStore;
import io.roomfield.slam.mapping.StoredKeyframes;
import io.roomfield.slam.posegraph.PoseMove;
import io.roomfield.slam.tracking.FrontEnd;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A camera walks once around the table of a furnished room, a keyframe every ten degrees. */
class LoopCloserTest {
  private static final int STEP_DEGREES = 10;
  private static final int LAP = 360 / STEP_DEGREES;

  /** From this keyframe on poses are wrong, and that shows when this many are there. */
  private static final int WRONG_FROM = 10;

  private static final int WRONG_AT = 20;

  private final KeyframeStore keyframes = new KeyframeStore();
  private final FrontEnd frontEnd =
      new FrontEnd(new AlignmentConfig(2, 0.03, 0.15, 10, true), TableWalk.CAMERA, keyframes);
  private final LoopCloser loops =
      new LoopCloser(keyframes, frontEnd, new PlaceRecognition(TableWalk.CAMERA, keyframes));

  private static SE3 truth(int number) {
    return TableWalk.pose(STEP_DEGREES * number);
  }

  private void add(int number, SE3 worldFromCamera) {
    keyframes.add(TableWalk.frame(STEP_DEGREES * number), worldFromCamera);
  }

  private static SE3 shift(double metres) {
    return SE3.fromRotationVector(0, 0, 0, 0.6 * metres, 0.64 * metres, 0.48 * metres);
  }

  private boolean isOpenAfterLearning() {
    loops.learn();
    return loops.isOpen();
  }

  private double error(int number) {
    SE3 estimate = keyframes.all().get(number).worldFromCamera();
    return truth(number).inverse().times(estimate).translationNorm();
  }

  private void move(List<PoseMove> moves) {
    for (PoseMove move : moves) {
      StoredKeyframes.move(keyframes.all().get(move.id()), move.after());
    }
  }

  /** 8 cm are seen by overlap; half a metre by features alone. */
  @ParameterizedTest
  @ValueSource(doubles = {0.08, 0.5})
  void driftIsTakenBackWhenTheCameraComesBack(double metres) {
    SE3 drift = shift(metres);
    for (int i = 0; i < WRONG_AT; i++) {
      add(i, truth(i));
      assertThat(isOpenAfterLearning()).as("keyframe %d", i).isFalse();
    }
    for (Keyframe keyframe : keyframes.all().subList(WRONG_FROM, WRONG_AT)) {
      StoredKeyframes.move(keyframe, drift.times(keyframe.worldFromCamera()));
    }
    int next = WRONG_AT;
    boolean seen = false;
    while (!seen && next < LAP + 4) {
      add(next, drift.times(truth(next)));
      seen = isOpenAfterLearning();
      next++;
    }
    assertThat(seen).isTrue();
    assertThat(error(next - 1)).isGreaterThan(0.9 * metres);
    move(loops.optimise());
    for (int i = 0; i < next; i++) {
      // Alignments of such small images err by some 3 mm; the task is a centimetre.
      assertThat(error(i)).as("keyframe %d of %d", i, next).isLessThan(0.01);
    }
    assertThat(isOpenAfterLearning()).as("closed").isFalse();
  }

  @Test
  void aWalkWithoutDriftIsLeftAlone() {
    walk(0, LAP + 4);
  }

  /** Otherwise a camera that comes back would show no keyframe from which to close the loop. */
  @Test
  void oldKeyframesAreDoubtedUntilTheNewestIsMeasuredAgainstThem() {
    walk(0, LAP / 2);
    assertThat(frontEnd.isNewView(truth(0))).as("half way").isTrue();
    assertThat(frontEnd.isNewView(truth(LAP / 2 - 1))).as("beside the newest").isFalse();
    walk(LAP / 2, LAP + 1);
    assertThat(frontEnd.isNewView(truth(2))).as("back").isFalse();
  }

  /** Two places look the same: what the camera sees at the end it saw at the beginning, too. */
  @Test
  void oneViewOfALoopIsNotBelieved() {
    add(0, truth(0));
    walk(12, 26);
    add(0, truth(26));
    assertThat(isOpenAfterLearning()).isFalse();
  }

  /** Two views are tried, and forgotten, as odometry would have to give way by metres. */
  @Test
  void aLoopThatOdometryContradictsIsForgotten() {
    add(0, truth(0));
    add(1, truth(1));
    walk(12, 26);
    add(0, truth(26));
    assertThat(isOpenAfterLearning()).isTrue();
    move(loops.optimise());
    List<Keyframe> all = keyframes.all();
    for (int i = 2; i < all.size(); i++) {
      SE3 error = truth(10 + i).inverse().times(all.get(i).worldFromCamera());
      // Ten edges of alignments of small images, each good to 3 mm.
      assertThat(error.translationNorm()).as("keyframe %d", i).isLessThan(0.01);
    }
  }

  private void walk(int from, int to) {
    for (int i = from; i < to; i++) {
      add(i, truth(i));
      assertThat(isOpenAfterLearning()).as("keyframe %d", i).isFalse();
    }
  }
}
