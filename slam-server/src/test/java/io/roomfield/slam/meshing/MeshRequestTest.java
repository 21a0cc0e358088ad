package io.roomfield.slam.meshing;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class MeshRequestTest {
  @Test
  void aWrongRequestIsRefusedByField() {
    assertThatThrownBy(() -> new MeshRequest(0.001, null, null, false))
        .hasMessage("resolutionMetres: 0.001 (expected: 0.005 to 0.5 m)");
    assertThatThrownBy(() -> new MeshRequest(Double.NaN, null, null, false))
        .hasMessageContaining("resolutionMetres: NaN");
    assertThatThrownBy(() -> new MeshRequest(0.02, new double[3], null, false))
        .hasMessage("box: one corner missing (expected: both, or neither)");
    assertThatThrownBy(() -> new MeshRequest(0.02, new double[3], new double[2], false))
        .hasMessage("box: corners of 3 and 2 numbers (expected: 3 each)");
    assertThatThrownBy(() -> new MeshRequest(0.02, new double[3], new double[] {1, 0, 1}, false))
        .hasMessage("box: 0.0 to 0.0 m along y (expected: finite, min < max)");
  }
}
