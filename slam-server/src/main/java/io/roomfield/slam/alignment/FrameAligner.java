package io.roomfield.slam.alignment;

import io.roomfield.geometry.SE3;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.ejml.simple.SimpleMatrix;

/**
 * Finds the pose of a frame by aligning its depth and colour with reference views: coarse to fine,
 * Gauss-Newton steps on distances along the normals and on intensities ({@link ViewResiduals}), the
 * motion model as a weak prior, and only it and colour where the surfaces in view leave a direction
 * open ({@link GeometryDirections}).
 */
public final class FrameAligner {
  /** Steps a level at most; most levels converge in two to four. */
  private static final int MAX_STEPS = 8;

  /** A level has converged when a step is shorter than this, metres and radians, times 2^level. */
  private static final double CONVERGED = 1e-4;

  /** No step is longer, metres and radians: what is farther away is another surface. */
  private static final double MAX_STEP = 0.1;

  /** Deviations of a prediction of the motion model, metres and radians. */
  private static final double PRIOR_METRES = 0.05;

  private static final double PRIOR_RADIANS = 0.05;

  /**
   * Residuals of neighbouring pixels err together: this many count as one. Chosen so that errors
   * match the covariance, docs/accuracy.md.
   */
  private static final double CORRELATED = 100;

  /** A frame with readings at a smaller share of its pixels has less to say than its overlap. */
  private static final double LEAST_READINGS = 0.1;

  private static final int POSE = ViewResiduals.POSE;

  private final double intensitySigma;

  /**
   * @param intensitySigma standard deviation of an intensity residual, intensities in 0..1
   */
  public FrameAligner(double intensitySigma) {
    this.intensitySigma = intensitySigma;
  }

  /**
   * Aligns a frame with views.
   *
   * @param predicted where the frame is expected; within about 10 cm and 5 degrees of the truth
   * @param references at least one; each adds its residuals
   * @throws IllegalArgumentException if there is no reference
   */
  public Alignment align(FramePyramid frame, List<ReferenceView> references, SE3 predicted) {
    if (references.isEmpty()) {
      throw new IllegalArgumentException("references: none (expected: at least one)");
    }
    int coarsest = frame.levels().size() - 1;
    SE3 pose = predicted;
    Exposure[] exposures = new Exposure[references.size()];
    Arrays.fill(exposures, Exposure.SAME);
    NormalSystem at = null;
    GeometryDirections directions = null;
    for (int level = coarsest; level >= 0; level--) {
      for (int step = 0; step < MAX_STEPS; step++) {
        at = new NormalSystem(frame, references, level);
        at.sum(pose, exposures, intensitySigma);
        if (level == coarsest) {
          // Noise weighs least in the normals of large pixels.
          directions = GeometryDirections.of(at.geometry, at.geometryWeights);
        }
        double[] twist = at.step(directions, pose, predicted);
        pose = moved(pose, twist);
        at.expose(twist, exposures);
        if (length(twist, 0) < CONVERGED * (1 << level)
            && length(twist, 3) < CONVERGED * (1 << level)) {
          break;
        }
      }
    }
    return at.alignment(pose.normalised(), directions);
  }

  private static SE3 moved(SE3 pose, double[] x) {
    return pose.perturbed(x[0], x[1], x[2], x[3], x[4], x[5]);
  }

  private static double length(double[] x, int from) {
    return Math.sqrt(x[from] * x[from] + x[from + 1] * x[from + 1] + x[from + 2] * x[from + 2]);
  }

  /** The normal equations of all references at a pose, in world axes. */
  private static final class NormalSystem {
    private final FramePyramid frame;
    private final List<ReferenceView> references;
    private final int level;
    private final List<ColourTerms> colourTerms = new ArrayList<>();
    private SimpleMatrix geometry = new SimpleMatrix(POSE, POSE);
    private SimpleMatrix geometryGradient = new SimpleMatrix(POSE, 1);
    private SimpleMatrix colour = new SimpleMatrix(POSE, POSE);
    private SimpleMatrix colourGradient = new SimpleMatrix(POSE, 1);
    private double geometryWeights;
    private double overlap;
    private double agreement;
    private double depthCost;
    private double colourCost;

    /** {@code H} after the last step, without the directions that were left out. */
    private SimpleMatrix information;

