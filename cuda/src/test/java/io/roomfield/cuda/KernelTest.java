package io.roomfield.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import jcuda.driver.CUresult;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Launches three of Roomfield's kernels: sum_terms, place_points (a struct) and occupancy_loss (a
 * null).
 */
class KernelTest extends DeviceTest {
  private static final Grid ONE_BLOCK = new Grid(1, 1, 256, 256 * Double.BYTES);

  private KernelModule kernels;

  @BeforeEach
  void load() {
    kernels = KernelModule.load(context);
  }

  @AfterEach
  void unload() {
    if (kernels != null) {
      kernels.close();
    }
  }

  @Test
  void launchesWithBuffersAndNumbers() {
    try (DeviceBuffer terms = floats("terms", 1, 2, 3.5f);
        DeviceBuffer total = DeviceBuffer.allocate(context, "total", Double.BYTES)) {
      sum(terms, 3, total);
      assertThat(value(total)).isEqualTo(6.5);
      sum(terms, 2, total);
      assertThat(value(total)).isEqualTo(3);
    }
  }

  /** One ray (1/2, -1, 1) through a camera at (1, 2, 3): its sample at 4 m. */
  @Test
  void launchesWithAStruct() {
    try (DeviceBuffer directions = floats("directions", 0.5f, -1);
        DeviceBuffer pose = floats("pose number", 0);
        DeviceBuffer poses = floats("poses", 1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 2, 3);
        DeviceBuffer depths = floats("sample depths", 4);
        DeviceBuffer points = floats("points", 0, 0, 0)) {
      ByteBuffer rays = ByteBuffer.allocate(80).order(ByteOrder.nativeOrder());
      rays.putLong(directions.pointer()).putLong(0).putLong(0).putLong(pose.pointer());
      rays.putLong(poses.pointer()).putLong(0).putLong(0).putInt(1).rewind();
      Arguments arguments =
          new Arguments().struct(rays).buffer(depths).i32(1).i32(1).address(points.pointer());
      kernels.kernel("place_points").launch(stream, Grid.covering(1, 32), arguments);
      float[] placed = new float[3];
      points.download(stream, placed, 0, 0, 3);
      assertThat(placed).containsExactly(3, -2, 7);
      assertThat(rays.remaining()).as("the struct serves again").isEqualTo(80);
    }
  }

  /** A logit of 0 on a target of 1 and of 0: log 2, and the sharpness of 10 times a half. */
  @Test
  void launchesWithANullBuffer() {
    try (DeviceBuffer logits = floats("logits", 0, 0);
        DeviceBuffer targets = floats("targets", 1, 0);
        DeviceBuffer weights = floats("weights", 1, 1);
        DeviceBuffer terms = floats("terms", -1, -1);
        DeviceBuffer gradient = floats("gradient", 9, 9)) {
      Arguments arguments =
          new Arguments()
              .buffer(logits)
              .buffer(null)
              .i32(1)
              .buffer(targets)
              .buffer(weights)
              .i32(2)
              .buffer(terms)
              .buffer(gradient);
      kernels.kernel("occupancy_loss").launch(stream, Grid.covering(2, 32), arguments);
      float[] values = new float[2];
      gradient.download(stream, values, 0, 0, 2);
      assertThat(values).containsExactly(-5, 5);
      terms.download(stream, values, 0, 0, 2);
      assertThat(values[0]).isEqualTo(values[1]).isCloseTo(0.6931f, Offset.offset(1e-4f));
    }
  }

  @Test
  void asksForMoreSharedMemoryThanABlockHasUnasked() {
    Grid large = ONE_BLOCK.withShared(60 * 1024);
    try (DeviceBuffer terms = floats("terms", 1, 2);
        DeviceBuffer total = DeviceBuffer.allocate(context, "total", Double.BYTES)) {
      Kernel kernel = kernels.kernel("sum_terms");
      kernel.launch(stream, large, new Arguments().buffer(terms).i32(2).buffer(total));
      assertThat(value(total)).isEqualTo(3);
      assertThatThrownBy(
              () ->
                  kernel.launch(
                      stream,
                      ONE_BLOCK.withShared(4 << 20),
                      new Arguments().buffer(terms).i32(2).buffer(total)))
          .isInstanceOf(CudaException.class)
          .hasMessageStartingWith(
              "cuFuncSetAttribute of sum_terms for 1x1 blocks of 256 threads, 4194304 bytes shared: ")
          .hasMessageContaining(
              context.device().sharedMemoryPerBlockOptin() + " bytes for a block");
    }
  }

