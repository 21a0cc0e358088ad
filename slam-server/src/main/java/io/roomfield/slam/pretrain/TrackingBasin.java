package io.roomfield.slam.pretrain;

import io.roomfield.geometry.SE3;
import io.roomfield.slam.compute.ComputeBackend;
import io.roomfield.slam.config.TrackingConfig;
import io.roomfield.slam.field.SceneField;
import io.roomfield.slam.render.RenderSettings;
import io.roomfield.slam.tracking.Tracker;
import io.roomfield.slam.tracking.TrackingResult;
import io.roomfield.slam.tracking.TrackingStatus;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * How near to the truth the tracker comes from disturbed poses, by depth alone: the maps of the
 * bench have no colour.
 */
final class TrackingBasin {
  /**
   * @param positionMedianCm at the end, over the views
   * @param rotationMedianDegrees likewise
   * @param lostShare of the views; a lost camera stays where it started
   */
  record Figures(double positionMedianCm, double rotationMedianDegrees, double lostShare) {}

  /** How far a start is from the truth, each in a random direction. */
  record Disturbance(double centimetres, double degrees) {
    String label() {
      return "%.0f cm, %.1f degrees".formatted(centimetres, degrees);
    }
  }

  static final List<Disturbance> DISTURBANCES =
      List.of(new Disturbance(1, 0.5), new Disturbance(2, 1), new Disturbance(5, 3));

  private static final double CENTIMETRES = 100;

  private final ComputeBackend backend;
  private final RenderSettings settings;
  private final TrackingConfig config;

  TrackingBasin(ComputeBackend backend, RenderSettings settings, TrackingConfig config) {
    this.backend = backend;
    this.settings = settings;
    this.config = config.withoutColour();
  }

  /** Per disturbance's label; disturbed alike by the same seed. */
  Map<String, Figures> measure(SceneField field, List<View> views, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Map<String, Figures> figures = new LinkedHashMap<>();
    for (Disturbance disturbance : DISTURBANCES) {
      figures.put(disturbance.label(), measure(field, views, disturbance, random));
    }
    return figures;
  }

  private Figures measure(
      SceneField field, List<View> views, Disturbance disturbance, SplittableRandom random) {
    double[] position = new double[views.size()];
    double[] rotation = new double[views.size()];
    int lost = 0;
    for (int i = 0; i < views.size(); i++) {
      View view = views.get(i);
      SE3 truth = view.worldFromCamera();
      Tracker tracker =
          new Tracker(
              config,
              settings,
              view.camera(),
              backend,
              Optional.empty(),
              disturbed(truth, disturbance, random),
              random.nextLong());
      TrackingResult result = tracker.track(view.frame(), field);
      SE3 error = truth.inverse().times(result.worldFromCamera());
      position[i] = CENTIMETRES * error.translationNorm();
      rotation[i] = Math.toDegrees(error.rotationAngle());
      lost += result.status() == TrackingStatus.LOST ? 1 : 0;
    }
    return new Figures(Median.of(position), Median.of(rotation), (double) lost / views.size());
  }

  private static SE3 disturbed(SE3 pose, Disturbance by, SplittableRandom random) {
    double[] v = randomVector(by.centimetres() / CENTIMETRES, random);
    double[] w = randomVector(Math.toRadians(by.degrees()), random);
    return pose.perturbed(v[0], v[1], v[2], w[0], w[1], w[2]);
  }

  private static double[] randomVector(double length, SplittableRandom random) {
    double x = random.nextGaussian();
    double y = random.nextGaussian();
    double z = random.nextGaussian();
    double scale = length / Math.sqrt(x * x + y * y + z * z);
    return new double[] {scale * x, scale * y, scale * z};
  }
}
