package io.roomfield.slam.compute.cuda;

import io.roomfield.cuda.CudaDevice;
import io.roomfield.cuda.CudaException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls of many threads to one device, and what becomes of them when it fails. The host has every
 * field, so a failure costs no more than the work that was under way: where memory is short, what
 * is idle is dropped and the call made again; where the device is lost (an illegal access, a
 * hardware error), which no process recovers from, the call and all later ones are made on the
 * processor.
 */
final class DeviceCalls implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DeviceCalls.class);

  private final DeviceState state;

  /** Why the device is lost, or null. */
  private volatile CudaException lost;

  /**
   * @param half whether decoders run in half precision
   */
  DeviceCalls(CudaDevice device, boolean half) {
    state = new DeviceState(device, half);
  }

  CudaDevice device() {
    return state.context().device();
  }

  /** What a call does, on a stream that is its own meanwhile. May be done twice. */
  interface Call<T> {
    T on(DeviceState state, Workspace work);
  }

  /**
   * Makes a call.
   *
   * @param first whether it goes before others on the device
   * @param onHost the same on the processor
   * @throws CudaException if the device refuses, as for want of memory
   */
  <T> T make(boolean first, Call<T> call, Supplier<T> onHost) {
    if (lost == null) {
      try {
        return makingRoom(first, call);
      } catch (CudaException e) {
        if (!e.isDeviceLost() && lost == null) {
          throw e;
        }
        lose(e);
      }
    }
    return onHost.get();
  }

  private <T> T makingRoom(boolean first, Call<T> call) {
    AtomicBoolean committed = new AtomicBoolean();
    try {
      return state.workspaces().use(first, work -> noting(call, work, committed));
    } catch (CudaException.OutOfMemory e) {
      if (committed.get() || !state.makeRoom()) {
        throw e;
      }
      return state.workspaces().use(first, work -> call.on(state, work));
    }
  }

  private <T> T noting(Call<T> call, Workspace work, AtomicBoolean committed) {
    try {
      return call.on(state, work);
    } finally {
      committed.set(work.isCommitted());
    }
  }

  private synchronized void lose(CudaException why) {
    if (lost == null) {
      LOG.error("{} is lost; all goes on on the processor until a restart", device(), why);
      lost = why;
    }
  }

  /** From now on launches are timed; of null no longer. For a backend that no one uses now. */
  void time(LaunchTimes times) {
    state.workspaces().time(times);
  }

  /** Whether graphs are used from now on. For a backend that no one uses now. */
  void useGraphs(boolean wanted) {
    state.workspaces().useGraphs(wanted);
  }

  /** Whether calls are made on the processor, as the device was lost. */
  boolean isLost() {
    return lost != null;
  }

  /** Binds the device to the calling thread, as a call does. */
  void makeCurrent() {
    state.context().makeCurrent();
  }

  @Override
  public void close() {
    state.close();
  }
}
