package io.roomfield.slam.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class MappingBudgetTest {
  private static final long MILLI = 1_000_000;

  private final MappingBudget budget = new MappingBudget();

  @Test
  void withTimeToSpareThereIsNoRest() {
    budget.frame(false);
    budget.mapped(200, 0);
    assertThat(budget.share()).isEqualTo(1);
    assertThat(budget.allows(0)).isTrue();
  }

  @Test
  void aFrameThatWaitsMakesTheMapperRest() {
    budget.frame(true);
    assertThat(budget.share()).isEqualTo(0.8);
    assertThat(budget.allows(0)).as("before its first round").isTrue();
    budget.mapped(200, 0);
    // 200 ms of work are four fifths of 250 ms.
    assertThat(budget.allows(50 * MILLI - 1)).isFalse();
    assertThat(budget.allows(50 * MILLI)).isTrue();
  }

  @Test
  void theShareFallsFastAndRisesSlowlyWithinItsBounds() {
    for (int i = 0; i < 100; i++) {
      budget.frame(true);
    }
    assertThat(budget.share()).isEqualTo(0.1);
    budget.frame(false);
    assertThat(budget.share()).isCloseTo(0.11, within(1e-12));
    for (int i = 0; i < 100; i++) {
      budget.frame(false);
    }
    assertThat(budget.share()).isEqualTo(1);
  }
}
