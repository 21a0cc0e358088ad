package io.roomfield.slam.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ComputeBackendsTest {
  @Test
  void opensABackendByNameAndChecksItsCalls() {
    try (ComputeBackend backend = ComputeBackends.open("scalar", 2)) {
      assertThat(backend.name()).isEqualTo("scalar");
      assertThat(backend.lanes()).isEqualTo(1);
      assertThat(backend).isInstanceOf(CheckedBackend.class);
    }
  }

  @Test
  void aBackendThatCannotLoadIsAnError() {
    assertThatThrownBy(() -> ComputeBackends.open("cuda", 1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("cuda");
  }

  @Test
  void anUnknownNameIsAnErrorThatListsTheKnown() {
    assertThatThrownBy(() -> ComputeBackends.open("gpu", 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("backend: gpu (expected: one of auto, scalar, vector, cuda, cuda:half)");
  }

  @Test
  void noThreadsAreAnError() {
    assertThatThrownBy(() -> ComputeBackends.open("scalar", -1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("threads: -1 (expected: 0 or more)");
  }
}
