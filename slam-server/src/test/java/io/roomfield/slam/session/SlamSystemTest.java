package io.roomfield.slam.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomfield.geometry.SE3;
import io.roomfield.slam.SmallRoom;
import io.roomfield.slam.compute.ComputeBackend;
import io.roomfield.slam.config.AlignmentConfig;
import io.roomfield.slam.config.MappingConfig;
import io.roomfield.slam.config.MappingConfig.WhenBehind;
import io.roomfield.slam.config.SlamConfig;
import io.roomfield.slam.config.SlamConfig.SyncMode;
import io.roomfield.slam.ingest.RgbdFrame;
import io.roomfield.slam.mapping.Keyframe;
import io.roomfield.slam.mapping.MappingResult;
import io.roomfield.slam.query.Trajectory;
import io.roomfield.slam.tracking.TrackingResult;
import io.roomfield.slam.tracking.TrackingStatus;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The whole engine on a walk of a few frames. */
@Timeout(120) // a deadlock fails instead of hanging the build
class SlamSystemTest {
  /** Every second frame of the walk: steps of some 2 cm and a degree. */
  private static final int STRIDE = 2;

  private static final int FRAMES = 6;

  private static ComputeBackend backend;

  private final List<MappingResult> rounds = new CopyOnWriteArrayList<>();

  @BeforeAll
  static void open() {
    backend = SmallRoom.backend();
  }

  @AfterAll
  static void close() {
    backend.close();
  }

  @Test
  void strictRunsAreBitIdenticalAndFollowTheWalk() throws InterruptedException {
    Trajectory first = run(SmallRoom.config(SyncMode.STRICT));
    assertFollowsTheWalk(first);
    assertBitIdentical(run(SmallRoom.config(SyncMode.STRICT)), first);
  }

  @Test
  void strictRunsWithAFrontEndAreBitIdenticalAndFollowTheWalk() throws InterruptedException {
    Trajectory first = run(withFrontEnd(SyncMode.STRICT));
    // The map has the last word: the bound is what its rendering alone is held to.
    assertFollowsTheWalk(first);
    assertBitIdentical(run(withFrontEnd(SyncMode.STRICT)), first);
  }

  private static SlamConfig withFrontEnd(SyncMode sync) {
    return withFrontEnd(sync, SmallRoom.mapping(WhenBehind.WAIT));
  }

  private static SlamConfig withFrontEnd(SyncMode sync, MappingConfig mapping) {
    SlamConfig c = SmallRoom.config(sync);
    return new SlamConfig(
        c.name(),
        c.sync(),
        c.seed(),
        c.grid(),
        c.rendering(),
        new AlignmentConfig(2, 0.03, 0.15, 10, false),
        c.tracking(),
        mapping);
  }

  /** The mapper stands still after the first round, and every frame is tracked all the same. */
  @Test
  void aLiveSessionDoesNotWaitForItsMapper() throws InterruptedException {
    CountDownLatch release = new CountDownLatch(1);
    try (SlamSystem system =
        new SlamSystem(
            withFrontEnd(SyncMode.FREE, SmallRoom.mapping(WhenBehind.SKIP)),
            SmallRoom.CAMERA,
            SmallRoom.pose(0),
            backend,
            round -> hold(round, release))) {
      for (int i = 0; i < FRAMES; i++) {
        system.othersWait(i == FRAMES - 1);
        system.processFrame(SmallRoom.frame(STRIDE * i));
      }
      assertThat(rounds.size()).isLessThanOrEqualTo(2);
      assertThat(system.mappingShare()).as("a frame waited").isEqualTo(0.8);
      release.countDown();
      system.finish();
      assertFollowsTheWalk(system.trajectory());
    }
  }

