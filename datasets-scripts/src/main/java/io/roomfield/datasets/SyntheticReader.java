package io.roomfield.datasets;

import com.google.protobuf.ByteString;
import io.roomfield.rooms.SyntheticSequence;
import io.roomfield.slam.v1.ColourImage;
import io.roomfield.slam.v1.DepthEncoding;
import io.roomfield.slam.v1.DepthImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A walk through a procedural room, rendered frame by frame: clean depth, exact poses. */
public final class SyntheticReader {
  /** Twenty seconds: about once around the room. */
  private static final int FRAMES = 600;

  /** Cells of the true surface's lattice, in metres: shows books, not only furniture. */
  private static final double TRUTH_RESOLUTION_METRES = 0.01;

  private final SyntheticSequence sequence;
  private int renderedFrame = -1;
  private SyntheticSequence.Rendered rendered;

  private SyntheticReader(SyntheticSequence sequence) {
    this.sequence = sequence;
  }

  /**
   * The sequence of a seed; frames are rendered when they are asked for.
   *
   * @param seed of the room and of the walk
   */
  public static RgbdDataset read(long seed) {
    SyntheticSequence sequence = new SyntheticSequence(seed, FRAMES, false);
    SyntheticReader reader = new SyntheticReader(sequence);
    List<RgbdEntry> frames = new ArrayList<>();
    for (int i = 0; i < sequence.frameCount(); i++) {
      int frame = i;
      frames.add(
          new RgbdEntry(
              frame,
              sequence.timestampNanos(frame),
              () -> reader.colour(frame),
              () -> reader.depth(frame),
              Optional.of(sequence.pose(frame))));
    }
    return new RgbdDataset(
        "synthetic-room-" + seed,
        sequence.camera(),
        sequence.depthScale(),
        frames,
        Optional.of(() -> sequence.groundTruthMesh(TRUTH_RESOLUTION_METRES)));
  }

  private ColourImage colour(int frame) {
    return ColourImages.raw(render(frame).rgb());
  }

  private DepthImage depth(int frame) {
    return DepthImage.newBuilder()
        .setEncoding(DepthEncoding.DEPTH_ENCODING_RAW16)
        .setData(ByteString.copyFrom(render(frame).depthLittleEndian()))
        .build();
  }

  /** Colour and depth of a frame are asked for one after the other, and rendered once. */
  private synchronized SyntheticSequence.Rendered render(int frame) {
    if (frame != renderedFrame) {
      rendered = sequence.render(frame);
      renderedFrame = frame;
    }
    return rendered;
  }
}
