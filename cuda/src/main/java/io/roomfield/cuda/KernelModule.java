package io.roomfield.cuda;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import jcuda.Pointer;
import jcuda.driver.CUfunction;
import jcuda.driver.CUmodule;
import jcuda.driver.JCudaDriver;

/** The kernels of this build, loaded into a context. */
public final class KernelModule implements AutoCloseable {
  /** What the emulated driver, whose kernels are compiled into it, takes for an image. */
  private static final String EMULATED_IMAGE = "roomfield emulated kernels";

  private final CudaContext context;
  private final CUmodule module;
  private final Map<String, Kernel> kernels = new ConcurrentHashMap<>();
  private boolean closed;

  private KernelModule(CudaContext context, CUmodule module) {
    this.context = context;
    this.module = module;
  }

  /**
   * Loads the kernels; where the build holds no machine code for the device, the driver compiles
   * them now, which takes seconds the first time.
   *
   * @throws CudaException if the driver refuses
   * @throws IllegalStateException if the build has no kernels
   */
  public static KernelModule load(CudaContext context) {
    context.makeCurrent();
    byte[] image = image(context.device());
    // Not a Java array: JCuda would hold up the garbage collector for as long as the driver takes.
    ByteBuffer data = ByteBuffer.allocateDirect(image.length).put(0, image);
    CUmodule module = new CUmodule();
    Calls.check(
        JCudaDriver.cuModuleLoadDataEx(
            module, Pointer.to(data), 0, new int[0], Pointer.to(new int[0])),
        () ->
            "cuModuleLoadDataEx of %s of kernels on %s"
                .formatted(Calls.size(image.length), context.device()));
    return new KernelModule(context, module);
  }

  private static byte[] image(CudaDevice device) {
    if (device.emulated()) {
      return (EMULATED_IMAGE + '\0').getBytes(StandardCharsets.US_ASCII);
    }
    try (InputStream in = KernelModule.class.getResourceAsStream(KernelImage.RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException("this build has no CUDA kernels, as nvcc was not there");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + KernelImage.RESOURCE, e);
    }
  }

  /**
   * Returns a kernel.
   *
   * @param name as the source declares it, {@code extern "C"}
   * @throws CudaException if there is none of this name
   */
  public Kernel kernel(String name) {
    return kernels.computeIfAbsent(name, this::find);
  }

  private Kernel find(String name) {
    CUfunction function = new CUfunction();
    Calls.check(
        JCudaDriver.cuModuleGetFunction(function, module, name),
        () -> "cuModuleGetFunction of kernel " + name);
    return new Kernel(name, function);
  }

  /**
   * Unloads the kernels, which no stream may still run.
   *
   * @throws CudaException if the driver refuses, other than for a lost device
   */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    context.makeCurrent();
    closed = true;
    Calls.checkRelease(JCudaDriver.cuModuleUnload(module), () -> "cuModuleUnload of the kernels");
  }
}
