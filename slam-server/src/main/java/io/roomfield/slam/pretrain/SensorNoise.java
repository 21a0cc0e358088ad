package io.roomfield.slam.pretrain;

import io.roomfield.rooms.KinectNoise;
import io.roomfield.rooms.TimeOfFlightNoise;
import java.util.SplittableRandom;

/** The sensor that an episode pretends to have been recorded with. */
enum SensorNoise {
  NONE,
  KINECT,
  TIME_OF_FLIGHT;

  /** Exact depth in a fifth of the episodes, the two kinds of sensor in the others. */
  static SensorNoise draw(SplittableRandom random) {
    double u = random.nextDouble();
    return u < 0.2 ? NONE : u < 0.7 ? KINECT : TIME_OF_FLIGHT;
  }

  /** A view's depth as the sensor would give it: {@code [height, width]} metres, 0 for none. */
  float[] apply(float[] exact, long seed) {
    return switch (this) {
      case NONE -> exact;
      case KINECT ->
          KinectNoise.apply(exact, TrainingWalk.CAMERA, TrainingWalk.SENSOR_FOCAL_PIXELS, seed);
      case TIME_OF_FLIGHT -> TimeOfFlightNoise.apply(exact, TrainingWalk.CAMERA, seed);
    };
  }
}
