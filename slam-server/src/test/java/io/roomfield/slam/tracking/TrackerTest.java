package io.roomfield.slam.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomfield.geometry.SE3;
import io.roomfield.slam.SmallRoom;
import io.roomfield.slam.compute.ComputeBackend;
import io.roomfield.slam.config.AlignmentConfig;
import io.roomfield.slam.field.SceneField;
import io.roomfield.slam.ingest.RgbdFrame;
import io.roomfield.slam.mapping.KeyframeStore;
import io.roomfield.slam.mapping.Mapper;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class TrackerTest {
  private static ComputeBackend backend;
  private static SceneField map;

  private final SE3 truth = SmallRoom.pose(0);

  /** 3 cm and a degree from the truth. */
  private final SE3 displaced = truth.perturbed(0.02, -0.015, 0.015, 0.01, -0.01, 0.01);

  /** The walk's start, turned about: it sees the walls behind. */
  private static final SE3 AWAY =
      SmallRoom.pose(0).times(SE3.fromRotationVector(0, Math.PI, 0, 0, 0, 0));

  @BeforeAll
  static void mapOneFrame() {
    backend = SmallRoom.backend();
    Mapper mapper = SmallRoom.mapper(SmallRoom.mapping(200, 1), backend);
    mapper.map(mapper.keyframes().add(SmallRoom.frame(0), SmallRoom.pose(0)), SmallRoom.pose(0));
    map = mapper.map().orElseThrow().field();
  }

  @AfterAll
  static void close() {
    backend.close();
  }

  @Test
  void endsNearerTheTruthThanItStarted() {
    Tracker tracker = tracker(displaced);
    TrackingResult result = tracker.track(SmallRoom.frame(0), map);
    SE3 before = truth.inverse().times(displaced);
    SE3 after = truth.inverse().times(result.worldFromCamera());
    // Voxels of 16 cm learned from 96x72 pixels place a camera to some 8 mm and a third of a
    // degree.
    assertThat(after.translationNorm()).isLessThan(0.6 * before.translationNorm());
    assertThat(after.rotationAngle()).isLessThan(0.6 * before.rotationAngle());
    assertThat(result.status()).as(result.statusReason()).isEqualTo(TrackingStatus.TRACKING);
    assertThat(result.statusReason()).isEmpty();
    assertThat(result.depthLoss()).isBetween(0.0, 0.1);
    assertThat(result.sequenceNumber()).isZero();
  }

  @Test
  void aTrackedPoseHasASymmetricPositiveCovariance() {
    TrackingResult result = tracker(displaced).track(SmallRoom.frame(0), map);
    SimpleMatrix covariance = new SimpleMatrix(6, 6, true, result.covariance());
    // An inverse in double precision; the normal matrix's condition number is some 1e4.
    double rounding = 1e-10 * covariance.elementMaxAbs();
    assertThat(covariance.getDDRM().getData())
        .containsExactly(covariance.transpose().getDDRM().getData(), Offset.offset(rounding));
    covariance.eig().getEigenvalues().forEach(value -> assertThat(value.getReal()).isPositive());
    assertThat(result.positionStddev()).isPositive().isLessThan(0.05);
  }

  @Test
  void aFrameOfUnrelatedDepthIsLostWhereTheMotionModelPutsIt() {
    Tracker tracker = tracker(truth);
    SE3 next = truth.perturbed(0.01, 0, 0, 0, 0.003, 0);
    tracker.first(SmallRoom.frame(0), next);
    TrackingResult lost = tracker.track(SmallRoom.unrelated(1), map);
    assertThat(lost.status()).isEqualTo(TrackingStatus.LOST);
    assertThat(lost.statusReason()).contains("of the pixels (expected: at least 50 %)");
    // The first frame stands still: the motion model repeats its pose, up to rounding.
    assertThat(lost.worldFromCamera().matrix())
        .containsExactly(next.matrix(), Offset.offset(1e-12));
  }

  @Test
  void findsItsWayBackAfterALostFrame() {
    Tracker tracker = tracker(displaced);
    tracker.track(SmallRoom.unrelated(0), map);
    TrackingResult found = tracker.track(SmallRoom.frame(0), map);
    assertThat(found.status()).as(found.statusReason()).isEqualTo(TrackingStatus.TRACKING);
  }

  @Test
  void theSameSeedTracksTheSamePose() {
    assertThat(tracker(displaced).track(SmallRoom.frame(0), map).worldFromCamera())
        .isEqualTo(tracker(displaced).track(SmallRoom.frame(0), map).worldFromCamera());
  }

  /** A live camera is tracked while its first frame is being mapped. */
  @Test
  void withAFrontEndNoMapIsNeeded() {
    TrackingResult result = withFrontEnd(displaced).track(SmallRoom.frame(0), null);
    assertThat(result.status()).as(result.statusReason()).isEqualTo(TrackingStatus.TRACKING);
    assertThat(truth.inverse().times(result.worldFromCamera()).translationNorm())
        .isLessThan(0.6 * truth.inverse().times(displaced).translationNorm());
    assertThat(result.depthLoss()).isNaN();
  }

  @Test
  void withAFrontEndKeyframesJudgeThePose() {
    TrackingResult result = withFrontEnd(displaced).track(SmallRoom.frame(0), map);
    assertThat(result.status()).as(result.statusReason()).isEqualTo(TrackingStatus.TRACKING);
    SE3 after = truth.inverse().times(result.worldFromCamera());
    // As without: the map has the last word.
    assertThat(after.translationNorm())
        .isLessThan(0.6 * truth.inverse().times(displaced).translationNorm());
    assertThat(result.positionStddev()).isPositive();
  }

  @Test
  void withAFrontEndAFrameThatCannotBeAlignedIsLost() {
    Tracker tracker = withFrontEnd(truth);
    TrackingResult nothing = tracker.track(withoutReadings(), map);
    assertLost(nothing, "no depth reading can be relied on");
    assertLost(
        tracker.track(SmallRoom.unrelated(2), map), "no keyframe has seen what the frame shows");
    TrackingResult found = tracker.track(SmallRoom.frame(0), map);
    assertThat(found.status()).as(found.statusReason()).isEqualTo(TrackingStatus.TRACKING);
  }

  /**
   * Keyframes alone are believed while the camera is tracked, and the map is asked once it is not.
   */
  @Test
  void aLostCameraIsOnlyFoundWhereTheMapAgrees() {
    Mapper elsewhere = SmallRoom.mapper(SmallRoom.mapping(1, 1), backend);
    elsewhere.map(SmallRoom.unrelated(0), truth);
    SceneField other = elsewhere.map().orElseThrow().field();
    Tracker tracker = withFrontEnd(truth);
    assertThat(tracker.track(SmallRoom.frame(0), other).status()).isNotEqualTo(TrackingStatus.LOST);
    tracker.track(withoutReadings(), other);
    TrackingResult unsure = tracker.track(SmallRoom.frame(0), other);
    assertThat(unsure.status()).isEqualTo(TrackingStatus.LOST);
    assertThat(unsure.statusReason()).startsWith("the camera was lost and is not surely found: ");
    assertThat(tracker.track(SmallRoom.frame(0), map).status()).isNotEqualTo(TrackingStatus.LOST);
  }

  private static RgbdFrame withoutReadings() {
    RgbdFrame frame = SmallRoom.frame(1);
    return new RgbdFrame(
        1,
        frame.timestampNanos(),
        frame.width(),
        frame.height(),
        new float[frame.depthMetres().length],
        frame.rgb(),
        frame.encoded());
  }

  private void assertLost(TrackingResult result, String reason) {
    assertThat(result.status()).isEqualTo(TrackingStatus.LOST);
    assertThat(result.statusReason()).isEqualTo(reason);
    // Where the motion model puts it, up to rounding: it has not moved.
    assertThat(result.worldFromCamera().matrix())
        .containsExactly(truth.matrix(), Offset.offset(1e-12));
    assertThat(result.covariance()).containsOnly(Double.NaN);
  }

  @Test
  void relocalisesFromTheFirstProposalThatCanBeReliedOn() {
    Tracker tracker = withFrontEnd(AWAY);
    assertThat(tracker.relocalise(SmallRoom.frame(0), map, List.of())).isEmpty();
    assertThat(tracker.relocalise(SmallRoom.frame(0), map, tries(AWAY))).isEmpty();
    assertThat(tracker.track(SmallRoom.unrelated(0), map).worldFromCamera().matrix())
        .as("nothing has changed")
        .containsExactly(AWAY.matrix(), Offset.offset(1e-12)); // rounding
    TrackingResult found =
        tracker.relocalise(SmallRoom.frame(0), map, tries(AWAY, displaced)).orElseThrow();
    assertThat(found.status()).isEqualTo(TrackingStatus.TRACKING);
    assertThat(truth.inverse().times(found.worldFromCamera()).translationNorm())
        .isLessThan(0.6 * truth.inverse().times(displaced).translationNorm());
    assertThat(tracker.track(SmallRoom.unrelated(0), map).worldFromCamera().matrix())
        .as("the camera is expected there, standing still")
        .containsExactly(found.worldFromCamera().matrix(), Offset.offset(1e-12)); // rounding
  }

  /** Seen from space that was never mapped, a place that was recognised is found all the same. */
  @Test
  void whereTheMapSaysNothingFeaturesAndKeyframesMustAgree() {
    Tracker tracker = withFrontEnd(AWAY);
    RgbdFrame frame = SmallRoom.frame(0);
    SceneField nothing = null;
    assertThat(tracker.relocalise(frame, nothing, tries(displaced))).isEmpty();
    // Keyframes put it 6 cm from where features do: more than either errs.
    SE3 wrong = truth.perturbed(0.06, 0, 0, 0, 0, 0);
    assertThat(tracker.relocalise(frame, nothing, List.of(new PlaceHypothesis(wrong, true))))
        .isEmpty();
    assertThat(tracker.relocalise(frame, nothing, List.of(new PlaceHypothesis(AWAY, true))))
        .isEmpty();
    TrackingResult found =
        tracker
            .relocalise(frame, nothing, List.of(new PlaceHypothesis(displaced, true)))
            .orElseThrow();
    assertThat(found.status()).isEqualTo(TrackingStatus.TRACKING);
    assertThat(truth.inverse().times(found.worldFromCamera()).translationNorm())
        .isLessThan(0.6 * truth.inverse().times(displaced).translationNorm());
  }

  private static List<PlaceHypothesis> tries(SE3... poses) {
    return Stream.of(poses).map(pose -> new PlaceHypothesis(pose, false)).toList();
  }

  /** With the mapped frame as its only keyframe. */
  private static Tracker withFrontEnd(SE3 initial) {
    KeyframeStore keyframes = new KeyframeStore();
    keyframes.add(SmallRoom.frame(0), SmallRoom.pose(0));
    FrontEnd frontEnd =
        new FrontEnd(new AlignmentConfig(2, 0.03, 0.15, 10, false), SmallRoom.CAMERA, keyframes);
    return tracker(initial, Optional.of(frontEnd));
  }

  private static Tracker tracker(SE3 initial) {
    return tracker(initial, Optional.empty());
  }

  private static Tracker tracker(SE3 initial, Optional<FrontEnd> frontEnd) {
    return new Tracker(
        SmallRoom.TRACKING,
        SmallRoom.SETTINGS,
        SmallRoom.CAMERA,
        backend,
        frontEnd,
        initial,
        SmallRoom.SEED);
  }
}
