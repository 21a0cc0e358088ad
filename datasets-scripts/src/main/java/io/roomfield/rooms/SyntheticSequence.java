package io.roomfield.rooms;

import io.roomfield.geometry.PinholeCamera;
import io.roomfield.geometry.SE3;
import io.roomfield.geometry.TriangleMesh;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A recording that never was: a camera walks through a furnished room; poses and surface are exact.
 * Everything follows from the seed; frames may be rendered in any order.
 */
public final class SyntheticSequence {
  private static final int WIDTH = 640;
  private static final int HEIGHT = 480;
  private static final double FOCAL_PIXELS = 525;
  private static final double DEPTH_SCALE = 1000;
  private static final double FRAMES_PER_SECOND = 30;
  private static final double NANOS_PER_SECOND = 1e9;
  private static final int MAX_RAW_DEPTH = 0xFFFF;

  /** The true surface is what every so-manieth frame sees, and the last. */
  private static final int VISIBILITY_STRIDE = 10;

  /** Cells of the surface's lattice that lie behind the walls. */
  private static final int LATTICE_MARGIN = 2;

  private final PinholeCamera camera =
      new PinholeCamera(
          WIDTH, HEIGHT, FOCAL_PIXELS, FOCAL_PIXELS, (WIDTH - 1) / 2.0, (HEIGHT - 1) / 2.0);
  private final int frameCount;
  private final boolean noisyDepth;
  private final FurnishedRoom room;
  private final CameraPath path;
  private final SphereTracer tracer;
  private final long noiseSeed;

  /**
   * @param seed of room, path and noise
   * @param frames how many, at 30 a second
   * @param noisyDepth whether depth passes through {@link KinectNoise}; colour never has noise
   * @throws IllegalArgumentException if there is to be no frame
   */
  public SyntheticSequence(long seed, int frames, boolean noisyDepth) {
    if (frames <= 0) {
      throw new IllegalArgumentException("frames: %d (expected: > 0)".formatted(frames));
    }
    SplittableRandom seeds = new SplittableRandom(seed);
    this.frameCount = frames;
    this.noisyDepth = noisyDepth;
    this.room = FurnishedRoom.create(seeds.nextLong());
    this.path = CameraPath.through(room, seeds.nextLong());
    this.noiseSeed = seeds.nextLong();
    this.tracer = new SphereTracer(room.scene(), room.lighting());
  }

  /**
   * A frame's images.
   *
   * @param rgb {@code [height, width, 3]} bytes
   * @param depthRaw {@code [height, width]} unsigned, metres times {@link #depthScale}; 0 for none
   */
  @SuppressWarnings("ArrayRecordComponent") // compared by identity, never by value
  public record Rendered(byte[] rgb, short[] depthRaw) {
    /** Raw depth as {@code [height, width, 2]} little-endian bytes. */
    public byte[] depthLittleEndian() {
      ByteBuffer bytes =
          ByteBuffer.allocate(Short.BYTES * depthRaw.length).order(ByteOrder.LITTLE_ENDIAN);
      bytes.asShortBuffer().put(depthRaw);
      return bytes.array();
    }
  }

  /** 640x480, 525 pixels focal length, principal point in the middle, no distortion. */
  public PinholeCamera camera() {
    return camera;
  }

  /** Raw depth units a metre. */
  public double depthScale() {
    return DEPTH_SCALE;
  }

  public int frameCount() {
    return frameCount;
  }

  /** The room that is walked through. */
  public FurnishedRoom room() {
    return room;
  }

  /**
   * The exact pose of a frame, worldFromCamera.
   *
   * @throws IndexOutOfBoundsException if there is no such frame
   */
  public SE3 pose(int frame) {
    checkFrame(frame);
    return path.worldFromCamera(frame / FRAMES_PER_SECOND);
  }

  /** The time of a frame; the first is 0. */
  public long timestampNanos(int frame) {
    checkFrame(frame);
    return Math.round(frame * NANOS_PER_SECOND / FRAMES_PER_SECOND);
  }

  /**
   * Renders a frame.
   *
   * @throws IndexOutOfBoundsException if there is no such frame
   */
  public Rendered render(int frame) {
    SphereTracer.View view = tracer.render(camera, pose(frame));
    float[] depth = view.depthMetres();
    if (noisyDepth) {
      long seed = noiseSeed + frame;
      depth = KinectNoise.apply(depth, WIDTH, HEIGHT, FOCAL_PIXELS, seed);
    }
    short[] raw = new short[depth.length];
    for (int i = 0; i < raw.length; i++) {
      long units = Math.round(depth[i] * DEPTH_SCALE);
      raw[i] = (short) (units <= MAX_RAW_DEPTH ? units : 0);
    }
    return new Rendered(view.rgb(), raw);
  }

  /**
   * The true surface as far as the sequence sees it (every 10th frame and the last, occlusion
   * tested), with normals and colours. Every vertex lies on the surface; edges between solids are
   * rounded by up to a cell, and what is thinner than a cell may be missing.
   *
   * @param resolution edge of the lattice's cells in metres; 0.01 shows books, 0.02 furniture
   * @throws IllegalArgumentException if the resolution is not positive
   */
  public TriangleMesh groundTruthMesh(double resolution) {
    double margin = LATTICE_MARGIN * resolution;
    double[] min = {-room.width() / 2 - margin, -room.length() / 2 - margin, -margin};
    double[] max = {room.width() / 2 + margin, room.length() / 2 + margin, room.height() + margin};
    List<SE3> poses = new ArrayList<>();
    for (int frame = 0; frame < frameCount - 1; frame += VISIBILITY_STRIDE) {
      poses.add(pose(frame));
    }
    poses.add(pose(frameCount - 1));
    TriangleMesh whole = SurfaceNets.triangulate(room.scene(), min, max, resolution);
    return new VisibleSurface(room, camera, poses).of(whole, resolution);
  }

  private void checkFrame(int frame) {
    if (frame < 0 || frame >= frameCount) {
      throw new IndexOutOfBoundsException(
          "frame: %d (expected: 0 to %d)".formatted(frame, frameCount - 1));
    }
  }
}
