package io.roomfield.slam.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.roomfield.cuda.EmulatedDriver;
import io.roomfield.slam.compute.ComputeBackend;
import io.roomfield.slam.compute.ComputeBackends;
import io.roomfield.slam.compute.TestField;
import io.roomfield.slam.field.FieldStage;
import org.junit.jupiter.api.Test;

class StatusMapperTest {
  @Test
  void aFullDeviceIsResourceExhausted() {
    EmulatedDriver.assumeEmulated();
    EmulatedDriver.use();
    EmulatedDriver.setMemory(1 << 20);
    try (ComputeBackend backend = ComputeBackends.open("cuda", 1)) {
      Throwable full =
          catchThrowable(
              () ->
                  backend.evaluate(
                      TestField.LIGHT.create(1),
                      FieldStage.FINE,
                      TestField.points(1, 1),
                      1,
                      new float[1],
                      null));
      StatusRuntimeException status = StatusMapper.toStatus(full, "RenderView");
      assertThat(status.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
      assertThat(status.getStatus().getDescription())
          .startsWith("RenderView: ")
          .contains("feature blocks", "CUDA_ERROR_OUT_OF_MEMORY");
    }
  }

  @Test
  void anUnknownErrorTellsNoParticulars() {
    StatusRuntimeException status =
        StatusMapper.toStatus(new IllegalStateException("secret"), "RenderView");
    assertThat(status.getStatus().getCode()).isEqualTo(Status.Code.INTERNAL);
    assertThat(status.getStatus().getDescription()).isEqualTo("RenderView: internal error");
  }
}
