package io.roomfield.datasets;

import io.roomfield.geometry.PinholeCamera;
import io.roomfield.geometry.TriangleMesh;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A recorded or rendered RGB-D sequence. For clients and for offline tools: its ground truth never
 * reaches the service.
 *
 * @param name for people and reports
 * @param camera one model for colour and depth
 * @param depthScale depth image units per metre
 * @param frames in order of time
 * @param groundTruthMesh the true surface in the world of the ground-truth poses
 */
public record RgbdDataset(
    String name,
    PinholeCamera camera,
    double depthScale,
    List<RgbdEntry> frames,
    Optional<Loadable<TriangleMesh>> groundTruthMesh) {

  public RgbdDataset {
    frames = List.copyOf(frames);
  }

  /** The same sequence with other frames. */
  public RgbdDataset withFrames(List<RgbdEntry> newFrames) {
    return new RgbdDataset(name, camera, depthScale, newFrames, groundTruthMesh);
  }

  /**
   * Every {@code stride}-th frame from number {@code start} on, at most {@code maxFrames}.
   *
   * @throws IllegalArgumentException if nothing is left, or an argument is out of range
   */
  public RgbdDataset select(int start, int stride, int maxFrames) {
    if (start < 0 || start >= frames.size()) {
      throw new IllegalArgumentException(
          "start: %d (expected: 0 to %d, the sequence %s has %d frames)"
              .formatted(start, frames.size() - 1, name, frames.size()));
    }
    if (stride < 1) {
      throw new IllegalArgumentException("stride: %d (expected: > 0)".formatted(stride));
    }
    if (maxFrames < 1) {
      throw new IllegalArgumentException("max-frames: %d (expected: > 0)".formatted(maxFrames));
    }
    List<RgbdEntry> selected = new ArrayList<>();
    for (int i = start; i < frames.size() && selected.size() < maxFrames; i += stride) {
      selected.add(frames.get(i));
    }
    return withFrames(selected);
  }
}
