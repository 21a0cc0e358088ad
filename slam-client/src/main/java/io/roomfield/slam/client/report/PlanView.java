package io.roomfield.slam.client.report;

import io.roomfield.geometry.SE3;
import io.roomfield.geometry.TimedPose;
import java.util.List;

/**
 * The horizontal plane of a trajectory: up is the mean of the cameras' own up, as people hold
 * cameras; the origin is the first camera and forward its horizontal view. So the plan is right
 * whichever axis of the world points up.
 *
 * @param origin the first camera, metres
 * @param up unit length
 * @param forward unit length, horizontal
 */
@SuppressWarnings("ArrayRecordComponent") // compared by identity, never by value
record PlanView(double[] origin, double[] up, double[] forward) {
  /** Below this length the sum of unit vectors leaves the direction open. */
  private static final double MIN_LENGTH = 1e-3;

  /**
   * @param poses one or more
   */
  static PlanView of(List<TimedPose> poses) {
    SE3 first = poses.getFirst().worldFromCamera();
    double[] firstUp = first.rotate(0, -1, 0);
    double[] sum = new double[3];
    for (TimedPose pose : poses) {
      double[] cameraUp = pose.worldFromCamera().rotate(0, -1, 0);
      for (int i = 0; i < 3; i++) {
        sum[i] += cameraUp[i];
      }
    }
    double[] up = Math.sqrt(dot(sum, sum)) > MIN_LENGTH ? normalised(sum) : firstUp;
    double[] ahead = horizontal(first.rotate(0, 0, 1), up);
    boolean looksUpOrDown = Math.sqrt(dot(ahead, ahead)) < MIN_LENGTH;
    double[] forward = normalised(looksUpOrDown ? horizontal(firstUp, up) : ahead);
    return new PlanView(new double[] {first.tx(), first.ty(), first.tz()}, up, forward);
  }

  /** Unit length, horizontal, to the right of forward. */
  double[] right() {
    return new double[] {
      forward[1] * up[2] - forward[2] * up[1],
      forward[2] * up[0] - forward[0] * up[2],
      forward[0] * up[1] - forward[1] * up[0]
    };
  }

  /** Metres right of the origin. */
  double metresRight(SE3 pose) {
    return dot(fromOrigin(pose), right());
  }

  /** Metres in front of the origin. */
  double metresForward(SE3 pose) {
    return dot(fromOrigin(pose), forward);
  }

  private double[] fromOrigin(SE3 pose) {
    return new double[] {pose.tx() - origin[0], pose.ty() - origin[1], pose.tz() - origin[2]};
  }

  private static double[] horizontal(double[] v, double[] up) {
    double rise = dot(v, up);
    return new double[] {v[0] - rise * up[0], v[1] - rise * up[1], v[2] - rise * up[2]};
  }

  private static double[] normalised(double[] v) {
    double length = Math.sqrt(dot(v, v));
    return new double[] {v[0] / length, v[1] / length, v[2] / length};
  }

  private static double dot(double[] a, double[] b) {
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
  }
}
