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
import io.roomfield.slam.store.StorageException;
import java.util.concurrent.CompletionException;
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
  void aFullDiskIsResourceExhaustedAndADamagedFileDataLoss() {
    StorageException full = new StorageException(StorageException.Kind.FULL, "the database", null);
    StatusRuntimeException noRoom =
        StatusMapper.toStatus(new CompletionException(full), "CreateSession");
    assertThat(noRoom.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(noRoom.getStatus().getDescription()).contains("room on the server's disk");

    StatusRuntimeException damaged =
        StatusMapper.toStatus(
            new StorageException(StorageException.Kind.DAMAGED, "no session's row", null), "");
    assertThat(damaged.getStatus().getCode()).isEqualTo(Status.Code.DATA_LOSS);
    assertThat(damaged.getStatus().getDescription()).isEqualTo("no session's row");
  }

  @Test
  void aFullHeapIsResourceExhausted() {
    StatusRuntimeException status =
        StatusMapper.toStatus(new OutOfMemoryError("Java heap space"), "StreamFrames");
    assertThat(status.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(status.getStatus().getDescription()).contains("room in the server's memory");
  }

  @Test
  void anUnknownErrorTellsNoParticulars() {
    StatusRuntimeException status =
        StatusMapper.toStatus(new IllegalStateException("secret"), "RenderView");
    assertThat(status.getStatus().getCode()).isEqualTo(Status.Code.INTERNAL);
    assertThat(status.getStatus().getDescription()).isEqualTo("RenderView: internal error");
  }
}