    NormalSystem(FramePyramid frame, List<ReferenceView> references, int level) {
      this.frame = frame;
      this.references = references;
      this.level = level;
    }

    void sum(SE3 pose, Exposure[] exposures, double intensitySigma) {
      for (int i = 0; i < references.size(); i++) {
        ReferenceView reference = references.get(i);
        ViewResiduals residuals =
            ViewResiduals.sum(
                frame.levels().get(level),
                reference.pyramid().levels().get(level),
                reference.worldFromCamera().inverse().times(pose),
                exposures[i],
                intensitySigma);
        add(residuals, reference.worldFromCamera());
      }
    }

    /** Turns a reference's axes into the world's and adds. */
    private void add(ViewResiduals residuals, SE3 worldFromReference) {
      SimpleMatrix turn = twistRotation(worldFromReference);
      geometry = geometry.plus(turn.mult(residuals.geometry.matrix()).mult(turn.transpose()));
      geometryGradient = geometryGradient.plus(turn.mult(residuals.geometry.gradient()));
      geometryWeights += residuals.geometry.weights();
      ColourTerms terms = ColourTerms.of(residuals.colour, turn);
      colourTerms.add(terms);
      colour = colour.plus(terms.reduced());
      colourGradient = colourGradient.plus(terms.reducedGradient());
      int pixels = frame.levels().get(level).depthMetres().length;
      double share = residuals.seen() / Math.max(residuals.readings(), LEAST_READINGS * pixels);
      if (share >= overlap) {
        overlap = share;
        agreement = residuals.seen() == 0 ? 0 : (double) residuals.agreeing() / residuals.seen();
        depthCost = residuals.geometry.meanCost();
        colourCost = residuals.colour.meanCost();
      }
    }

    /** Follows a step of the pose with the exposures. */
    void expose(double[] twist, Exposure[] exposures) {
      for (int i = 0; i < exposures.length; i++) {
        exposures[i] = colourTerms.get(i).follow(exposures[i], twist);
      }
    }

    private static SimpleMatrix twistRotation(SE3 t) {
      SimpleMatrix r =
          new SimpleMatrix(
              3, 3, true, t.r00(), t.r01(), t.r02(), t.r10(), t.r11(), t.r12(), t.r20(), t.r21(),
              t.r22());
      SimpleMatrix both = new SimpleMatrix(POSE, POSE);
      both.insertIntoThis(0, 0, r);
      both.insertIntoThis(3, 3, r);
      return both;
    }

    /** The Gauss-Newton step, no longer than {@link #MAX_STEP}. */
    double[] step(GeometryDirections directions, SE3 pose, SE3 predicted) {
      SimpleMatrix prior = prior();
      information = directions.matrix(geometry).plus(colour).divide(CORRELATED).plus(prior);
      SimpleMatrix gradient =
          directions
              .gradient(geometryGradient)
              .plus(colourGradient)
              .divide(CORRELATED)
              .plus(prior.mult(offset(pose, predicted)));
      double[] x = information.solve(gradient).negative().getDDRM().getData();
      double longest = Math.max(length(x, 0), length(x, 3));
      if (longest > MAX_STEP) {
        for (int i = 0; i < POSE; i++) {
          x[i] *= MAX_STEP / longest;
        }
      }
      return x;
    }

    private static SimpleMatrix prior() {
      double shift = 1 / (PRIOR_METRES * PRIOR_METRES);
      double turn = 1 / (PRIOR_RADIANS * PRIOR_RADIANS);
      return SimpleMatrix.diag(shift, shift, shift, turn, turn, turn);
    }

    /** The twist that moves the prediction to the pose. */
    private static SimpleMatrix offset(SE3 pose, SE3 predicted) {
      SE3 turned = pose.times(predicted.inverse());
      double[] turn = turned.rotationVector();
      return new SimpleMatrix(
          POSE,
          1,
          true,
          pose.tx() - predicted.tx(),
          pose.ty() - predicted.ty(),
          pose.tz() - predicted.tz(),
          turn[0],
          turn[1],
          turn[2]);
    }

    Alignment alignment(SE3 pose, GeometryDirections directions) {
      return new Alignment(
          pose,
          information.invert().getDDRM().getData(),
          overlap,
          agreement,
          depthCost,
          colourCost,
          directions.open());
    }
  }
}
