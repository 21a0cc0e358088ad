package io.roomfield.slam.client.eval;

import static io.roomfield.slam.v1.TrackingStatus.TRACKING_STATUS_LOST;
import static io.roomfield.slam.v1.TrackingStatus.TRACKING_STATUS_TRACKING;
import static io.roomfield.slam.v1.TrackingStatus.TRACKING_STATUS_UNCERTAIN;
import static org.assertj.core.api.Assertions.assertThat;

import io.roomfield.datasets.RgbdDataset;
import io.roomfield.datasets.RgbdEntry;
import io.roomfield.geometry.PinholeCamera;
import io.roomfield.geometry.SE3;
import io.roomfield.slam.client.PoseEstimate;
import io.roomfield.slam.client.eval.Relocalisation.Outcome;
import io.roomfield.slam.client.eval.Relocalisation.Place;
import io.roomfield.slam.client.eval.Relocalisation.Trial;
import io.roomfield.slam.v1.ColourImage;
import io.roomfield.slam.v1.DepthImage;
import io.roomfield.slam.v1.TrackingStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RelocalisationTest {
  private static final int FIRST = 40;
  private static final SE3 MAP_FROM_TRUTH = SE3.fromRotationVector(0.3, -0.2, 1.1, 2, -1, 0.5);

  private final Anchors anchors = new Anchors();
  private final List<PoseEstimate> answers = new ArrayList<>();

  RelocalisationTest() {
    for (int frame = 0; frame < FIRST; frame++) {
      anchors.add(MAP_FROM_TRUTH.times(truth(frame)), truth(frame));
    }
  }

  @Test
  void aCameraIsFoundWhereItIsCertainAndRight() {
    answer(TRACKING_STATUS_LOST, 0);
    answer(TRACKING_STATUS_UNCERTAIN, 0);
    answer(TRACKING_STATUS_TRACKING, 0.06); // neither right nor wrong
    answer(TRACKING_STATUS_TRACKING, 0.04);
    answer(TRACKING_STATUS_TRACKING, 0);
    assertThat(trial()).isEqualTo(new Trial(FIRST, Place.MAPPED_PLACE, 0.5, 3, 3, 0));
  }

  @Test
  void certainAndWrongIsFalse() {
    answer(TRACKING_STATUS_LOST, 1);
    answer(TRACKING_STATUS_UNCERTAIN, 1);
    answer(TRACKING_STATUS_TRACKING, 0.11);
    answer(TRACKING_STATUS_TRACKING, 0.11);
    assertThat(trial()).isEqualTo(new Trial(FIRST, Place.MAPPED_PLACE, 0.5, null, 2, 2));
  }

  @Test
  void trialsAreCountedByPlace() {
    Relocalisation counted =
        Relocalisation.of(
            "walk",
            FIRST,
            List.of(
                new Trial(50, Place.MAPPED_PLACE, 0.5, 3, 3, 0),
                new Trial(60, Place.ELSEWHERE, 0.1, null, 2, 2),
                new Trial(70, Place.MAPPED_PLACE, 0.9, null, 0, 0)));
    assertThat(counted.places())
        .containsOnlyKeys(Place.MAPPED_PLACE, Place.ELSEWHERE)
        .containsEntry(Place.MAPPED_PLACE, new Outcome(2, 1, 0))
        .containsEntry(Place.ELSEWHERE, new Outcome(1, 0, 2));
  }

  @Test
  void aPlaceIsMappedWhereAServerCanBeCertain() {
    assertThat(Place.of(true, 1)).isEqualTo(Place.MAPPED_FRAME);
    assertThat(Place.of(false, 0.4)).isEqualTo(Place.MAPPED_PLACE);
    assertThat(Place.of(false, 0.39)).isEqualTo(Place.ELSEWHERE);
  }

  private Trial trial() {
    List<RgbdEntry> frames = new ArrayList<>();
    for (PoseEstimate answer : answers) {
      int frame = (int) answer.sequenceNumber();
      frames.add(
          new RgbdEntry(
              frame,
              frame,
              ColourImage::getDefaultInstance,
              DepthImage::getDefaultInstance,
              Optional.of(truth(frame))));
    }
    RgbdDataset shown =
        new RgbdDataset(
            "walk", new PinholeCamera(32, 24, 30, 30, 15, 11), 1000, frames, Optional.empty());
    return Trial.of(shown, Place.MAPPED_PLACE, 0.5, answers, anchors);
  }

  /** Of the next frame, off by so many metres. */
  private void answer(TrackingStatus status, double metres) {
    int frame = FIRST + answers.size();
    SE3 off = new SE3(1, 0, 0, 0, 1, 0, 0, 0, 1, metres, 0, 0);
    SE3 pose = MAP_FROM_TRUTH.times(truth(frame)).times(off);
    answers.add(new PoseEstimate(frame, frame, pose, pose, SE3.IDENTITY, status, "", 0, 0));
  }

  private static SE3 truth(int frame) {
    double t = frame / 20.0;
    return SE3.fromRotationVector(0, 0.5 * Math.sin(t), 0, Math.cos(t), Math.sin(t), 0.02 * t);
  }
}
