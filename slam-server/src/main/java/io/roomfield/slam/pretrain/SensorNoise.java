package io.roomfield.slam.pretrain;

import io.roomfield.rooms.KinectNoise;
import io.roomfield.rooms.TimeOfFlightNoise;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/** The sensor that an episode pretends to have been recorded with. */
enum SensorNoise {
  NONE("exact depth", 0.2),
  KINECT("the noise of structured light", 0.5),
  TIME_OF_FLIGHT("the noise of time of flight", 0.3);

  private final String text;
  private final double share;

  SensorNoise(String text, double share) {
    this.text = text;
    this.share = share;
  }

  /** How often each is drawn, in words. */
  static String description() {
    return Arrays.stream(values())
        .map(noise -> "%s in %s of the episodes".formatted(noise.text, noise.share))
        .collect(Collectors.joining(", "));
  }

  /** One of them, each as often as its share says. */
  static SensorNoise draw(SplittableRandom random) {
    double u = random.nextDouble();
    return u < NONE.share ? NONE : u < NONE.share + KINECT.share ? KINECT : TIME_OF_FLIGHT;
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
