package io.roomfield.slam.compute;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomfield.slam.field.FieldLevel;
import io.roomfield.slam.field.SceneField;
import io.roomfield.slam.render.BatchLosses;
import io.roomfield.slam.render.FieldGradient;
import io.roomfield.slam.render.PoseGradient;
import io.roomfield.slam.render.RenderedRays;
import org.assertj.core.data.Offset;

/**
 * How far a backend in float arithmetic may be from the oracle in double.
 *
 * <p>Two things part them. First, {@code p B} in float is off by about {@code |p B| 2^-23}: at the
 * {@link TestField#PAPER} field's 350 radians by 4e-5, which reaches occupancies through a slope of
 * at most {@code 10 / 4}, and flips about one rectifier in 1e5, each flip a whole unit's share of a
 * gradient. The other fields' arguments are at most a few radians to a few tens, which leaves the
 * rounding of sums of about a hundred products. Second, a backend may stop compositing where the
 * transmittance is below 1e-4 (decoders.md, 6) and so lose up to 1e-4 of a ray's weight: of its
 * depth 1e-4 times far (1.5 m), of its variance 1e-4 times far squared, and of a logit's gradient
 * {@code 10 * 1e-4} times far; the other fields are too thin to get there. The oracle never stops.
 *
 * <p>The same loops in float, stopping included, come to a fifth of these bounds or less, and to
 * two fifths for the paper field.
 *
 * @param value largest difference of a rendered or evaluated value
 * @param gradient largest difference of a gradient relative to its length, both Euclidean
 */
record Parity(double value, double gradient) {
  private static final Parity OF_THIN = new Parity(1e-5, 1e-4);
  private static final Parity OF_PAPER = new Parity(5e-4, 2e-2);

  static Parity of(TestField field) {
    return field.complete().equals(TestField.PAPER.complete()) ? OF_PAPER : OF_THIN;
  }

  void assertRendered(RenderedRays expected, RenderedRays actual) {
    assertValues("depth", expected.depth, actual.depth);
    assertValues("variance", expected.variance, actual.variance);
    assertValues("opacity", expected.opacity, actual.opacity);
    assertValues("colour", expected.colour, actual.colour);
  }

  void assertValues(String what, float[] expected, float[] actual) {
    assertThat(actual).as(what).hasSameSizeAs(expected);
    for (int i = 0; i < expected.length; i++) {
      assertThat(actual[i])
          .as("%s[%d]", what, i)
          .isEqualTo(expected[i], Offset.offset((float) value));
    }
  }

  /** Sums over a batch may differ by a value's tolerance per term. */
  void assertLosses(BatchLosses expected, BatchLosses actual, double termScale) {
    int terms = 1 + expected.depthCount() + expected.colourCount();
    assertThat(actual.total())
        .as("total")
        .isEqualTo(expected.total(), Offset.offset(value * termScale * terms));
    assertThat(actual.depthAbsSum())
        .as("depthAbsSum")
        .isEqualTo(expected.depthAbsSum(), Offset.offset(value * terms));
    assertThat(actual.colourAbsSum())
        .as("colourAbsSum")
        .isEqualTo(expected.colourAbsSum(), Offset.offset(value * terms));
    assertThat(actual.depthCount()).as("depthCount").isEqualTo(expected.depthCount());
    assertThat(actual.colourCount()).as("colourCount").isEqualTo(expected.colourCount());
    assertThat(actual.outliers()).as("outliers").isEqualTo(expected.outliers());
  }

  void assertFieldGradients(SceneField field, FieldGradient expected, FieldGradient actual) {
    for (FieldLevel level : FieldLevel.values()) {
      assertGradient(
          level + " features",
          TestField.sum(expected, level, field),
          TestField.sum(actual, level, field));
      assertGradient(
          level + " weights",
          TestField.sumWeights(expected, level, field),
          TestField.sumWeights(actual, level, field));
    }
  }

  void assertPoseGradients(PoseGradient expected, PoseGradient actual) {
    assertGradient("pose", doubles(expected.perRay()), doubles(actual.perRay()));
  }

  /** A gradient that is all zeros must be so exactly. */
  void assertGradient(String what, double[] expected, double[] actual) {
    double squaredDifference = 0;
    double squaredLength = 0;
    for (int i = 0; i < expected.length; i++) {
      double difference = actual[i] - expected[i];
      squaredDifference += difference * difference;
      squaredLength += expected[i] * expected[i];
    }
    double length = Math.sqrt(squaredLength);
    assertThat(Math.sqrt(squaredDifference))
        .as("gradient of %s: difference (length %s)", what, length)
        .isLessThanOrEqualTo(gradient * length);
  }

  static double[] doubles(float[] values) {
    double[] doubles = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      doubles[i] = values[i];
    }
    return doubles;
  }
}
