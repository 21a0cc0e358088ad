package io.roomfield.datasets;

import io.roomfield.geometry.PinholeCamera;
import io.roomfield.rooms.KinectNoise;
import io.roomfield.slam.v1.DepthImage;
import java.io.IOException;
import java.util.List;

/** A sequence whose clean depth passes through the noise model of a Kinect. */
public final class NoisyDepth {
  private NoisyDepth() {}

  /**
   * The same sequence with {@link KinectNoise}, encoded as RAW16.
   *
   * @param seed of the noise; a frame's noise depends on it and on the frame's index alone
   */
  public static RgbdDataset of(RgbdDataset clean, long seed) {
    List<RgbdEntry> frames =
        clean.frames().stream()
            .map(
                frame ->
                    new RgbdEntry(
                        frame.index(),
                        frame.timestampNanos(),
                        frame.colour(),
                        () -> noisy(clean, frame, seed),
                        frame.worldFromCamera()))
            .toList();
    return clean.withFrames(frames);
  }

  private static DepthImage noisy(RgbdDataset clean, RgbdEntry frame, long seed)
      throws IOException {
    PinholeCamera camera = clean.camera();
    float[] metres = DepthImages.metres(frame.depth().load(), camera, clean.depthScale());
    return DepthImages.raw(
        KinectNoise.apply(
            metres, camera.width(), camera.height(), camera.fx(), seed + frame.index()),
        clean.depthScale());
  }
}
