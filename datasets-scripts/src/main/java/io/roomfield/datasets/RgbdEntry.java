package io.roomfield.datasets;

import io.roomfield.geometry.SE3;
import io.roomfield.slam.v1.ColourImage;
import io.roomfield.slam.v1.DepthImage;
import java.util.Optional;

/**
 * One frame of a recorded sequence.
 *
 * @param index the frame's number in the recording; what messages about it name
 * @param timestampNanos strictly increasing within the sequence
 * @param colour as it is stored
 * @param depth as it is stored
 * @param worldFromCamera ground truth, where there is one for this frame
 */
public record RgbdEntry(
    int index,
    long timestampNanos,
    Loadable<ColourImage> colour,
    Loadable<DepthImage> depth,
    Optional<SE3> worldFromCamera) {

  /** Another frame's images and true pose under this frame's index and timestamp. */
  RgbdEntry showing(RgbdEntry other) {
    return new RgbdEntry(index, timestampNanos, other.colour, other.depth, other.worldFromCamera);
  }
}
