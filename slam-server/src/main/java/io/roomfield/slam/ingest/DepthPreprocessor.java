package io.roomfield.slam.ingest;

import io.roomfield.geometry.SupportedDepth;

/** What is done to an accepted frame's depth before anything reads it. */
public final class DepthPreprocessor {
  private DepthPreprocessor() {}

  /** The frame without flying pixels: see {@link SupportedDepth}. Its images as sent stay. */
  public static RgbdFrame process(RgbdFrame frame) {
    return new RgbdFrame(
        frame.sequenceNumber(),
        frame.timestampNanos(),
        frame.width(),
        frame.height(),
        SupportedDepth.of(frame.depthMetres(), frame.width(), frame.height()),
        frame.rgb(),
        frame.encoded());
  }
}
