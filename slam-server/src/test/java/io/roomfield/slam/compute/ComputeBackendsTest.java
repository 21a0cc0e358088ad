package io.roomfield.slam.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ComputeBackendsTest {
  @Test
  void opensABackendByNameAndChecksItsCalls() {
    try (ComputeBackend backend = ComputeBackends.create("scalar", 2)) {
      assertThat(backend.name()).isEqualTo("scalar");
      assertThat(backend.lanes()).isEqualTo(1);
      assertThat(backend).isInstanceOf(CheckedBackend.class);
    }
  }

  @Test
  void aBackendThatCannotLoadIsAnError() {
    assertThatThrownBy(() -> ComputeBackends.create("cuda", 1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("cuda");
  }

  @Test
  void anUnknownNameIsAnErrorThatListsTheKnown() {
    assertThatThrownBy(() -> ComputeBackends.create("gpu", 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("backend: \"gpu\" (expected: scalar, vector, cuda or auto)");
  }

  @Test
  void noThreadsAreAnError() {
    assertThatThrownBy(() -> ComputeBackends.create("scalar", 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("threads: 0 (expected: >= 1)");
  }
}
