package io.roomfield.slam.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomfield.geometry.PinholeCamera;
import io.roomfield.geometry.SE3;
import io.roomfield.slam.SmallRoom;
import io.roomfield.slam.compute.ComputeBackend;
import io.roomfield.slam.config.AlignmentConfig;
import io.roomfield.slam.config.GridConfig;
import io.roomfield.slam.config.MappingConfig;
import io.roomfield.slam.config.SlamConfig;
import io.roomfield.slam.config.TrackingConfig;
import io.roomfield.slam.mapping.Keyframe;
import io.roomfield.slam.mapping.MapSnapshot;
import io.roomfield.slam.query.RenderedImage;
import io.roomfield.slam.query.Trajectory;
import io.roomfield.slam.query.ViewRenderer;
import io.roomfield.slam.tracking.TrackingResult;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The whole engine on a walk around a table. It believes a focal length that is wrong, so that the
 * camera seems to turn farther than it does: drift as calibration makes it.
 */
@Timeout(240) // a deadlock fails instead of hanging the build
class ClosedLoopTest {
  /** The walk's camera as the engine sees it: five percent too wide. */
  private static final PinholeCamera BELIEVED =
      new PinholeCamera(160, 120, 0.95 * 131, 0.95 * 131, 79.5, 59.5);

  /** A quarter of that camera: its pixel (u, v) is the camera's (4 u, 4 v). */
  private static final int STEP = 4;

  private static final PinholeCamera PROBE =
      new PinholeCamera(
          40, 30, BELIEVED.fx() / STEP, BELIEVED.fy() / STEP, 79.5 / STEP, 59.5 / STEP);

  private static final int STEP_DEGREES = 5;
  private static final int LAP = 360 / STEP_DEGREES;

  /** Keyframes at which the map is looked at: every so many. */
  private static final int PROBED = 3;

  private static final int FRAMES = LAP + 8;
  private static ComputeBackend backend;
  private static Run open;
  private static Run closed;

  @BeforeAll
  static void walk() throws InterruptedException {
    backend = SmallRoom.backend();
    open = Run.of(SlamConfig.SyncMode.STRICT, false);
    closed = Run.of(SlamConfig.SyncMode.STRICT, true);
  }

  @AfterAll
  static void close() {
    backend.close();
  }

  private static SlamConfig config(SlamConfig.SyncMode sync, boolean closeLoops) {
    return new SlamConfig(
        "table walk",
        sync,
        SmallRoom.SEED,
        new GridConfig("compact", 2, 0.16, 0.08, 25, false),
        SmallRoom.RENDERING,
        new AlignmentConfig(2, 0.03, 0.1, 7, closeLoops),
        new TrackingConfig(
            100,
            1,
            TrackingConfig.Optimiser.NATURAL_GRADIENT,
            0.001,
            1,
            4,
            0.5,
            10,
            4,
            1e-4,
            false),
        mapping());
  }

  private static MappingConfig mapping() {
    return new MappingConfig(
        LAP,
        1,
        MappingConfig.WhenBehind.WAIT,
        300,
        0,
        8,
        30,
        1,
        4,
        MappingConfig.KeyframeChoice.OVERLAPPING,
        1,
        true,
        0,
        0.4,
        0.05,
        0.01,
        0.01,
        0.005,
        0.001,
        true,
        0,
        5,
        0.2,
        0.05,
        0.5,
        0);
  }

  /** A session that has ended: the poses as they were told, and as they are now. */
  private record Run(
      List<TrackingResult> live, Trajectory trajectory, List<Keyframe> keyframes, MapSnapshot map) {
    static Run of(SlamConfig.SyncMode sync, boolean closeLoops) throws InterruptedException {
      try (SlamSystem system =
          new SlamSystem(config(sync, closeLoops), BELIEVED, TableWalk.pose(0), backend, _ -> {})) {
        List<TrackingResult> live = new ArrayList<>();
        for (int i = 0; i < FRAMES; i++) {
          live.add(system.processFrame(TableWalk.frame(STEP_DEGREES * i)));
        }
        system.finish();
        return new Run(
            live, system.trajectory(), system.keyframes().all(), system.map().orElseThrow());
      }
    }

    /** Mean distance from the true positions, metres. */
    double error() {
      return trajectory.poses().stream()
          .mapToDouble(
              pose ->
                  TableWalk.pose((int) pose.sequenceNumber())
                      .inverse()
                      .times(pose.worldFromCamera())
                      .translationNorm())
          .average()
          .orElseThrow();
    }

    /** How far the step across the closing of the loop is from the true one, metres. */
    double stepError(Function<TrackingResult, SE3> pose) {
      int at = closed();
      SE3 truth = step(TableWalk.pose(STEP_DEGREES * (at - 1)), TableWalk.pose(STEP_DEGREES * at));
      return step(truth, step(pose.apply(live.get(at - 1)), pose.apply(live.get(at))))
          .translationNorm();
    }

    /** The frame before which the loop was closed. */
    int closed() {
      for (int i = 0; i < FRAMES; i++) {
        if (!live.get(i).mapFromOdometry().equals(SE3.IDENTITY)) {
          return i;
        }
      }
      throw new AssertionError("no loop was closed");
    }
  }

