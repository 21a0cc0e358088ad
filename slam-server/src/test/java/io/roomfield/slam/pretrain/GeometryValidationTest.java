package io.roomfield.slam.pretrain;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomfield.slam.compute.ComputeBackend;
import io.roomfield.slam.compute.ComputeBackends;
import io.roomfield.slam.field.DecoderFamily;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class GeometryValidationTest {
  @Test
  void scoresDepthAndSurfaceBeforeAndAfterAFewIterationsAndRepeats() {
    DecoderFamily family = EmptyRoom.family();
    float[] weights = family.mid().weights().clone();
    try (ComputeBackend backend = ComputeBackends.open("vector", 1)) {
      GeometryValidation validation =
          new GeometryValidation(family, EmptyRoom.GRID, EmptyRoom.set(2), 0.01, backend);
      Training.Validation once = validation.validate();
      Map<String, Double> figures = once.figures();
      assertThat(figures).hasSize(12);
      double score = 0;
      for (String at : new String[] {"@0", "@15"}) {
        double wrong = figures.get("front_5cm" + at) + 1 - figures.get("behind_5cm" + at);
        score +=
            figures.get("l1_mean_cm" + at)
                + figures.get("l1_median_cm" + at)
                + figures.get("spread_cm" + at)
                + 20 * wrong;
      }
      assertThat(once.score()).isCloseTo(score, Offset.offset(1e-9)).isFinite();
      assertThat(figures.get("l1_mean_cm@15"))
          .as("iterations move features")
          .isNotEqualTo(figures.get("l1_mean_cm@0"));
      assertThat(validation.validate()).isEqualTo(once);
      assertThat(family.mid().weights()).as("networks stay").isEqualTo(weights);
    }
  }
}
