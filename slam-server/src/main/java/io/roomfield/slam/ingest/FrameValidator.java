package io.roomfield.slam.ingest;

import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;

/**
 * What a frame must satisfy beyond its images' form: numbers and times that increase, and depths
 * that make sense in metres. One session's; one thread at a time.
 */
public final class FrameValidator {
  /** A room's median depth lies between these, metres. */
  static final double MIN_MEDIAN_DEPTH = 0.1;

  static final double MAX_MEDIAN_DEPTH = 20;

  /** Depths that the median is taken of, at most: evenly spaced among the valid ones. */
  private static final int MEDIAN_SAMPLES = 4096;

  /**
   * Units per metre in use: metres; millimetres (Kinect, RealSense, ScanNet); TUM RGB-D; Replica as
   * NICE-SLAM ships it.
   */
  private static final double[] COMMON_SCALES = {1, 1000, 5000, 6553.5};

  /**
   * Numbers from here on, 2^64 - 2^31, are of {@link #keyframeNumber keyframes without a frame}.
   */
  private static final long FIRST_RESERVED = Integer.MIN_VALUE;

  private final double depthScale;
  private boolean any;
  private long lastSequenceNumber;
  private long lastTimestampNanos;

  /**
   * @param depthScale the session's units per metre, for advice in errors
   */
  public FrameValidator(double depthScale) {
    this.depthScale = depthScale;
  }

  /**
   * The sequence number of a keyframe whose frame is none of the session's, as in a map that was
   * opened: -1, -2, ..., which are 2^64 - 1 downwards in the API. No client's frame may have it.
   */
  public static long keyframeNumber(int keyframeId) {
    return -1L - keyframeId;
  }

  /**
   * Checks number and time against the last accepted frame's.
   *
   * @throws BadInputException if one does not increase, or the number is a keyframe's
   */
  public void checkOrder(long sequenceNumber, long timestampNanos) {
    if (Long.compareUnsigned(sequenceNumber, FIRST_RESERVED) >= 0) {
      throw refusal(
          sequenceNumber,
          "frame.sequence_number",
          "< %s, where numbers of opened maps' keyframes begin"
              .formatted(Long.toUnsignedString(FIRST_RESERVED)),
          Long.toUnsignedString(sequenceNumber),
          "sequence number");
    }
    if (!any) {
      return;
    }
    if (Long.compareUnsigned(sequenceNumber, lastSequenceNumber) <= 0) {
      throw refusal(
          sequenceNumber,
          "frame.sequence_number",
          "> " + Long.toUnsignedString(lastSequenceNumber) + ", the last accepted frame's",
          Long.toUnsignedString(sequenceNumber),
          "sequence number");
    }
    if (timestampNanos <= lastTimestampNanos) {
      throw refusal(
          sequenceNumber,
          "frame.timestamp_ns",
          "> " + lastTimestampNanos + ", the last accepted frame's",
          Long.toString(timestampNanos),
          "timestamp");
    }
  }

  /**
   * Checks that there are depths and that their median is a room's.
   *
   * @throws BadInputException if there is no reading at all, or the median is outside 0.1 to 20 m;
   *     it names the depth scales that would fit
   */
  public void checkDepth(RgbdFrame frame) {
    double median = median(frame.depthMetres());
    if (Double.isNaN(median)) {
      throw refusal(
          frame.sequenceNumber(),
          "frame.depth.data",
          "at least one pixel with a reading",
          "all zero",
          "depth image");
    }
    if (!(median >= MIN_MEDIAN_DEPTH && median <= MAX_MEDIAN_DEPTH)) {
      throw refusal(
          frame.sequenceNumber(),
          "depth_scale",
          "%s to %s m; %s".formatted(MIN_MEDIAN_DEPTH, MAX_MEDIAN_DEPTH, advice(median)),
          "%.4g m at depth scale %s".formatted(median, plain(depthScale)),
          "median depth");
    }
  }

  /** Takes a frame's number and time as the last accepted ones. */
  public void accept(long sequenceNumber, long timestampNanos) {
    any = true;
    lastSequenceNumber = sequenceNumber;
    lastTimestampNanos = timestampNanos;
  }

  private String advice(double median) {
    double raw = median * depthScale;
    double[] fitting =
        Arrays.stream(COMMON_SCALES)
            .filter(s -> raw / s >= MIN_MEDIAN_DEPTH && raw / s <= MAX_MEDIAN_DEPTH)
            .toArray();
    if (fitting.length == 0) {
      return "a depth scale from %.4g to %.4g would fit"
          .formatted(raw / MAX_MEDIAN_DEPTH, raw / MIN_MEDIAN_DEPTH);
    }
    return "a depth scale of %s would fit"
        .formatted(
            DoubleStream.of(fitting)
                .mapToObj(FrameValidator::plain)
                .collect(Collectors.joining(" or ")));
  }

  private static String plain(double value) {
    return value == Math.rint(value) ? "%.0f".formatted(value) : Double.toString(value);
  }

  /** Median of (at most {@value #MEDIAN_SAMPLES} of) the depths above 0; NaN without any. */
  private static double median(float[] depthMetres) {
    int valid = 0;
    for (float depth : depthMetres) {
      valid += depth > 0 ? 1 : 0;
    }
    if (valid == 0) {
      return Double.NaN;
    }
    int step = (valid + MEDIAN_SAMPLES - 1) / MEDIAN_SAMPLES;
    float[] samples = new float[(valid + step - 1) / step];
    int seen = 0;
    for (float depth : depthMetres) {
      if (depth > 0) {
        if (seen % step == 0) {
          samples[seen / step] = depth;
        }
        seen++;
      }
    }
    Arrays.sort(samples);
    return samples[samples.length / 2];
  }

  private static BadInputException refusal(
      long sequenceNumber, String field, String expected, String got, String what) {
    return new BadInputException(
        field,
        expected,
        got,
        "frame %s: %s: %s (expected: %s)"
            .formatted(Long.toUnsignedString(sequenceNumber), what, got, expected));
  }
}
