package io.roomfield.slam;

import io.roomfield.geometry.PinholeCamera;
import io.roomfield.geometry.SE3;
import io.roomfield.rooms.Colour;
import io.roomfield.rooms.Lighting;
import io.roomfield.rooms.SceneObject;
import io.roomfield.rooms.Shape;
import io.roomfield.rooms.SignedDistanceScene;
import io.roomfield.rooms.SphereTracer;
import io.roomfield.rooms.Texture;
import io.roomfield.slam.compute.ComputeBackend;
import io.roomfield.slam.compute.ComputeBackends;
import io.roomfield.slam.config.AlignmentConfig;
import io.roomfield.slam.config.GridConfig;
import io.roomfield.slam.config.MappingConfig;
import io.roomfield.slam.config.MappingConfig.WhenBehind;
import io.roomfield.slam.config.RenderingConfig;
import io.roomfield.slam.config.SlamConfig;
import io.roomfield.slam.config.TrackingConfig;
import io.roomfield.slam.ingest.RgbdFrame;
import io.roomfield.slam.mapping.Mapper;
import io.roomfield.slam.render.FramePixels;
import io.roomfield.slam.render.RenderSettings;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A walk along the corner of a plain room with a box and a ball, seen by a small camera without
 * noise, and settings of the engine that map it within a second or two: the fixture of the engine's
 * tests. Furnished rooms have more edges than a map learns in that time.
 */
public final class SmallRoom {
  /** About a Kinect's field of view at a seventh of its resolution. */
  public static final PinholeCamera CAMERA = new PinholeCamera(96, 72, 80, 80, 47.5, 35.5);

  public static final GridConfig GRID = new GridConfig("plain", 2, 0.32, 0.16, 25, false);
  public static final RenderingConfig RENDERING = new RenderingConfig(16, 8, 0, false, true);
  public static final RenderSettings SETTINGS = new RenderSettings(16, 8, 0, false, true);

  /** No front end. */
  public static final AlignmentConfig RENDERING_ONLY =
      new AlignmentConfig(0, 0.03, 0.15, 10, false);

  public static final TrackingConfig TRACKING =
      new TrackingConfig(
          200, 40, TrackingConfig.Optimiser.ADAM, 0.004, 0.5, 4, 0.5, 10, 0, 1e-4, false);
  public static final long SEED = 7;

  private static final double WALK_METRES = 0.01;
  private static final double WALK_RADIANS = 0.01;
  private static final double FRAMES_PER_SECOND = 30;
  private static final double NANOS_PER_SECOND = 1e9;
  private static final int THREADS = 2;

  private static final SphereTracer TRACER = new SphereTracer(scene(), lighting());
  private static final Map<Integer, RgbdFrame> FRAMES = new ConcurrentHashMap<>();

  private SmallRoom() {}

  /** Floor, four walls 2.4 m apart, ceiling; world z up, the corner looked at in the origin. */
  private static SignedDistanceScene scene() {
    Texture waves =
        p ->
            new Colour(
                0.5 + 0.35 * Math.sin(4 * p.x() + 2 * p.z()),
                0.5 + 0.35 * Math.sin(5 * p.y() - 3 * p.x()),
                0.5 + 0.35 * Math.sin(6 * p.z() + 4 * p.y()));
    return new SignedDistanceScene(
        List.of(
            wall(0, 0, 0, 0, 0, 0, waves),
            wall(0, Math.PI / 2, 0, 0, 0, 0, waves),
            wall(-Math.PI / 2, 0, 0, 0, 0, 0, waves),
            wall(0, -Math.PI / 2, 0, 2.4, 0, 0, waves),
            wall(Math.PI / 2, 0, 0, 0, 2.4, 0, waves),
            wall(Math.PI, 0, 0, 0, 0, 2.4, waves),
            new SceneObject(
                new Shape.Box(0.5, 0.4, 0.6),
                SE3.fromRotationVector(0, 0, 0.4, 0.6, 0.5, 0.3),
                waves),
            new SceneObject(
                new Shape.Sphere(0.25), SE3.fromRotationVector(0, 0, 0, 0.4, 1.2, 0.25), waves)));
  }

  /** A half-space's surface is its z = 0; it is solid below. */
  private static SceneObject wall(
      double wx, double wy, double wz, double x, double y, double z, Texture texture) {
    return new SceneObject(
        new Shape.HalfSpace(), SE3.fromRotationVector(wx, wy, wz, x, y, z), texture);
  }

