package io.roomfield.slam.pretrain;

import io.roomfield.datasets.RgbdDataset;
import io.roomfield.datasets.RgbdEntry;
import io.roomfield.geometry.SE3;
import io.roomfield.slam.ingest.FrameDecoder;
import io.roomfield.slam.ingest.RgbdFrame;
import io.roomfield.slam.v1.ColourImage;
import io.roomfield.slam.v1.DepthImage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What the bench reads of a sequence: frames that are mapped, and frames half way between them.
 *
 * @param keyframes the frames that are mapped
 * @param between held out
 */
record Clip(String name, Kind kind, List<View> keyframes, List<View> between) {
  /** Where a clip comes from: the two are averaged apart. */
  enum Kind {
    /** A recording. */
    SENSOR,
    /** A procedural room. */
    ROOM
  }

  static final int KEYFRAMES = 10;

  /** Of the frames with a pose, so many from the start on count. */
  private static final int FRAMES = 200;

  /**
   * Decodes every {@code n / 10}-th of the first {@code n = min(200, all)} frames that have a pose,
   * and the frames in the middle between two of them.
   *
   * @throws IllegalArgumentException if there are too few frames for that
   * @throws IOException if an image cannot be read
   */
  static Clip read(RgbdDataset sequence, Kind kind) throws IOException {
    List<RgbdEntry> posed =
        sequence.frames().stream().filter(f -> f.worldFromCamera().isPresent()).toList();
    int n = Math.min(FRAMES, posed.size());
    if (n < 2 * KEYFRAMES) {
      throw new IllegalArgumentException(
          "%s: %d frames with a pose (expected: at least %d)"
              .formatted(sequence.name(), n, 2 * KEYFRAMES));
    }
    FrameDecoder decoder = new FrameDecoder(sequence.camera(), sequence.depthScale());
    List<View> keyframes = new ArrayList<>();
    List<View> between = new ArrayList<>();
    for (int k = 0; k < KEYFRAMES; k++) {
      int at = k * n / KEYFRAMES;
      int next = (k + 1) * n / KEYFRAMES;
      keyframes.add(view(sequence, posed.get(at), decoder));
      if (k < KEYFRAMES - 1) {
        between.add(view(sequence, posed.get((at + next) / 2), decoder));
      }
    }
    return new Clip(sequence.name(), kind, keyframes, between);
  }

  private static View view(RgbdDataset sequence, RgbdEntry entry, FrameDecoder decoder)
      throws IOException {
    ColourImage colour = entry.colour().load();
    DepthImage depth = entry.depth().load();
    RgbdFrame frame =
        decoder.decode(
            entry.index(),
            entry.timestampNanos(),
            new RgbdFrame.EncodedImages(
                colour.getEncodingValue(),
                colour.getData().toByteArray(),
                depth.getEncodingValue(),
                depth.getData().toByteArray()));
    SE3 truth = entry.worldFromCamera().orElseThrow();
    return View.of(sequence.camera(), frame, truth);
  }
}
