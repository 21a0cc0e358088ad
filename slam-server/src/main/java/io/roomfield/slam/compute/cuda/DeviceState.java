package io.roomfield.slam.compute.cuda;

import io.roomfield.cuda.CudaContext;
import io.roomfield.cuda.CudaDevice;
import io.roomfield.cuda.KernelModule;

/** All that a backend has on a device. */
final class DeviceState implements AutoCloseable {
  private final CudaContext context;
  private final KernelModule kernels;
  private final DeviceFields fields;
  private final Workspaces workspaces;

  /**
   * @param half whether decoders run in half precision
   * @throws io.roomfield.cuda.CudaException if the device refuses
   */
  DeviceState(CudaDevice device, boolean half) {
    context = CudaContext.open(device);
    try {
      kernels = KernelModule.load(context);
    } catch (RuntimeException e) {
      context.close();
      throw e;
    }
    fields = new DeviceFields(context);
    workspaces = new Workspaces(context, kernels, half);
  }

  CudaContext context() {
    return context;
  }

  DeviceFields fields() {
    return fields;
  }

  Workspaces workspaces() {
    return workspaces;
  }

  /** Gives back memory that no call uses now; whether there was any. */
  boolean makeRoom() {
    context.makeCurrent();
    boolean shrunk = workspaces.shrink();
    return fields.evictIdle() || shrunk;
  }

  @Override
  public void close() {
    context.makeCurrent();
    workspaces.close();
    fields.close();
    kernels.close();
    context.close();
  }
}
