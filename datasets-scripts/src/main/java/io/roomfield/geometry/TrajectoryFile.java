package io.roomfield.geometry;

import java.io.BufferedWriter;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Trajectories in the TUM RGB-D benchmark's text format: a pose per line, {@code timestamp tx ty tz
 * qx qy qz qw}; seconds, metres, camera-to-world; lines that start with {@code #} are comments.
 */
public final class TrajectoryFile {
  private static final int COLUMNS = 8;
  private static final int NANOS_DIGITS = 9;

  /** Of seconds: no more of them fit into a long as nanoseconds. */
  private static final int MAX_WHOLE_DIGITS = 10;

  private TrajectoryFile() {}

  /**
   * Writes {@code poses} in their order: times to the nanosecond, numbers to a nanometre and 1e-9
   * of a quaternion.
   *
   * @throws IOException if the file cannot be written
   */
  public static void write(Path file, List<TimedPose> poses) throws IOException {
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      out.write("# timestamp_s tx_m ty_m tz_m qx qy qz qw (camera-to-world)\n");
      for (TimedPose pose : poses) {
        SE3 p = pose.worldFromCamera();
        double[] q = p.quaternion();
        out.write(BigDecimal.valueOf(pose.timestampNanos(), NANOS_DIGITS).toPlainString());
        out.write(
            String.format(
                Locale.ROOT,
                " %.9f %.9f %.9f %.9f %.9f %.9f %.9f\n",
                p.tx(),
                p.ty(),
                p.tz(),
                q[0],
                q[1],
                q[2],
                q[3]));
      }
    }
  }

  /**
   * Reads a trajectory, in the file's order.
   *
   * @throws IOException naming file and line, what was expected and what came
   */
  public static List<TimedPose> read(Path file) throws IOException {
    List<TimedPose> poses = new ArrayList<>();
    int number = 0;
    for (String line : lines(file)) {
      number++;
      String text = line.strip();
      if (!text.isEmpty() && !text.startsWith("#")) {
        try {
          poses.add(parse(text));
        } catch (IllegalArgumentException | ArithmeticException e) {
          throw new IOException("%s, line %d: %s".formatted(file, number, e.getMessage()), e);
        }
      }
    }
    return poses;
  }

  private static List<String> lines(Path file) throws IOException {
    try {
      return Files.readAllLines(file);
    } catch (CharacterCodingException e) {
      throw new IOException(file + ": not text (expected: UTF-8)", e);
    }
  }

  private static TimedPose parse(String line) {
    String[] words = line.split("[\\s,]+", -1);
    if (words.length != COLUMNS) {
      throw new IllegalArgumentException(
          "%d numbers (expected: 8, timestamp tx ty tz qx qy qz qw)".formatted(words.length));
    }
    double[] v = new double[COLUMNS];
    for (int i = 1; i < COLUMNS; i++) {
      v[i] = number(words[i]).doubleValue();
    }
    long nanos = nanos(words[0]);
    return new TimedPose(nanos, SE3.fromQuaternion(v[4], v[5], v[6], v[7], v[1], v[2], v[3]));
  }

  /**
   * Decimal seconds to nanoseconds, rounded to the nearest, ties to even.
   *
   * @throws IllegalArgumentException if it is no number, or none that fits
   */
  public static long nanos(String seconds) {
    BigDecimal value = number(seconds);
    // Of 1e999999999 all digits would be worked out, only to say that they are too many.
    long wholeDigits = (long) value.precision() - value.scale();
    if (wholeDigits > MAX_WHOLE_DIGITS) {
      throw new IllegalArgumentException(
          "'%s' (expected: a time of at most %d digits before its point)"
              .formatted(seconds, MAX_WHOLE_DIGITS));
    }
    return wholeDigits < -NANOS_DIGITS
        ? 0
        : value.movePointRight(NANOS_DIGITS).setScale(0, RoundingMode.HALF_EVEN).longValueExact();
  }

  private static BigDecimal number(String word) {
    try {
      return new BigDecimal(word);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("'%s' (expected: a number)".formatted(word), e);
    }
  }
}
