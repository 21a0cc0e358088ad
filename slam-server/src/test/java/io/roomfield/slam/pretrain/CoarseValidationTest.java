package io.roomfield.slam.pretrain;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomfield.slam.compute.ComputeBackend;
import io.roomfield.slam.compute.ComputeBackends;
import io.roomfield.slam.field.DecoderFamily;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class CoarseValidationTest {
  @Test
  void measuresTheSameRaysEachTimeAndOnlyTheNetworksCount() {
    DecoderFamily family = EmptyRoom.family();
    try (ComputeBackend backend = ComputeBackends.open("vector", 1)) {
      CoarseValidation validation =
          new CoarseValidation(family, EmptyRoom.GRID, EmptyRoom.set(4), backend);
      Training.Validation before = validation.validate();
      assertThat(before.figures())
          .containsOnlyKeys("coarse_cm", "far_plane_cm", "nearest_seen_cm", "rays")
          .containsEntry("coarse_cm", before.score());
      assertThat(before.figures().get("rays")).isGreaterThan(1000);
      assertThat(validation.validate()).isEqualTo(before);
      Arrays.fill(family.coarseEncoder().weights(), 0f);
      Training.Validation after = validation.validate();
      assertThat(after.score()).isNotEqualTo(before.score());
      assertThat(after.figures())
          .containsEntry("far_plane_cm", before.figures().get("far_plane_cm"))
          .containsEntry("nearest_seen_cm", before.figures().get("nearest_seen_cm"))
          .containsEntry("rays", before.figures().get("rays"));
    }
  }
}
