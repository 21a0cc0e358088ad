package io.roomfield.slam.client.chaos;

import com.google.protobuf.ByteString;
import io.roomfield.datasets.ColourImages;
import io.roomfield.datasets.RgbdDataset;
import io.roomfield.datasets.RgbdEntry;
import io.roomfield.geometry.PinholeCamera;
import io.roomfield.geometry.TimedPose;
import io.roomfield.slam.v1.ColourImage;
import io.roomfield.slam.v1.DepthEncoding;
import io.roomfield.slam.v1.DepthImage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A sequence whose images are in memory, so that it can be sent again and again.
 *
 * @param camera of the images
 */
public record RecordedWalk(PinholeCamera camera, List<Shot> shots) {
  private static final int CHANNELS = 3;

  /** A frame's images. */
  public record Shot(RgbdEntry entry, ColourImage colour, DepthImage depth) {}

  /** Loads all images of a sequence. */
  public static RecordedWalk of(RgbdDataset dataset) throws IOException {
    return subsampled(dataset, 1);
  }

  /**
   * Loads every n-th column and row of a sequence's images, from the first on.
   *
   * @param step n; 1 for all
   * @throws IllegalArgumentException if only some are wanted of images that are not raw
   */
  public static RecordedWalk subsampled(RgbdDataset dataset, int step) throws IOException {
    PinholeCamera full = dataset.camera();
    PinholeCamera camera =
        new PinholeCamera(
            full.width() / step,
            full.height() / step,
            full.fx() / step,
            full.fy() / step,
            full.cx() / step,
            full.cy() / step);
    List<Shot> shots = new ArrayList<>();
    for (RgbdEntry entry : dataset.frames()) {
      ColourImage colour = entry.colour().load();
      DepthImage depth = entry.depth().load();
      if (step > 1) {
        colour = ColourImages.raw(sampled(colour.getData().toByteArray(), full, step, CHANNELS));
        depth = rawDepth(sampled(depth.getData().toByteArray(), full, step, Short.BYTES));
      }
      shots.add(new Shot(entry, colour, depth));
    }
    return new RecordedWalk(camera, shots);
  }

  private static byte[] sampled(byte[] raw, PinholeCamera full, int step, int pixelBytes) {
    if (raw.length != full.width() * full.height() * pixelBytes) {
      throw new IllegalArgumentException(
          "image: %d bytes (expected: a raw one, %dx%d pixels of %d bytes)"
              .formatted(raw.length, full.width(), full.height(), pixelBytes));
    }
    int width = full.width() / step;
    int height = full.height() / step;
    byte[] sampled = new byte[width * height * pixelBytes];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int from = (y * step * full.width() + x * step) * pixelBytes;
        System.arraycopy(raw, from, sampled, (y * width + x) * pixelBytes, pixelBytes);
      }
    }
    return sampled;
  }

  /** Which shot is the n-th where the camera walks to and fro without an end. */
  int toAndFro(long n) {
    int turns = Math.max(1, shots.size() - 1);
    int phase = (int) (n % (2L * turns));
    return phase <= turns ? Math.min(phase, shots.size() - 1) : 2 * turns - phase;
  }

  /** Time of the n-th frame of such a walk: all as far apart as the first two. */
  long nanosAt(long n) {
    long first = shots.getFirst().entry.timestampNanos();
    return first + n * (shots.get(1).entry.timestampNanos() - first);
  }

  /** The same with every pixel n x n times as large. */
  RecordedWalk magnified(int n) {
    double shift = (n - 1) / 2.0;
    PinholeCamera large =
        new PinholeCamera(
            n * camera.width(),
            n * camera.height(),
            n * camera.fx(),
            n * camera.fy(),
            n * camera.cx() + shift,
            n * camera.cy() + shift);
    return new RecordedWalk(
        large,
        shots.stream()
            .map(
                shot ->
                    new Shot(
                        shot.entry,
                        ColourImages.raw(
                            magnified(shot.colour.getData().toByteArray(), n, CHANNELS)),
                        rawDepth(magnified(shot.depth.getData().toByteArray(), n, Short.BYTES))))
            .toList());
  }

  private byte[] magnified(byte[] raw, int n, int pixelBytes) {
    int width = n * camera.width();
    byte[] pixels = new byte[n * n * raw.length];
    for (int i = 0; i < pixels.length / pixelBytes; i++) {
      int from = i / width / n * camera.width() + i % width / n;
      System.arraycopy(raw, from * pixelBytes, pixels, i * pixelBytes, pixelBytes);
    }
    return pixels;
  }

  private static DepthImage rawDepth(byte[] bytes) {
    return DepthImage.newBuilder()
        .setEncoding(DepthEncoding.DEPTH_ENCODING_RAW16)
        .setData(ByteString.copyFrom(bytes))
        .build();
  }

  /** True poses of the frames. */
  List<TimedPose> truth() {
    List<TimedPose> truth = new ArrayList<>();
    for (Shot shot : shots) {
      shot.entry
          .worldFromCamera()
          .ifPresent(pose -> truth.add(new TimedPose(shot.entry.timestampNanos(), pose)));
    }
    return truth;
  }
}
