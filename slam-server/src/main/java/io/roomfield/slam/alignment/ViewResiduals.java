package io.roomfield.slam.alignment;

import io.roomfield.geometry.PinholeCamera;
import io.roomfield.geometry.SE3;
import io.roomfield.slam.fusion.DepthNoise;
import java.util.stream.IntStream;

/**
 * What a frame's pixels say of its pose when they are seen from a reference view. A reading at
 * {@code p} in the frame's camera is at {@code x = referenceFromCamera p} in the reference's, which
 * sees there, at {@code u = pi(x)}, a depth {@code D(u)} and an intensity {@code I(u)}:
 *
 * <ul>
 *   <li>geometry: {@code (D(u) - x_z) / |dD/du dpi/dx - e_z|}, the distance from the reference's
 *       surface along its normal (point to plane, projective association: Chen and Medioni, ICRA
 *       1991; Newcombe et al., <em>KinectFusion</em>, section 3.5);
 *   <li>colour: {@code (1 + gain) I(u) + offset - i(p)}, with the frame's intensity {@code i} (Kerl
 *       et al., <em>Dense Visual SLAM for RGB-D Cameras</em>, IROS 2013) and a change of exposure
 *       (Engel et al., <em>Direct Sparse Odometry</em>, PAMI 2018, eq. 4).
 * </ul>
 *
 * Derivatives are towards a turn and a shift of the frame's camera about its own centre (see {@link
 * SE3#perturbed}) in the reference's axes, translation first; then gain and offset.
 */
final class ViewResiduals {
  /** Unknowns of the geometric and of the photometric terms. */
  static final int POSE = 6;

  static final int POSE_AND_EXPOSURE = 8;

  /** From so many standard deviations on a residual counts linearly. */
  private static final double HUBER = 1.5;

  /** Distances beyond this say nothing of the pose, metres. */
  private static final double MAX_DISTANCE = 0.06;

  /** Intensities that differ by more belong to different things. */
  private static final double MAX_INTENSITY_DIFFERENCE = 0.25;

  /** Gradients below this, intensity a pixel, may be the image's noise. */
  private static final double LEAST_GRADIENT = 0.01;

  /** Two depths belong to one surface within this much, metres and share of the depth. */
  private static final double SAME_METRES = 0.03;

  private static final double SAME_SHARE = 0.02;

  private static final double NEAREST_METRES = 0.1;

  /** Two readings' noise; along the normal it shrinks with the angle of sight, down to this. */
  private static final double TWO_READINGS = Math.sqrt(2);

  private static final double LEAST_COSINE = 0.3;

  /** Bands of rows, summed in order: the sums do not depend on the number of threads. */
  private static final int BANDS = 16;

  private final FramePyramid.Level frame;
  private final FramePyramid.Level reference;
  private final SE3 referenceFromCamera;
  private final Exposure exposure;
  private final double intensitySigma;

  final NormalEquations geometry = new NormalEquations(POSE);
  final NormalEquations colour = new NormalEquations(POSE_AND_EXPOSURE);
  private int readings;
  private int seen;
  private int agreeing;

  private ViewResiduals(
      FramePyramid.Level frame,
      FramePyramid.Level reference,
      SE3 referenceFromCamera,
      Exposure exposure,
      double intensitySigma) {
    this.frame = frame;
    this.reference = reference;
    this.referenceFromCamera = referenceFromCamera;
    this.exposure = exposure;
    this.intensitySigma = intensitySigma;
  }

  /** The sums over all pixels of a frame. */
  static ViewResiduals sum(
      FramePyramid.Level frame,
      FramePyramid.Level reference,
      SE3 referenceFromCamera,
      Exposure exposure,
      double intensitySigma) {
    ViewResiduals[] bands = new ViewResiduals[BANDS];
    int height = frame.camera().height();
    IntStream.range(0, BANDS)
        .parallel()
        .forEach(
            i -> {
              bands[i] =
                  new ViewResiduals(
                      frame, reference, referenceFromCamera, exposure, intensitySigma);
              bands[i].addRows(height * i / BANDS, height * (i + 1) / BANDS);
            });
    ViewResiduals sum = bands[0];
    for (int i = 1; i < BANDS; i++) {
      sum.add(bands[i]);
    }
    return sum;
  }

  private void add(ViewResiduals band) {
    geometry.add(band.geometry);
    colour.add(band.colour);
    readings += band.readings;
    seen += band.seen;
    agreeing += band.agreeing;
  }

  /** The frame's readings. */
  int readings() {
    return readings;
  }

  /** Those where the reference has a reading as well. */
  int seen() {
    return seen;
  }

  /** Those of them on the reference's surface. */
  int agreeing() {
    return agreeing;
  }