  /** Mean difference of keyframes' depth from what a map renders where they are believed to be. */
  private static double depthError(MapSnapshot map, List<Keyframe> keyframes) {
    double sum = 0;
    int count = 0;
    for (int k = 0; k < keyframes.size(); k += PROBED) {
      Keyframe keyframe = keyframes.get(k);
      RenderedImage image =
          new ViewRenderer(backend).render(map, PROBE, keyframe.worldFromCamera(), 4f);
      for (int i = 0; i < image.depthMetres().length; i++) {
        int at = STEP * (i / PROBE.width()) * BELIEVED.width() + STEP * (i % PROBE.width());
        sum += Math.abs(image.depthMetres()[i] - keyframe.frame().depthMetres()[at]);
        count++;
      }
    }
    return sum / count;
  }

  @Test
  void withoutClosingLoopsNothingMoves() {
    assertThat(open.live).allMatch(pose -> pose.mapFromOdometry().equals(SE3.IDENTITY));
  }

  @Test
  void theWorldPoseJumpsAndOdometryDoesNot() {
    // Measured: 74 mm and 5 degrees taken back.
    assertThat(closed.stepError(TrackingResult::worldFromCamera)).isGreaterThan(0.05);
    // A step of 8 cm through a lens that is wrong by 5 %.
    assertThat(closed.stepError(TrackingResult::odometryFromCamera)).isLessThan(0.004);
  }

  @Test
  void theLapEndsWhereItBegan() {
    SE3 lap =
        step(closed.live.getFirst().worldFromCamera(), closed.live.get(LAP).worldFromCamera());
    assertThat(lap.translationNorm()).isLessThan(0.01);
  }

  /**
   * Not repeatable: keyframes come when the mapper gets to them, at most two of them late, so that
   * the loop closes before one frame or another. What is claimed holds for each.
   */
  @Test
  void aLoopIsClosedWhileTheMapperRunsFreely() throws InterruptedException {
    Run free = Run.of(SlamConfig.SyncMode.FREE, true);
    assertThat(free.stepError(TrackingResult::worldFromCamera)).isGreaterThan(0.05);
    // Half of that. In 14 runs it was at most 3.4 mm; where a late keyframe takes over as the
    // reference, a step errs by up to 18 mm without a loop.
    assertThat(free.stepError(TrackingResult::odometryFromCamera)).isLessThan(0.025);
    List<TrackingResult> poses = free.trajectory.poses();
    SE3 lap = step(poses.getFirst().worldFromCamera(), poses.get(LAP).worldFromCamera());
    assertThat(lap.translationNorm()).isLessThan(0.01);
  }

  /**
   * Measured: 70 mm become 46, as a wrong lens leaves its own error, whatever is closed. Map and
   * keyframes differ by 15 cm of depth, 14 where no loop was closed; 18 had the map stayed behind.
   */
  @Test
  void posesAndMapFollow() {
    assertThat(closed.error()).isLessThan(0.8 * open.error());
    double followed = depthError(closed.map, closed.keyframes);
    assertThat(followed).isLessThan(1.1 * depthError(open.map, open.keyframes));
    assertThat(followed).isLessThan(0.9 * depthError(open.map, closed.keyframes));
  }

  @Test
  void aRunWithALoopRepeatsBitForBit() throws InterruptedException {
    Run again = Run.of(SlamConfig.SyncMode.STRICT, true);
    assertThat(again.live)
        .extracting(TrackingResult::worldFromCamera)
        .isEqualTo(closed.live.stream().map(TrackingResult::worldFromCamera).toList());
    assertThat(again.trajectory.poses())
        .extracting(TrackingResult::worldFromCamera)
        .isEqualTo(
            closed.trajectory.poses().stream().map(TrackingResult::worldFromCamera).toList());
    assertThat(depthError(again.map, again.keyframes))
        .isEqualTo(depthError(closed.map, closed.keyframes));
  }

  private static SE3 step(SE3 from, SE3 to) {
    return from.inverse().times(to);
  }
}
