package io.roomfield.slam.session;

import io.roomfield.geometry.SE3;
import io.roomfield.slam.alignment.Alignment;
import io.roomfield.slam.mapping.Keyframe;
import io.roomfield.slam.posegraph.PoseEdge;
import io.roomfield.slam.posegraph.PoseEdge.Kind;
import io.roomfield.slam.tracking.FrontEnd;
import java.util.Optional;
import org.ejml.simple.SimpleMatrix;

/** The pose graph's edges: relative poses, measured by aligning one keyframe with another alone. */
final class KeyframeEdges {
  /**
   * What two keyframes of a sensor err by in each axis beyond the covariance of their alignment,
   * which knows noise only: calibration, registration, rolling shutter. Rendered clips leave
   * nothing, a Kinect beside motion capture 3 mm and 6 mrad, another one, whose true loops have to
   * be believed, more (docs/adr/0013).
   */
  private static final double SENSOR_METRES = 0.005;

  private static final double SENSOR_RADIANS = 0.008;

  /** Where two keyframes cannot be aligned: a pose that counts as tracked is as good as this. */
  private static final double TRACKED_METRES = 0.02;

  private static final double TRACKED_RADIANS = 0.02;

  private final FrontEnd frontEnd;

  KeyframeEdges(FrontEnd frontEnd) {
    this.frontEnd = frontEnd;
  }

  /**
   * What aligning says.
   *
   * @param worldFromTo where {@code to} is expected, {@code from} being where it is
   * @return empty where the alignment cannot be relied on
   */
  Optional<PoseEdge> measure(Keyframe from, Keyframe to, SE3 worldFromTo, Kind kind) {
    return frontEnd
        .align(to, from, worldFromTo)
        .map(
            aligned ->
                new PoseEdge(
                    from.id(),
                    to.id(),
                    relative(from, aligned.worldFromCamera()),
                    information(aligned),
                    kind));
  }

  /** What aligning says, or else what tracking said. */
  PoseEdge odometry(Keyframe from, Keyframe to) {
    return measure(from, to, to.worldFromCamera(), Kind.ODOMETRY)
        .orElseGet(
            () ->
                new PoseEdge(
                    from.id(),
                    to.id(),
                    relative(from, to.worldFromCamera()),
                    PoseEdge.isotropic(TRACKED_METRES, TRACKED_RADIANS),
                    Kind.ODOMETRY));
  }

  private static SE3 relative(Keyframe from, SE3 worldFromTo) {
    return from.worldFromCamera().inverse().times(worldFromTo).normalised();
  }

  /** The covariance turned from world axes to the camera's, the sensor's added, inverted. */
  private static double[] information(Alignment aligned) {
    SE3 t = aligned.worldFromCamera().inverse();
    SimpleMatrix rotation =
        new SimpleMatrix(
            3, 3, true, t.r00(), t.r01(), t.r02(), t.r10(), t.r11(), t.r12(), t.r20(), t.r21(),
            t.r22());
    SimpleMatrix both = new SimpleMatrix(PoseEdge.DIMENSIONS, PoseEdge.DIMENSIONS);
    both.insertIntoThis(0, 0, rotation);
    both.insertIntoThis(3, 3, rotation);
    double metres = SENSOR_METRES * SENSOR_METRES;
    double radians = SENSOR_RADIANS * SENSOR_RADIANS;
    SimpleMatrix covariance =
        both.mult(new SimpleMatrix(6, 6, true, aligned.covariance()))
            .mult(both.transpose())
            .plus(SimpleMatrix.diag(metres, metres, metres, radians, radians, radians));
    SimpleMatrix information = covariance.invert();
    // An inverse is symmetric up to rounding, an edge's information exactly.
    return information.plus(information.transpose()).divide(2).getDDRM().getData();
  }
}
