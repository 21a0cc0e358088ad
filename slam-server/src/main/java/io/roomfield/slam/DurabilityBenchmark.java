package io.roomfield.slam;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.roomfield.rooms.SyntheticSequence;
import io.roomfield.slam.access.Principal;
import io.roomfield.slam.compute.ComputeBackend;
import io.roomfield.slam.config.MappingConfig.WhenBehind;
import io.roomfield.slam.config.Presets;
import io.roomfield.slam.config.ServerConfig;
import io.roomfield.slam.config.SlamConfig;
import io.roomfield.slam.ingest.BadInputException;
import io.roomfield.slam.ingest.RgbdFrame;
import io.roomfield.slam.session.FrameListener;
import io.roomfield.slam.session.FrameWriter;
import io.roomfield.slam.session.SessionRegistry;
import io.roomfield.slam.session.SessionSettings;
import io.roomfield.slam.session.SlamMetrics;
import io.roomfield.slam.session.SlamSession;
import io.roomfield.slam.session.SlamSystem;
import io.roomfield.slam.store.SessionFiles;
import io.roomfield.slam.telemetry.Tracing;
import io.roomfield.slam.tracking.TrackingResult;
import io.roomfield.slam.v1.ColourEncoding;
import io.roomfield.slam.v1.DepthEncoding;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.awt.image.DataBufferUShort;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.imageio.ImageIO;

/**
 * What writing sessions down costs: the time from a frame's arrival until its pose is told, of
 * sessions that are kept and of others, in turns. Frames come one at a time; those of a live preset
 * 30 a second. Their images are JPEG and PNG, as recordings have them and {@code replay} sends
 * them.
 */
final class DurabilityBenchmark {
  private static final int FRAMES = 60;

  /** Frames of a session that do not count: its first map, and code that is not compiled yet. */
  private static final int FIRST = 15;

  private static final int TURNS = 3;
  private static final long FRAME_NANOS = TimeUnit.SECONDS.toNanos(1) / 30;
  private static final double NANOS_PER_MILLI = 1e6;
  private static final double P95 = 0.95;

  private final ComputeBackend backend;
  private final SyntheticSequence sequence = new SyntheticSequence(1, FRAMES, false);
  private final List<RgbdFrame.EncodedImages> images = new ArrayList<>();

  DurabilityBenchmark(ComputeBackend backend) {
    this.backend = backend;
    for (int i = 0; i < FRAMES; i++) {
      SyntheticSequence.Rendered rendered = sequence.render(i);
      images.add(
          new RgbdFrame.EncodedImages(
              ColourEncoding.COLOUR_ENCODING_JPEG_VALUE,
              jpeg(rendered.rgb()),
              DepthEncoding.DEPTH_ENCODING_PNG16_VALUE,
              png16(rendered.depthLittleEndian())));
    }
  }

  private byte[] jpeg(byte[] rgb) {
    BufferedImage image =
        new BufferedImage(
            sequence.camera().width(), sequence.camera().height(), BufferedImage.TYPE_3BYTE_BGR);
    byte[] bgr = ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
    for (int i = 0; i < rgb.length; i += 3) {
      bgr[i] = rgb[i + 2];
      bgr[i + 1] = rgb[i + 1];
      bgr[i + 2] = rgb[i];
    }
    return encoded(image, "jpg");
  }

  private byte[] png16(byte[] littleEndian) {
    BufferedImage image =
        new BufferedImage(
            sequence.camera().width(), sequence.camera().height(), BufferedImage.TYPE_USHORT_GRAY);
    short[] depth = ((DataBufferUShort) image.getRaster().getDataBuffer()).getData();
    ByteBuffer.wrap(littleEndian).order(ByteOrder.LITTLE_ENDIAN).asShortBuffer().get(depth);
    return encoded(image, "png");
  }

  private static byte[] encoded(BufferedImage image, String format) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, format, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** Median and 95th percentile in milliseconds, of both kinds of session. */
  Map<String, Double> measure(String preset) throws IOException, InterruptedException {
    List<Double> unkept = new ArrayList<>();
    List<Double> kept = new ArrayList<>();
    run(preset, Optional.empty()); // so that the first turn finds compiled code
    for (int turn = 0; turn < TURNS; turn++) {
      unkept.addAll(run(preset, Optional.empty()));
      kept.addAll(runKept(preset));
    }
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put("durability_%s_off_median_ms".formatted(preset), percentile(unkept, 1.0 / 2));
    figures.put("durability_%s_on_median_ms".formatted(preset), percentile(kept, 1.0 / 2));
    figures.put("durability_%s_off_p95_ms".formatted(preset), percentile(unkept, P95));
    figures.put("durability_%s_on_p95_ms".formatted(preset), percentile(kept, P95));
    return figures;
  }

  private static double percentile(List<Double> values, double share) {
    List<Double> sorted = values.stream().sorted().toList();
    return sorted.get((int) (share * (sorted.size() - 1)));
  }

  private List<Double> runKept(String preset) throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("roomfield-bench");
    try {
      return run(
          preset,
          Optional.of(
              new SessionFiles(
                  folder, Duration.ofMillis(ServerConfig.load(null, Map.of()).commitMillis()))));
    } finally {
      MoreFiles.deleteRecursively(folder, RecursiveDeleteOption.ALLOW_INSECURE);
    }
  }

  /** Milliseconds of the frames that count. */
  private List<Double> run(String preset, Optional<SessionFiles> files)
      throws IOException, InterruptedException {
    SlamConfig config = Presets.load(preset);
    try (SessionRegistry registry =
        new SessionRegistry(
            (settings, onMapped) -> new SlamSystem(settings, backend, onMapped),
            new SlamMetrics(new SimpleMeterRegistry()),
            ServerConfig.load(null, Map.of()),
            files,
            Tracing.none())) {
      SlamSession session =
          registry.open(
              new SessionSettings(
                  "bench",
                  config,
                  sequence.camera(),
                  sequence.depthScale(),
                  sequence.pose(0),
                  false),
              Principal.LOCAL);
      return stream(session, config.mapping().whenBehind() == WhenBehind.SKIP);
    }
  }

  private List<Double> stream(SlamSession session, boolean live) throws InterruptedException {
    List<Double> millis = new ArrayList<>();
    Told told = new Told();
    try (FrameWriter writer = session.openWriter(told)) {
      long start = System.nanoTime();
      for (int i = 0; i < FRAMES; i++) {
        if (live) {
          TimeUnit.NANOSECONDS.sleep(start + i * FRAME_NANOS - System.nanoTime());
        }
        long sent = System.nanoTime();
        writer.put(i, sequence.timestampNanos(i), images.get(i));
        told.frame.acquire();
        if (i >= FIRST) {
          millis.add((told.nanos.get() - sent) / NANOS_PER_MILLI);
        }
      }
    }
    return millis;
  }

  /** Hears when a frame's pose is told. */
  private static final class Told implements FrameListener {
    final Semaphore frame = new Semaphore(0);
    final AtomicLong nanos = new AtomicLong();

    @Override
    public void accepted(long sequenceNumber) {}

    @Override
    public void refused(long sequenceNumber, BadInputException why) {
      throw why;
    }

    @Override
    public void tracked(TrackingResult result, int keyframes) {
      nanos.set(System.nanoTime());
      frame.release();
    }

    @Override
    public void dropped(long sequenceNumber, String reason) {
      frame.release();
    }

    @Override
    public void ready() {}

    @Override
    public void suspended(BadInputException why) {}
  }
}