  @Test
  void launchesNothingOnAnEmptyGrid() {
    kernels.kernel("adam").launch(stream, Grid.covering(0, 32), new Arguments());
    stream.synchronize();
  }

  @Test
  void findsAKernelOnce() {
    assertThat(kernels.kernel("adam")).isSameAs(kernels.kernel("adam"));
    assertThatThrownBy(() -> kernels.kernel("eve"))
        .isInstanceOf(CudaException.class)
        .hasMessageStartingWith("cuModuleGetFunction of kernel eve: CUDA_ERROR_NOT_FOUND (");
  }

  @Test
  void errorsNameKernelAndGrid() {
    EmulatedDriver.assumeEmulated();
    try (DeviceBuffer total = DeviceBuffer.allocate(context, "total", Double.BYTES)) {
      Kernel kernel = kernels.kernel("sum_terms");
      Arguments arguments = new Arguments().buffer(null).i32(0).buffer(total);
      EmulatedDriver.fail("cuLaunchKernel", CUresult.CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES, 0);
      assertThatThrownBy(() -> kernel.launch(stream, ONE_BLOCK, arguments))
          .hasMessageStartingWith(
              "cuLaunchKernel of sum_terms in 1x1 blocks of 256 threads, 2048 bytes shared with 3"
                  + " parameters: CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES (");
      kernel.launch(stream, ONE_BLOCK, arguments);
      EmulatedDriver.fail("cuStreamSynchronize", CUresult.CUDA_ERROR_ILLEGAL_ADDRESS, 0);
      assertThatThrownBy(stream::synchronize)
          .hasMessageStartingWith(
              "cuStreamSynchronize after kernel sum_terms in 1x1 blocks of 256 threads, 2048 bytes"
                  + " shared: CUDA_ERROR_ILLEGAL_ADDRESS (");
    }
  }

  @Test
  void graphsRepeatWhatTheyRecorded() {
    try (DeviceBuffer terms = floats("terms", 1, 2);
        DeviceBuffer total = DeviceBuffer.allocate(context, "total", Double.BYTES);
        PinnedBuffer result = PinnedBuffer.allocate(context, "result", Double.BYTES)) {
      sum(terms, 2, total);
      stream.synchronize();
      CudaGraph graph =
          CudaGraph.capture(
              stream,
              () -> {
                sum(terms, 2, total);
                result.download(stream, total, 0, 0, Double.BYTES);
              });
      for (float value : new float[] {5, 7}) {
        terms.upload(stream, new float[] {value}, 0, 0, 1);
        graph.launch(stream);
        stream.synchronize();
        assertThat(result.bytes().getDouble(0)).isEqualTo(value + 2);
      }
      graph.close();
    }
  }

  @Test
  void graphsRefuseCopiesOfArraysAndLeaveTheStreamUsable() {
    try (DeviceBuffer terms = floats("terms", 1, 2)) {
      assertThatThrownBy(
              () -> CudaGraph.capture(stream, () -> terms.upload(stream, new float[] {3}, 0, 0, 1)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageStartingWith("upload to terms while a graph is captured (expected: ");
      terms.upload(stream, new float[] {4}, 0, 0, 1);
      float[] back = new float[2];
      terms.download(stream, back, 0, 0, 2);
      assertThat(back).containsExactly(4, 2);
    }
  }

  @Test
  void eventsTellTheTimeBetweenThem() {
    try (CudaEvent from = CudaEvent.create(context);
        CudaEvent to = CudaEvent.create(context);
        DeviceBuffer buffer = DeviceBuffer.allocate(context, "buffer", 1 << 20)) {
      from.record(stream);
      buffer.fill(stream, 1);
      to.record(stream);
      assertThat(to.elapsedMillis(from)).isNotNegative().isLessThan(60_000);
    }
  }

  private void sum(DeviceBuffer terms, int count, DeviceBuffer total) {
    kernels
        .kernel("sum_terms")
        .launch(stream, ONE_BLOCK, new Arguments().buffer(terms).i32(count).buffer(total));
  }

  private double value(DeviceBuffer total) {
    double[] value = new double[1];
    total.download(stream, value, 0, 0, 1);
    return value[0];
  }
}