  /**
   * The mapper stands still after the first round, and any motion makes a keyframe: so many rounds
   * wait, no more, and when it goes on they have no iterations until few are left.
   */
  @Test
  @Timeout(300) // renders 48 views; more than a minute where other builds share the processors
  void roundsOfKeyframesDoNotPileUp() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    SlamConfig c = withFrontEnd(SyncMode.FREE, SmallRoom.mapping(WhenBehind.SKIP));
    SlamConfig atAnyMotion =
        new SlamConfig(
            c.name(),
            c.sync(),
            c.seed(),
            c.grid(),
            c.rendering(),
            new AlignmentConfig(2, 0.03, 1e-6, 1e-3, false),
            c.tracking(),
            c.mapping());
    try (SlamSystem system =
        new SlamSystem(
            atAnyMotion, SmallRoom.CAMERA, SmallRoom.pose(0), backend, r -> hold(r, release))) {
      int frames = 3 * SlamSystem.MOST_ROUNDS / 2;
      FutureTask<Void> camera =
          new FutureTask<>(
              () -> {
                for (int i = 0; i < frames; i++) {
                  system.processFrame(SmallRoom.frame(i, between(0, 4, (double) i / frames)));
                }
                return null;
              });
      Thread thread = Thread.ofPlatform().start(camera);
      // One has ended, one is held, and so many may be unfinished when a frame is tracked.
      int most = SlamSystem.MOST_ROUNDS + 2;
      while (thread.isAlive()
          && (system.keyframes().size() < most || thread.getState() != Thread.State.WAITING)) {
        Thread.onSpinWait();
      }
      assertThat(system.keyframes().size()).isEqualTo(most);
      release.countDown();
      camera.get();
      system.finish();
      assertThat(system.trajectory().poses()).hasSize(frames);
      long shortened = rounds.stream().filter(round -> Double.isNaN(round.depthLoss())).count();
      assertThat(shortened)
          .isGreaterThanOrEqualTo(SlamSystem.MOST_ROUNDS - SlamSystem.WHOLE_ROUNDS)
          .isEqualTo(system.shed().get(LoadShedding.KEYFRAME_ITERATIONS));
    }
  }

  private static SE3 between(int one, int other, double fraction) {
    return SmallRoom.pose(one).interpolate(SmallRoom.pose(other), fraction);
  }

  private void hold(MappingResult round, CountDownLatch release) {
    rounds.add(round);
    if (rounds.size() > 1) {
      try {
        release.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt(); // the session was closed
      }
    }
  }

  /** Of two runs, whose rounds were noted one after the other. */
  private void assertBitIdentical(Trajectory second, Trajectory first) {
    for (int i = 0; i < FRAMES; i++) {
      TrackingResult expected = first.poses().get(i);
      TrackingResult actual = second.poses().get(i);
      assertThat(actual.worldFromCamera()).isEqualTo(expected.worldFromCamera());
      assertThat(actual.covariance()).isEqualTo(expected.covariance());
      assertThat(actual.depthLoss()).isEqualTo(expected.depthLoss());
    }
    List<Double> losses = rounds.stream().map(MappingResult::depthLoss).toList();
    assertThat(losses.subList(losses.size() / 2, losses.size()))
        .isEqualTo(losses.subList(0, losses.size() / 2));
  }

  @Test
  void freeRunsTrackEveryFrameAndFinish() throws InterruptedException {
    assertFollowsTheWalk(run(SmallRoom.config(SyncMode.FREE)));
    assertThat(rounds).extracting(MappingResult::sequenceNumber).doesNotHaveDuplicates();
  }

  private Trajectory run(SlamConfig config) throws InterruptedException {
    try (SlamSystem system = system(config)) {
      for (int i = 0; i < FRAMES; i++) {
        TrackingResult result = system.processFrame(SmallRoom.frame(STRIDE * i));
        assertThat(result.status()).as("frame %d", i).isNotEqualTo(TrackingStatus.LOST);
      }
      system.finish();
      return system.trajectory();
    }
  }

  private static void assertFollowsTheWalk(Trajectory trajectory) {
    // Some 2 cm: images of 96x72 pixels, voxels of 16 cm, a tenth of the preset's cost. Standing
    // still would be 6 cm off.
    assertThat(absoluteError(trajectory)).as("absolute trajectory error, m").isLessThan(0.035);
    double squaredWalk = 0;
    for (int i = 0; i < FRAMES; i++) {
      squaredWalk += squaredDistance(SmallRoom.pose(STRIDE * i), SmallRoom.pose(0));
    }
    assertThat(Math.sqrt(squaredWalk / FRAMES)).as("standing still, m").isGreaterThan(0.06);
  }

  /** Root mean square distance from the true positions, metres. */
  private static double absoluteError(Trajectory trajectory) {
    assertThat(trajectory.poses()).hasSize(FRAMES);
    double squaredError = 0;
    for (int i = 0; i < FRAMES; i++) {
      TrackingResult result = trajectory.poses().get(i);
      assertThat(result.sequenceNumber()).isEqualTo((long) STRIDE * i);
      squaredError += squaredDistance(SmallRoom.pose(STRIDE * i), result.worldFromCamera());
    }
    return Math.sqrt(squaredError / FRAMES);
  }

  private static double squaredDistance(SE3 a, SE3 b) {
    return Math.pow(a.inverse().times(b).translationNorm(), 2);
  }

  @Test
  void aLostFrameDoesNotTouchTheMapButTheMapIsRefinedAllTheSame() throws InterruptedException {
    try (SlamSystem system = system(SyncMode.STRICT)) {
      assertThat(system.map()).isEmpty();
      assertThat(system.processFrame(SmallRoom.frame(0)).worldFromCamera())
          .isEqualTo(SmallRoom.pose(0));
      assertThat(system.map().orElseThrow().version()).isEqualTo(1);
      system.processFrame(SmallRoom.frame(1));
      // The third frame would be mapped.
      TrackingResult lost = system.processFrame(SmallRoom.unrelated(2));
      assertThat(lost.status()).isEqualTo(TrackingStatus.LOST);
      system.processFrame(SmallRoom.frame(3));
      assertThat(system.map().orElseThrow().version()).isEqualTo(1);
      system.processFrame(SmallRoom.unrelated(4));
      system.finish();
      assertThat(keyframes(system)).as("a lost frame is no keyframe").containsExactly(0L);
      assertThat(system.map().orElseThrow().version()).as("refined").isEqualTo(2);
      assertThat(system.trajectory().poses()).hasSize(5);
    }
  }

  @Test
  void aFrontEndTellsWhatItHasNotSeenAndFindsItsPlaceAgain() throws InterruptedException {
    try (SlamSystem system = system(withFrontEnd(SyncMode.STRICT))) {
      system.processFrame(SmallRoom.frame(0));
      for (int covered = 1; covered < 4; covered++) {
        TrackingResult lost = system.processFrame(SmallRoom.unrelated(covered));
        assertThat(lost.status()).isEqualTo(TrackingStatus.LOST);
        assertThat(lost.statusReason()).isEqualTo("no keyframe has seen what the frame shows");
      }
      assertThat(system.map().orElseThrow().version()).as("untouched").isEqualTo(1);
      // 4 cm and 2 degrees on.
      TrackingResult found = system.processFrame(SmallRoom.frame(4));
      assertThat(found.status()).as(found.statusReason()).isNotEqualTo(TrackingStatus.LOST);
      SE3 error = SmallRoom.pose(4).inverse().times(found.worldFromCamera());
      // As far as rendering this coarse map may draw a pose from where it was aligned.
      assertThat(error.translationNorm()).isLessThan(0.035);
    }
  }

  @Test
  void finishingMakesTheLastFrameAKeyframe() throws InterruptedException {
    try (SlamSystem system = system(SyncMode.FREE)) {
      system.processFrame(SmallRoom.frame(0));
      system.processFrame(SmallRoom.frame(1));
      assertThat(keyframes(system)).containsExactly(0L);
      system.finish();
      assertThat(keyframes(system)).containsExactly(0L, 1L);
      RgbdFrame kept = system.keyframes().newest().orElseThrow().frame();
      assertThat(kept).isSameAs(SmallRoom.frame(1));
      assertThat(system.map().orElseThrow().version()).as("two rounds, then refined").isEqualTo(3);
    }
  }

  @Test
  void finishingWithoutAFrame() throws InterruptedException {
    try (SlamSystem system = system(SyncMode.FREE)) {
      system.finish();
      assertThat(system.map()).isEmpty();
      assertThat(system.trajectory().poses()).isEmpty();
    }
  }

  private static List<Long> keyframes(SlamSystem system) {
    return system.keyframes().all().stream()
        .map(Keyframe::frame)
        .map(RgbdFrame::sequenceNumber)
        .toList();
  }

  private SlamSystem system(SyncMode sync) {
    return system(SmallRoom.config(sync));
  }

  private SlamSystem system(SlamConfig config) {
    return new SlamSystem(config, SmallRoom.CAMERA, SmallRoom.pose(0), backend, rounds::add);
  }
}
