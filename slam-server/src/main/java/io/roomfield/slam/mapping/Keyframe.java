package io.roomfield.slam.mapping;

import io.roomfield.geometry.SE3;
import io.roomfield.slam.ingest.RgbdFrame;
import io.roomfield.slam.render.FramePixels;

/** A frame that is kept, with its pose as bundle adjustment last left it. */
public final class Keyframe {
  private final int id;
  private final RgbdFrame frame;
  private final FramePixels pixels;
  private volatile SE3 worldFromCamera;

  public Keyframe(int id, RgbdFrame frame, SE3 worldFromCamera) {
    this.id = id;
    this.frame = frame;
    this.worldFromCamera = worldFromCamera;
    pixels = FramePixels.of(frame.depthMetres(), frame.rgb());
  }

  /** Counted from 0. */
  public int id() {
    return id;
  }

  public RgbdFrame frame() {
    return frame;
  }

  /** The frame's images as ray sampling reads them. */
  public FramePixels pixels() {
    return pixels;
  }

  public SE3 worldFromCamera() {
    return worldFromCamera;
  }

  void moveTo(SE3 refined) {
    worldFromCamera = refined;
  }
}