  private static Lighting lighting() {
    return new Lighting(List.of(new Lighting.Lamp(1.2, 1.2, 2.2, 1)));
  }

  /** The true pose of a frame, {@code worldFromCamera}: 1 cm and a third of a degree a frame. */
  public static SE3 pose(int number) {
    double angle = WALK_RADIANS * number;
    return SE3.lookAt(
        new double[] {1.9 - WALK_METRES * number, 1.5 + 0.05 * Math.sin(3 * angle), 1.3},
        new double[] {0.3 + 0.1 * Math.sin(angle), 0.4 + angle, 0.4},
        new double[] {0, 0, 1});
  }

  /** A frame of the walk; the same object every time. */
  public static RgbdFrame frame(int number) {
    return FRAMES.computeIfAbsent(number, n -> frame(n, pose(n)));
  }

  /** What the camera sees from a pose. */
  public static RgbdFrame frame(int number, SE3 worldFromCamera) {
    return frame(CAMERA, number, worldFromCamera);
  }

  /** What another camera sees. */
  public static RgbdFrame frame(PinholeCamera camera, int number, SE3 worldFromCamera) {
    SphereTracer.View view = TRACER.render(camera, worldFromCamera);
    return frame(camera, number, view.depthMetres(), view.rgb());
  }

  /** A frame of the walk whose depth is replaced by a wall that is not there. */
  public static RgbdFrame unrelated(int number) {
    float[] depth = new float[CAMERA.width() * CAMERA.height()];
    Arrays.fill(depth, 9f); // the room's diagonal is 4.2 m
    return frame(CAMERA, number, depth, frame(number).rgb());
  }

  private static RgbdFrame frame(
      PinholeCamera camera, int number, float[] depthMetres, byte[] rgb) {
    return new RgbdFrame(
        number,
        Math.round(number * NANOS_PER_SECOND / FRAMES_PER_SECOND),
        camera.width(),
        camera.height(),
        depthMetres,
        rgb,
        new RgbdFrame.EncodedImages(0, new byte[0], 0, new byte[0]));
  }

  public static FramePixels pixels(RgbdFrame frame) {
    return FramePixels.of(frame.depthMetres(), frame.rgb());
  }

  /** The vector backend on two threads, behind its checks. To be closed. */
  public static ComputeBackend backend() {
    return ComputeBackends.open("vector", THREADS);
  }

  /** A mapper's settings: a round every second frame, a keyframe every fourth. */
  public static MappingConfig mapping(int firstFrameIterations, int iterations) {
    return mapping(firstFrameIterations, iterations, false);
  }

  /** The same, whether or not voxels are encoded. */
  public static MappingConfig mapping(int firstFrameIterations, int iterations, boolean encode) {
    return mapping(WhenBehind.WAIT, firstFrameIterations, iterations, encode, 0.4, 0.6, 0.005);
  }

  /** The same for a joint field: the colour stage alone, and steps that do not saturate it. */
  public static MappingConfig jointMapping(int firstFrameIterations, int iterations) {
    return mapping(WhenBehind.WAIT, firstFrameIterations, iterations, false, 0, 0, 0.0005);
  }

  /** The whole engine's, as in {@link #config}. */
  public static MappingConfig mapping(WhenBehind whenBehind) {
    return mapping(whenBehind, 120, 10, false, 0.4, 0.6, 0.005);
  }

  private static MappingConfig mapping(
      WhenBehind whenBehind,
      int firstFrameIterations,
      int iterations,
      boolean encode,
      double midShare,
      double fineShare,
      double decoderRate) {
    return new MappingConfig(
        2,
        1,
        whenBehind,
        200,
        0,
        iterations,
        firstFrameIterations,
        1,
        4,
        MappingConfig.KeyframeChoice.OVERLAPPING,
        4,
        encode,
        midShare,
        fineShare,
        0.1,
        0.005,
        0.005,
        decoderRate,
        0.001,
        true,
        0.001,
        2,
        0.2,
        0,
        0.5,
        2);
  }

  public static Mapper mapper(MappingConfig config, ComputeBackend backend) {
    return new Mapper(config, GRID, SETTINGS, CAMERA, backend, SEED);
  }

  /** The whole engine's settings. */
  public static SlamConfig config(SlamConfig.SyncMode sync) {
    return new SlamConfig(
        "small room",
        sync,
        SEED,
        GRID,
        RENDERING,
        RENDERING_ONLY,
        TRACKING,
        mapping(WhenBehind.WAIT));
  }
}
