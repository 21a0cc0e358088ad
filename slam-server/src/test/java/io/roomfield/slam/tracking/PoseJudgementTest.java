package io.roomfield.slam.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.roomfield.geometry.SE3;
import io.roomfield.slam.alignment.Alignment;
import io.roomfield.slam.render.BatchLosses;
import java.util.Arrays;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PoseJudgementTest {
  private static final double MILLIMETRE = 0.001;

  @ParameterizedTest
  @CsvSource({
    "1, 1, TRACKING",
    "0.8, 0.5, TRACKING",
    "0.8, 0.49, UNCERTAIN",
    "0.4, 0.5, UNCERTAIN",
    "0.4, 0.49, LOST",
    "0, 0, LOST",
    "NaN, 1, LOST"
  })
  void alignedReadingsMustLieOnKnownSurfaces(
      double overlap, double agreement, TrackingStatus expected) {
    PoseJudgement judgement = aligned(overlap, agreement, MILLIMETRE);
    assertThat(judgement.status()).isEqualTo(expected);
    if (expected == TrackingStatus.TRACKING) {
      assertThat(judgement.reason()).isEmpty();
    } else {
      assertThat(judgement.reason())
          .endsWith(
              "of the readings lie on surfaces that keyframes have seen (expected: at least 40 %)");
    }
  }

  @Test
  void anAlignedPoseOfAnOpenDirectionIsUncertain() {
    assertThat(aligned(1, 1, 0.0199).status()).isEqualTo(TrackingStatus.TRACKING);
    PoseJudgement judgement = aligned(1, 1, 0.05);
    assertThat(judgement.status()).isEqualTo(TrackingStatus.UNCERTAIN);
    assertThat(judgement.reason())
        .isEqualTo("a direction is left open: position known to 0.050 m (expected: 0.020 m)");
    assertThat(aligned(1, 1, Double.NaN).status()).isEqualTo(TrackingStatus.UNCERTAIN);
  }

  @ParameterizedTest
  @CsvSource({
    "1, TRACKING",
    "0.5, TRACKING",
    "0.49, UNCERTAIN",
    "0.2, UNCERTAIN",
    "0.19, LOST",
    "NaN, LOST"
  })
  void theMapMustExplainTheDepth(double inlierShare, TrackingStatus expected) {
    assertThat(rendered(1e6, inlierShare).status()).isEqualTo(expected);
  }

  @Test
  void aRenderedPoseOfAnOpenDirectionIsUncertain() {
    PoseJudgement judgement = rendered(0, 1);
    assertThat(judgement.status()).isEqualTo(TrackingStatus.UNCERTAIN);
    assertThat(judgement.reason()).startsWith("a direction is left open");
  }

  @Test
  void covarianceOfARenderedPoseInvertsItsInformation() {
    double[] covariance = rendered(400, 1).covariance();
    // 1 / (400 + 1e-6): the prior of a kilometre hardly counts.
    assertThat(covariance[0]).isCloseTo(1.0 / 400, within(1e-10));
    assertThat(covariance[1]).isZero();
  }

  @Test
  void informationThatIsNotFiniteGivesNoCovariance() {
    PoseJudgement judgement = rendered(Double.NaN, 1);
    assertThat(judgement.status()).isEqualTo(TrackingStatus.UNCERTAIN);
    assertThat(Arrays.stream(judgement.covariance()).filter(Double::isFinite)).isEmpty();
  }

  /**
   * @param stddev of the position, all of it along x
   */
  private static PoseJudgement aligned(double overlap, double agreement, double stddev) {
    double[] covariance = new double[36];
    covariance[0] = stddev * stddev;
    return PoseJudgement.ofAlignment(
        new Alignment(SE3.IDENTITY, covariance, overlap, agreement, 0.4, 0.4, 0));
  }

  private static PoseJudgement rendered(double information, double inlierShare) {
    double[] matrix = SimpleMatrix.identity(6).scale(information).getDDRM().getData();
    return PoseJudgement.ofRendering(
        new PoseOptimizer.Estimate(
            SE3.IDENTITY, new BatchLosses(0, 0, 0, 0, 0, 0), matrix, inlierShare));
  }
}
