package io.roomfield.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import jcuda.driver.CUresult;
import org.junit.jupiter.api.Test;

class CudaContextTest extends DeviceTest {
  private static final long MEGABYTE = 1_000_000;

  @Test
  void tellsItsMemory() {
    long before = context.memoryInfo().freeBytes();
    try (DeviceBuffer buffer = DeviceBuffer.allocate(context, "buffer", 100 * MEGABYTE)) {
      assertThat(context.memoryInfo().freeBytes()).isLessThanOrEqualTo(before - buffer.bytes());
    }
    assertThat(context.memoryInfo().totalBytes())
        .isGreaterThanOrEqualTo(before)
        .isLessThanOrEqualTo(context.device().memoryBytes());
  }

  @Test
  void isOneForAllThreads() {
    try (DeviceBuffer buffer = floats("buffer", 1, 2, 3)) {
      float[] back = new float[3];
      CompletableFuture.runAsync(
              () -> {
                context.makeCurrent();
                buffer.download(stream, back, 0, 0, 3);
              })
          .join();
      assertThat(back).containsExactly(1, 2, 3);
    }
  }

  @Test
  void saysThatItIsNotCurrentInAThread() throws InterruptedException {
    CompletableFuture<Void> done = new CompletableFuture<>();
    try (CudaEvent event = CudaEvent.create(context)) {
      Thread.ofPlatform()
          .start(
              () -> {
                try {
                  event.elapsedMillis(event);
                  done.complete(null);
                } catch (CudaException e) {
                  done.completeExceptionally(e);
                }
              })
          .join();
    }
    if (!EmulatedDriver.isReal()) {
      assertThatThrownBy(done::join)
          .isInstanceOf(CompletionException.class)
          .hasMessageContaining("CUDA_ERROR_INVALID_CONTEXT")
          .hasMessageContaining("call CudaContext.makeCurrent() in this thread first");
    }
  }

  @Test
  void tellsHowMuchMemoryIsFreeWhenThereIsTooLittle() {
    EmulatedDriver.assumeEmulated();
    EmulatedDriver.setMemory(64 * MEGABYTE);
    try (DeviceBuffer half = DeviceBuffer.allocate(context, "half", 40 * MEGABYTE)) {
      assertThat(half.bytes()).isEqualTo(40 * MEGABYTE);
      assertThatThrownBy(() -> DeviceBuffer.allocate(context, "fine features", 40 * MEGABYTE))
          .isInstanceOf(CudaException.OutOfMemory.class)
          .hasMessageStartingWith(
              "cuMemAlloc of 40.0 MB for fine features: CUDA_ERROR_OUT_OF_MEMORY (")
          .hasMessageEndingWith("; 24.0 MB of 64.0 MB free)");
    }
  }

  @Test
  void aLostDeviceFailsEveryCallAndClosesQuietly() {
    EmulatedDriver.assumeEmulated();
    try (PinnedBuffer pinned = PinnedBuffer.allocate(context, "pinned", 16);
        CudaEvent event = CudaEvent.create(context);
        DeviceBuffer buffer = DeviceBuffer.allocate(context, "buffer", 16)) {
      EmulatedDriver.fail("cuStreamSynchronize", CUresult.CUDA_ERROR_ILLEGAL_ADDRESS, 0);
      assertThatThrownBy(stream::synchronize)
          .isInstanceOfSatisfying(CudaException.class, e -> assertThat(e.isDeviceLost()).isTrue())
          .hasMessageStartingWith("cuStreamSynchronize: CUDA_ERROR_ILLEGAL_ADDRESS (");
      assertThatThrownBy(() -> buffer.fill(stream, 0))
          .isInstanceOfSatisfying(CudaException.class, e -> assertThat(e.isDeviceLost()).isTrue());
      assertThatThrownBy(() -> pinned.upload(stream, buffer, 0, 0, 16))
          .hasMessageContaining("cuMemcpyHtoDAsync of 16 bytes from pinned to buffer");
      assertThatThrownBy(() -> event.record(stream)).isInstanceOf(CudaException.class);
    }
  }

  @Test
  void aNewContextWorksAfterALostOne() {
    EmulatedDriver.assumeEmulated();
    EmulatedDriver.fail("cuStreamSynchronize", CUresult.CUDA_ERROR_LAUNCH_FAILED, 0);
    assertThatThrownBy(stream::synchronize).isInstanceOf(CudaException.class);
    close();
    open();
    stream.synchronize();
  }

  @Test
  void leavesNothingBehind() {
    EmulatedDriver.assumeEmulated();
    DeviceBuffer buffer = DeviceBuffer.allocate(context, "buffer", 1000);
    buffer.upload(stream, new int[250], 0, 0, 250);
    PinnedBuffer pinned = PinnedBuffer.allocate(context, "pinned", 1000);
    CudaEvent event = CudaEvent.create(context);
    KernelModule kernels = KernelModule.load(context);
    CudaGraph graph = CudaGraph.capture(stream, () -> buffer.fill(stream, 1));
    assertThat(EmulatedDriver.liveAllocations()).isPositive();
    assertThat(EmulatedDriver.liveBytes()).isGreaterThanOrEqualTo(2000);
    for (AutoCloseable each : new AutoCloseable[] {graph, kernels, event, pinned, buffer, stream}) {
      closeTwice(each);
    }
    assertThat(EmulatedDriver.liveAllocations()).isZero();
    assertThat(EmulatedDriver.liveBytes()).isZero();
    closeTwice(context);
    assertThat(EmulatedDriver.leaks()).isZero();
  }

  @Test
  void refusesUseAfterClose() {
    DeviceBuffer buffer = floats("coarse features", 1);
    buffer.close();
    assertThatThrownBy(buffer::pointer)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("coarse features is closed");
    PinnedBuffer pinned = PinnedBuffer.allocate(context, "frame", 4);
    pinned.close();
    assertThatThrownBy(pinned::bytes).hasMessage("frame is closed");
  }

  private static void closeTwice(AutoCloseable each) {
    try {
      each.close();
      each.close();
    } catch (Exception e) {
      throw new IllegalStateException("cannot close " + each, e);
    }
  }
}
