package io.roomfield.slam.client.eval;

import static io.roomfield.slam.v1.TrackingStatus.TRACKING_STATUS_LOST;
import static io.roomfield.slam.v1.TrackingStatus.TRACKING_STATUS_TRACKING;
import static io.roomfield.slam.v1.TrackingStatus.TRACKING_STATUS_UNCERTAIN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.roomfield.datasets.Disturbance.Kind;
import io.roomfield.datasets.DisturbedDataset;
import io.roomfield.datasets.Interval;
import io.roomfield.datasets.RgbdDataset;
import io.roomfield.datasets.RgbdEntry;
import io.roomfield.geometry.PinholeCamera;
import io.roomfield.geometry.SE3;
import io.roomfield.slam.client.PoseEstimate;
import io.roomfield.slam.client.eval.DisturbedTracking.Outcome;
import io.roomfield.slam.client.eval.DisturbedTracking.Statuses;
import io.roomfield.slam.v1.ColourImage;
import io.roomfield.slam.v1.DepthImage;
import io.roomfield.slam.v1.TrackingStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class DisturbedTrackingTest {
  private static final int FRAMES = 200;
  private static final SE3 TRUTH_FROM_SESSION = SE3.fromRotationVector(0.3, -0.2, 1.1, 2, -1, 0.5);

  /** By frame; what the server says, as long as a test changes nothing, is right. */
  private final Map<Integer, PoseEstimate> answers = new TreeMap<>();

  DisturbedTrackingTest() {
    for (int i = 0; i < FRAMES; i++) {
      answer(i, TRACKING_STATUS_TRACKING, SE3.IDENTITY);
    }
  }

  @Test
  void rightPosesInAnotherWorldAreRight() {
    DisturbedTracking tracking = judge(new Interval(Kind.BLUR, 50, 60));
    assertThat(tracking.falseTracking()).isZero();
    assertThat(tracking.kinds())
        .containsOnlyKeys("blur")
        .containsValue(new Outcome(1, new Statuses(10, 0, 0, 0), new Statuses(30, 0, 0, 0), 1));
  }

  @Test
  void statusesAreCountedPerKindOverAllItsPlaces() {
    for (int i = 50; i < 60; i++) {
      answer(i, TRACKING_STATUS_LOST, SE3.IDENTITY);
    }
    answers.remove(61);
    answer(62, TRACKING_STATUS_UNCERTAIN, SE3.IDENTITY);
    answers.remove(105);
    answer(140, TRACKING_STATUS_LOST, SE3.IDENTITY); // after the 30 frames
    DisturbedTracking tracking =
        judge(
            new Interval(Kind.BLACKOUT, 50, 60),
            new Interval(Kind.BLACKOUT, 100, 110),
            new Interval(Kind.KIDNAP, 160, 160));
    assertThat(tracking.kinds())
        .containsEntry(
            "blackout", new Outcome(2, new Statuses(9, 0, 10, 1), new Statuses(58, 1, 0, 1), 2))
        .containsEntry(
            "kidnap", new Outcome(1, new Statuses(0, 0, 0, 0), new Statuses(30, 0, 0, 0), 1));
  }

  @Test
  void trackingAtAWrongPoseIsFalseWhereverItIs() {
    wrongFrom(60, shift(0.11), 100);
    assertThat(judge(new Interval(Kind.GAP, 50, 60)).falseTracking()).isEqualTo(40);
    wrongFrom(60, SE3.fromRotationVector(0, Math.toRadians(5.1), 0, 0, 0, 0), 100);
    assertThat(judge(new Interval(Kind.GAP, 50, 60)).falseTracking()).isEqualTo(40);
    wrongFrom(60, shift(0.09), 100);
    assertThat(judge(new Interval(Kind.GAP, 50, 60)).falseTracking()).isZero();
    for (int i = 60; i < 100; i++) {
      answer(i, TRACKING_STATUS_UNCERTAIN, shift(1));
    }
    assertThat(judge(new Interval(Kind.GAP, 50, 60)).falseTracking()).isZero();
  }

  @Test
  void aTrajectoryThatComesBackWrongDoesNotPullTheAlignment() {
    wrongFrom(60, shift(3), FRAMES);
    DisturbedTracking tracking = judge(new Interval(Kind.KIDNAP, 60, 60));
    assertThat(tracking.falseTracking()).isEqualTo(FRAMES - 60);
    assertThat(tracking.kinds().get("kidnap").recoveries()).isZero();
  }

  @Test
  void slowDriftIsNotFalse() {
    // 14 cm in all, 9 cm a lap.
    for (int i = 0; i < FRAMES; i++) {
      answer(i, TRACKING_STATUS_TRACKING, shift(0.0007 * i));
    }
    DisturbedTracking tracking = judge(new Interval(Kind.GAP, 90, 100));
    assertThat(tracking.falseTracking()).isZero();
    assertThat(tracking.kinds().get("gap").recoveries()).isEqualTo(1);
  }

  @Test
  void recoveryNeedsARightPoseWithStatusTrackingInTime() {
    Interval blackout = new Interval(Kind.BLACKOUT, 50, 60);
    wrongFrom(60, shift(0.06), 90); // not false, but not right either
    assertThat(judge(blackout).kinds().get("blackout").recoveries()).as("late").isZero();
    answer(89, TRACKING_STATUS_UNCERTAIN, SE3.IDENTITY);
    assertThat(judge(blackout).kinds().get("blackout").recoveries()).as("uncertain").isZero();
    answer(89, TRACKING_STATUS_TRACKING, shift(0.04));
    assertThat(judge(blackout).kinds().get("blackout").recoveries()).isEqualTo(1);
  }

  @Test
  void withoutATruePoseBeforeTheFirstDisturbanceNothingIsJudged() {
    for (int i = 0; i < 50; i++) {
      answers.remove(i);
    }
    assertThatThrownBy(() -> judge(new Interval(Kind.GAP, 50, 60)))
        .hasMessage(
            "no frame before frame 50, in the first disturbance, was tracked and has a true pose"
                + " (expected: at least one)");
  }

  private DisturbedTracking judge(Interval... intervals) {
    List<RgbdEntry> frames = new ArrayList<>();
    for (int i = 0; i < FRAMES; i++) {
      frames.add(
          new RgbdEntry(
              i,
              i,
              ColourImage::getDefaultInstance,
              DepthImage::getDefaultInstance,
              Optional.of(truth(i))));
    }
    RgbdDataset dataset =
        new RgbdDataset(
            "walk", new PinholeCamera(32, 24, 30, 30, 15, 11), 1000, frames, Optional.empty());
    return DisturbedTracking.of(
        new DisturbedDataset(dataset, dataset, List.of(intervals)), List.copyOf(answers.values()));
  }

  private void wrongFrom(int first, SE3 offset, int last) {
    for (int i = first; i < last; i++) {
      answer(i, TRACKING_STATUS_TRACKING, offset);
    }
  }

  /** The true pose in the session's world, off by an offset in the camera's axes. */
  private void answer(int frame, TrackingStatus status, SE3 offset) {
    answers.put(
        frame,
        new PoseEstimate(
            frame,
            frame,
            TRUTH_FROM_SESSION.inverse().times(truth(frame)).times(offset),
            TRUTH_FROM_SESSION.inverse().times(truth(frame)).times(offset),
            SE3.IDENTITY,
            status,
            "",
            0,
            0));
  }

  private static SE3 shift(double metres) {
    return new SE3(1, 0, 0, 0, 1, 0, 0, 0, 1, metres, 0, 0);
  }

  private static SE3 truth(int frame) {
    double t = frame / 20.0;
    return SE3.fromRotationVector(0, 0.5 * Math.sin(t), 0, Math.cos(t), Math.sin(t), 0.02 * t);
  }
}