  private void addRows(int from, int to) {
    PinholeCamera c = frame.camera();
    PinholeCamera r = reference.camera();
    SE3 t = referenceFromCamera;
    Pixel pixel = new Pixel();
    for (int row = from; row < to; row++) {
      double slopeY = (row - c.cy()) / c.fy();
      for (int column = 0; column < c.width(); column++) {
        float z = frame.depthMetres()[row * c.width() + column];
        if (!(z > 0)) {
          continue;
        }
        readings++;
        double px = z * (column - c.cx()) / c.fx();
        double py = z * slopeY;
        pixel.armX = t.r00() * px + t.r01() * py + t.r02() * z;
        pixel.armY = t.r10() * px + t.r11() * py + t.r12() * z;
        pixel.armZ = t.r20() * px + t.r21() * py + t.r22() * z;
        pixel.x = pixel.armX + t.tx();
        pixel.y = pixel.armY + t.ty();
        pixel.z = pixel.armZ + t.tz();
        if (pixel.z > NEAREST_METRES) {
          double u = r.fx() * pixel.x / pixel.z + r.cx();
          double v = r.fy() * pixel.y / pixel.z + r.cy();
          if (u >= 0 && v >= 0 && u < r.width() - 1 && v < r.height() - 1) {
            pixel.reading = z;
            pixel.intensity = frame.intensity()[row * c.width() + column];
            addPixel(pixel, u, v);
          }
        }
      }
    }
  }

  /** A reading of the frame in the reference's axes: its place, and its arm from the camera. */
  private static final class Pixel {
    double x;
    double y;
    double z;
    double armX;
    double armY;
    double armZ;
    double reading;
    double intensity;
    final double[] jacobian = new double[POSE_AND_EXPOSURE];

    /** Fills in {@code dr/d(shift, turn)} from {@code dr/dx}. */
    void jacobian(double jx, double jy, double jz) {
      jacobian[0] = jx;
      jacobian[1] = jy;
      jacobian[2] = jz;
      jacobian[3] = armY * jz - armZ * jy;
      jacobian[4] = armZ * jx - armX * jz;
      jacobian[5] = armX * jy - armY * jx;
    }
  }

  private void addPixel(Pixel p, double u, double v) {
    int width = reference.camera().width();
    float[] depth = reference.depthMetres();
    float nearest = depth[(int) Math.rint(v) * width + (int) Math.rint(u)];
    if (!(nearest > 0)) {
      return;
    }
    seen++;
    double same = SAME_METRES + SAME_SHARE * p.z;
    if (Math.abs(nearest - p.z) > same) {
      return;
    }
    agreeing++;
    int column = (int) u;
    int row = (int) v;
    int at = row * width + column;
    double fu = u - column;
    double fv = v - row;
    addIntensity(p, at, fu, fv);
    float a = depth[at];
    float b = depth[at + 1];
    float c = depth[at + width];
    float d = depth[at + width + 1];
    float least = Math.min(Math.min(a, b), Math.min(c, d));
    float most = Math.max(Math.max(a, b), Math.max(c, d));
    if (least > 0 && most - least < same) {
      addDistance(
          p, mix(mix(a, b, fu), mix(c, d, fu), fv), mix(b - a, d - c, fv), mix(c - a, d - b, fu));
    }
  }

  /**
   * @param depth of the reference's surface
   * @param perU its change over a pixel to the right
   * @param perV and down
   */
  private void addDistance(Pixel p, double depth, double perU, double perV) {
    double jx = perU * reference.camera().fx() / p.z;
    double jy = perV * reference.camera().fy() / p.z;
    double jz = -(jx * p.x + jy * p.y) / p.z - 1;
    double length = Math.sqrt(jx * jx + jy * jy + jz * jz);
    double distance = (depth - p.z) / length;
    if (Math.abs(distance) > MAX_DISTANCE) {
      return;
    }
    jx /= length;
    jy /= length;
    jz /= length;
    double arm = Math.sqrt(p.armX * p.armX + p.armY * p.armY + p.armZ * p.armZ);
    double cosine = Math.abs(jx * p.armX + jy * p.armY + jz * p.armZ) / arm;
    double sigma = TWO_READINGS * DepthNoise.sigma(p.reading) * Math.max(LEAST_COSINE, cosine);
    p.jacobian(jx, jy, jz);
    geometry.add(p.jacobian, distance, sigma, HUBER);
  }

  private void addIntensity(Pixel p, int at, double fu, double fv) {
    int width = reference.camera().width();
    float[] i = reference.intensity();
    float a = i[at];
    float b = i[at + 1];
    float c = i[at + width];
    float d = i[at + width + 1];
    double seen = mix(mix(a, b, fu), mix(c, d, fu), fv);
    double difference = (1 + exposure.gain()) * seen + exposure.offset() - p.intensity;
    if (Math.abs(difference) > MAX_INTENSITY_DIFFERENCE) {
      return;
    }
    double perU = mix(b - a, d - c, fv);
    double perV = mix(c - a, d - b, fu);
    if (perU * perU + perV * perV < LEAST_GRADIENT * LEAST_GRADIENT) {
      return;
    }
    double scale = 1 + exposure.gain();
    double jx = scale * perU * reference.camera().fx() / p.z;
    double jy = scale * perV * reference.camera().fy() / p.z;
    p.jacobian(jx, jy, -(jx * p.x + jy * p.y) / p.z);
    p.jacobian[POSE] = seen;
    p.jacobian[POSE + 1] = 1;
    colour.add(p.jacobian, difference, intensitySigma, HUBER);
  }

  private static double mix(double a, double b, double fraction) {
    return a + fraction * (b - a);
  }
}
