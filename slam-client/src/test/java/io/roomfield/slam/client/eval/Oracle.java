package io.roomfield.slam.client.eval;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.roomfield.geometry.SE3;
import io.roomfield.geometry.TimedPose;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** Numbers that {@code src/test/python/eval_oracle.py} worked out with NumPy. */
final class Oracle {
  /**
   * Both sides compute in double precision over a few dozen values of size 1: they differ by
   * rounding, which stays below 1e-13; 1e-9 is what the fixture promises.
   */
  static final double TOLERANCE = 1e-9;

  private Oracle() {}

  static JsonNode read() {
    try (InputStream in = Oracle.class.getResourceAsStream("eval_oracle.json")) {
      return new ObjectMapper().readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<TimedPose> poses(JsonNode trajectory, String name) {
    List<TimedPose> poses = new ArrayList<>();
    for (JsonNode matrix : trajectory.get(name)) {
      long time = trajectory.get("timestamps_ns").get(poses.size()).asLong();
      poses.add(new TimedPose(time, SE3.fromMatrix(numbers(matrix))));
    }
    return poses;
  }

  static double[] numbers(JsonNode array) {
    double[] values = new double[array.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = array.get(i).asDouble();
    }
    return values;
  }

  static int[] integers(JsonNode array) {
    int[] values = new int[array.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = array.get(i).asInt();
    }
    return values;
  }
}
