package io.roomfield.slam.client.chaos;

import io.roomfield.datasets.RgbdDataset;
import io.roomfield.datasets.RgbdEntry;
import io.roomfield.geometry.TimedPose;
import io.roomfield.slam.v1.ColourImage;
import io.roomfield.slam.v1.DepthImage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A sequence whose images are in memory, so that it can be sent again and again. */
public record RecordedWalk(RgbdDataset dataset, List<Shot> shots) {
  /** A frame's images. */
  public record Shot(RgbdEntry entry, ColourImage colour, DepthImage depth) {}

  /** Loads all images of a sequence. */
  public static RecordedWalk of(RgbdDataset dataset) throws IOException {
    List<Shot> shots = new ArrayList<>();
    for (RgbdEntry entry : dataset.frames()) {
      shots.add(new Shot(entry, entry.colour().load(), entry.depth().load()));
    }
    return new RecordedWalk(dataset, shots);
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
