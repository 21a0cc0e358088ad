package io.roomfield.slam.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomfield.cuda.EmulatedDriver;
import io.roomfield.geometry.SE3;
import io.roomfield.slam.SmallRoom;
import io.roomfield.slam.compute.ComputeBackend;
import io.roomfield.slam.compute.ComputeBackends;
import io.roomfield.slam.config.AlignmentConfig;
import io.roomfield.slam.config.GridConfig;
import io.roomfield.slam.config.MappingConfig;
import io.roomfield.slam.config.MappingConfig.WhenBehind;
import io.roomfield.slam.config.RenderingConfig;
import io.roomfield.slam.config.SlamConfig;
import io.roomfield.slam.config.SlamConfig.SyncMode;
import io.roomfield.slam.config.TrackingConfig;
import io.roomfield.slam.query.Trajectory;
import io.roomfield.slam.tracking.TrackingResult;
import io.roomfield.slam.tracking.TrackingStatus;
import java.lang.reflect.Proxy;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The whole engine on the emulated device, or on the machine's own where that is asked for. */
@Timeout(180) // a deadlock fails instead of hanging the build
class CudaSessionTest {
  private static final int FRAMES = 20;
  private static final int LAUNCH_FAILED = 719;

  /**
   * The same frames, pixels and samples, in double on one processor and in float on the device:
   * sums of some thousand terms in another order, which part by 1e-6 of their size, and by 1e-5 in
   * what hangs on differences of them. A frame's steps are some centimetres, and 20 frames follow
   * one another. Measured: 3e-7.
   */
  private static final double SAME_METRES = 2e-6;

  @BeforeEach
  void useDriver() {
    EmulatedDriver.use();
  }

  /** Front end, encoder, mapping and refinement by the field: all that the preset default does. */
  static SlamConfig config() {
    SlamConfig c = SmallRoom.config(SyncMode.STRICT);
    return new SlamConfig(
        "small room on a device",
        c.sync(),
        c.seed(),
        new GridConfig("compact", 2, 0.32, 0.16, 25, false),
        new RenderingConfig(8, 6, 0, false, true),
        new AlignmentConfig(2, 0.03, 0.15, 10, false),
        new TrackingConfig(
            60,
            3,
            TrackingConfig.Optimiser.NATURAL_GRADIENT,
            0.004,
            0.5,
            4,
            0.5,
            10,
            0,
            1e-4,
            false),
        mapping());
  }

  private static MappingConfig mapping() {
    return new MappingConfig(
        2,
        1,
        WhenBehind.WAIT,
        80,
        0,
        3,
        6,
        1,
        4,
        MappingConfig.KeyframeChoice.OVERLAPPING,
        4,
        true,
        0,
        0.4,
        0.1,
        0.005,
        0.005,
        0.005,
        0.001,
        true,
        0.001,
        2,
        0.2,
        0,
        0.5,
        2);
  }

  private static SlamSystem system(ComputeBackend backend) {
    return new SlamSystem(config(), SmallRoom.CAMERA, SmallRoom.pose(0), backend, round -> {});
  }

  private static Trajectory run(ComputeBackend backend) throws InterruptedException {
    try (backend;
        SlamSystem system = system(backend)) {
      for (int i = 0; i < FRAMES; i++) {
        TrackingResult result = system.processFrame(SmallRoom.frame(i));
        assertThat(result.status()).as("frame %d", i).isNotEqualTo(TrackingStatus.LOST);
      }
      system.finish();
      return system.trajectory();
    }
  }

  /**
   * The scalar backend, but for depth, which the cuda backend fuses as the vector backend does: in
   * float a vertex near a pixel's border may read the pixel beside it, and the front end makes
   * millimetres of that.
   */
  private static ComputeBackend oracle() {
    ComputeBackend scalar = ComputeBackends.open("scalar", 1);
    ComputeBackend vector = ComputeBackends.open("vector", 1);
    return (ComputeBackend)
        Proxy.newProxyInstance(
            CudaSessionTest.class.getClassLoader(),
            new Class<?>[] {ComputeBackend.class},
            (proxy, method, arguments) ->
                method.invoke(method.getName().equals("fuse") ? vector : scalar, arguments));
  }

  @Test
  void aStrictReplayIsTheOracles() throws InterruptedException {
    Trajectory expected = run(oracle());
    Trajectory actual = run(ComputeBackends.open("cuda", 1));
    assertThat(actual.poses()).hasSize(FRAMES);
    for (int i = 0; i < FRAMES; i++) {
      SE3 pose = actual.poses().get(i).worldFromCamera();
      SE3 difference = expected.poses().get(i).worldFromCamera().inverse().times(pose);
      assertThat(difference.translationNorm()).as("frame %d", i).isLessThan(SAME_METRES);
    }
    Trajectory again = run(ComputeBackends.open("cuda", 1));
    for (int i = 0; i < FRAMES; i++) {
      assertThat(again.poses().get(i).worldFromCamera())
          .as("frame %d, bit for bit", i)
          .isEqualTo(actual.poses().get(i).worldFromCamera());
    }
  }

  @Test
  void aDeviceThatIsLostCostsNoSessionAFrame() throws InterruptedException {
    EmulatedDriver.assumeEmulated();
    try (ComputeBackend backend = ComputeBackends.open("cuda", 1);
        SlamSystem system = system(backend);
        SlamSystem other = system(backend)) {
      other.processFrame(SmallRoom.frame(0));
      for (int i = 0; i < 8; i++) {
        if (i == 3) {
          EmulatedDriver.fail("cuLaunchKernel", LAUNCH_FAILED, 40);
        }
        assertThat(system.processFrame(SmallRoom.frame(i)).status())
            .as("frame %d", i)
            .isNotEqualTo(TrackingStatus.LOST);
      }
      assertThat(backend.description()).contains("is lost; on the processor: vector");
      for (int i = 1; i < 4; i++) {
        assertThat(other.processFrame(SmallRoom.frame(i)).status())
            .as("the other's frame %d", i)
            .isNotEqualTo(TrackingStatus.LOST);
      }
      system.finish();
      other.finish();
      assertThat(system.trajectory().poses()).hasSize(8);
      assertThat(other.trajectory().poses()).hasSize(4);
    }
  }
}
