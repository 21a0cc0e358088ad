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
    "0.4, 0.8, TRACKING",
    "0.39, 1, UNCERTAIN",
    "0.2, 1, UNCERTAIN",
    "0.19, 1, LOST",
    "1, 0.79, UNCERTAIN",
    "1, 0.7, UNCERTAIN",
    "1, 0.69, LOST",
    "NaN, 1, LOST",
    "1, NaN, LOST"
  })
  void whatKeyframesHaveSeenMustBeWhereTheyHaveSeenIt(
      double overlap, double agreement, TrackingStatus expected) {
    PoseJudgement judgement = aligned(overlap, agreement, MILLIMETRE);
    assertThat(judgement.status()).isEqualTo(expected);
    assertThat(judgement.reason().isEmpty()).isEqualTo(expected == TrackingStatus.TRACKING);
  }

  @Test
  void reasonsTellWhatWasExpectedAndWhatCame() {
    assertThat(aligned(0.3, 1, MILLIMETRE).reason())
        .isEqualTo("keyframes have seen 30 % of what the frame shows (expected: at least 40 %)");
    assertThat(aligned(1, 0.75, MILLIMETRE).reason())
        .isEqualTo(
            "75 % of what keyframes have seen too is where they have seen it (expected: at least"
                + " 80 %)");
  }

  @Test
  void otherColoursMakeAPoseUncertain() {
    Alignment aligned = new Alignment(SE3.IDENTITY, new double[36], 1, 1, 0.4, 2.5, 0);
    PoseJudgement judgement = PoseJudgement.ofAlignment(aligned, SE3.IDENTITY);
    assertThat(judgement.status()).isEqualTo(TrackingStatus.UNCERTAIN);
    assertThat(judgement.reason())
        .isEqualTo("colours differ from what keyframes have seen: 2.50 (expected: at most 2.00)");
  }

  @ParameterizedTest
  @CsvSource({"0.049, 0, TRACKING", "0.051, 0, UNCERTAIN", "0, 2.9, TRACKING", "0, 3.1, UNCERTAIN"})
  void aJumpMayHaveEndedInALookAlike(double metres, double degrees, TrackingStatus expected) {
    Alignment aligned = new Alignment(SE3.IDENTITY, new double[36], 1, 1, 0.4, 0.4, 0);
    SE3 predicted = SE3.IDENTITY.perturbed(metres, 0, 0, 0, Math.toRadians(degrees), 0);
    assertThat(PoseJudgement.ofAlignment(aligned, predicted).status()).isEqualTo(expected);
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
        new Alignment(SE3.IDENTITY, covariance, overlap, agreement, 0.4, 0.4, 0), SE3.IDENTITY);
  }

  private static PoseJudgement rendered(double information, double inlierShare) {
    double[] matrix = SimpleMatrix.identity(6).scale(information).getDDRM().getData();
    return PoseJudgement.ofRendering(
        new PoseOptimizer.Estimate(
            SE3.IDENTITY, new BatchLosses(0, 0, 0, 0, 0, 0), matrix, inlierShare));
  }
}
