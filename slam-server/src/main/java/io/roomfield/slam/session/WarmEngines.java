package io.roomfield.slam.session;

import io.roomfield.geometry.PinholeCamera;
import io.roomfield.geometry.SE3;
import io.roomfield.slam.config.SlamConfig;
import io.roomfield.slam.ingest.DepthPreprocessor;
import io.roomfield.slam.ingest.FrameDecoder;
import io.roomfield.slam.ingest.RgbdFrame;
import io.roomfield.slam.mapping.MappingResult;
import io.roomfield.slam.v1.ColourEncoding;
import io.roomfield.slam.v1.DepthEncoding;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ShortBuffer;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Engines that are up to speed when a live camera's first frame comes: before the first of them, an
 * engine like it tracks and maps a camera that turns round in a plain room, until the virtual
 * machine has compiled most of what live frames will run. A recorded sequence can wait, and does
 * not ask for it. Callable from several threads.
 */
public final class WarmEngines implements Engine.Factory {
  private static final Logger LOG = LoggerFactory.getLogger(WarmEngines.class);

  /** After so many frames, and again, */
  private static final int FRAMES = 25;

  /** it is seen whether compilers have taken less than this share of the time, */
  private static final double WARM_SHARE = 0.3;

  /** and after so many the camera comes in any case. */
  private static final int MOST_FRAMES = 500;

  private static final double TURN = Math.toRadians(1.5);
  private static final long FRAME_NANOS = TimeUnit.SECONDS.toNanos(1) / 30;

  // The room around the camera, metres: half its extent in x, y and z; a tile of its walls.
  private static final double[] HALF = {2, 1.3, 2.5};
  private static final double TILE = 0.25;

  /** A pillar stands in so much of every so many radians, nearer than the wall behind it. */
  private static final double PILLAR_TURN = Math.toRadians(40);

  private static final double PILLAR_SHARE = 0.2;
  private static final double NEARER = 0.6;

  /** Makes neighbouring numbers of tiles different colours (Knuth's multiplicative hash), */
  private static final int SCATTER = 0x9E3779B9;

  /** and leaves one in sixteen without readings. */
  private static final int HOLE_SHIFT = 28;

  private final Engine.Factory engines;
  private boolean warm;

  public WarmEngines(Engine.Factory engines) {
    this.engines = engines;
  }

  @Override
  public Engine open(SessionSettings settings, Consumer<MappingResult> onMapped) {
    if (settings.config().sync() == SlamConfig.SyncMode.FREE) {
      warmUp(settings);
    }
    return engines.open(settings, onMapped);
  }

  private synchronized void warmUp(SessionSettings settings) {
    if (warm) {
      return;
    }
    long start = System.nanoTime();
    try (Engine engine = engines.open(settings, round -> {})) {
      FrameDecoder decoder = new FrameDecoder(settings.camera(), settings.depthScale());
      long compiling = compilingMillis();
      long since = start;
      for (int i = 0; i < MOST_FRAMES && !warm; i++) {
        engine.processFrame(frame(i, decoder, settings));
        if ((i + 1) % FRAMES == 0) {
          double millis = (System.nanoTime() - since) / 1e6;
          warm = compilingMillis() - compiling < WARM_SHARE * millis;
          compiling = compilingMillis();
          since = System.nanoTime();
        }
      }
      engine.finish();
      warm = true;
      LOG.info("Warmed up for live cameras in {} ms", (System.nanoTime() - start) / 1_000_000);
    } catch (InterruptedException e) {
      // The server is closing; what asked for the engine will hear of it.
      Thread.currentThread().interrupt();
    }
  }

  /** Time that all compilers have taken together; 0 for ever on a virtual machine without one. */
  private static long compilingMillis() {
    CompilationMXBean compilation = ManagementFactory.getCompilationMXBean();
    return compilation != null && compilation.isCompilationTimeMonitoringSupported()
        ? compilation.getTotalCompilationTime()
        : 0;
  }

  private static RgbdFrame frame(int number, FrameDecoder decoder, SessionSettings settings) {
    SE3 pose = SE3.fromRotationVector(0, TURN * number, 0, 0, 0, 0);
    return DepthPreprocessor.process(
        decoder.decode(
            number, FRAME_NANOS * number, view(settings.camera(), settings.depthScale(), pose)));
  }

  /** Depth of the room's wall along a ray from its middle. */
  private static double wall(double[] ray) {
    return Math.min(
        HALF[0] / Math.abs(ray[0]),
        Math.min(HALF[1] / Math.abs(ray[1]), HALF[2] / Math.abs(ray[2])));
  }

  private static boolean isPillar(double[] ray) {
    double turns = Math.atan2(ray[0], ray[2]) / PILLAR_TURN;
    return turns - Math.floor(turns) < PILLAR_SHARE;
  }

  /**
   * What a camera in the middle of the room sees: tiled walls, some tiles without readings, and
   * pillars before them, for code is compiled for what it meets.
   */
  private static RgbdFrame.EncodedImages view(
      PinholeCamera camera, double depthScale, SE3 roomFromCamera) {
    int pixels = camera.width() * camera.height();
    byte[] rgb = new byte[3 * pixels];
    byte[] depthBytes = new byte[Short.BYTES * pixels];
    ShortBuffer depth = ByteBuffer.wrap(depthBytes).order(ByteOrder.LITTLE_ENDIAN).asShortBuffer();
    for (int i = 0; i < pixels; i++) {
      int row = i / camera.width();
      double[] ray =
          roomFromCamera.apply(
              (i % camera.width() - camera.cx()) / camera.fx(),
              (row - camera.cy()) / camera.fy(),
              1);
      double metres = (isPillar(ray) ? NEARER : 1) * wall(ray);
      int tile = 0;
      for (double coordinate : ray) {
        tile = 31 * tile + (int) Math.floor(metres * coordinate / TILE);
      }
      tile *= SCATTER;
      boolean hole = tile >>> HOLE_SHIFT == 0;
      depth.put(i, (short) (hole ? 0 : Math.min(0xffff, Math.round(metres * depthScale))));
      for (int channel = 0; channel < 3; channel++) {
        rgb[3 * i + channel] = (byte) (tile >>> (8 * channel));
      }
    }
    return new RgbdFrame.EncodedImages(
        ColourEncoding.COLOUR_ENCODING_RGB8_VALUE,
        rgb,
        DepthEncoding.DEPTH_ENCODING_RAW16_VALUE,
        depthBytes);
  }
}
