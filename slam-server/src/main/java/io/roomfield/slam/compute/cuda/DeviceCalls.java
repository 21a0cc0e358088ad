package io.roomfield.slam.compute.cuda;

import io.roomfield.cuda.CudaDevice;
import io.roomfield.cuda.CudaException;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls of many threads to one device, and what becomes of them when it fails. The host has every
 * field, so a failure costs no more than the work that was under way: where memory is short, what
 * is idle is dropped and the call made again; where the device is lost (an illegal access, a
 * hardware error), it is opened again and the call made again. A call that fails twice is given up
 * with its error, and the others go on.
 */
final class DeviceCalls implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DeviceCalls.class);

  private static final int ATTEMPTS = 2;

  private final CudaDevice device;

  /** Calls hold the one that reads, opening the device again the one that writes. */
  private final ReadWriteLock gate = new ReentrantReadWriteLock();

  /** Null where the device could not be opened again. */
  private volatile DeviceState state;

  DeviceCalls(CudaDevice device) {
    this.device = device;
    state = new DeviceState(device);
  }

  CudaDevice device() {
    return device;
  }

  /** What a call does, on a stream that is its own meanwhile. May be done twice. */
  interface Call<T> {
    T on(DeviceState state, Workspace work);
  }

  /**
   * Makes a call.
   *
   * @throws CudaException if it fails on a device that was made ready for it
   */
  <T> T make(Call<T> call) {
    for (int failures = 0; ; ) {
      open();
      Outcome<T> outcome = attempt(call);
      if (outcome.failure != null) {
        failures++;
        if (!mend(outcome.on, outcome.failure) || failures == ATTEMPTS) {
          throw outcome.failure;
        }
      } else if (outcome.on != null) {
        return outcome.value;
      }
    }
  }

  /**
   * How a call went.
   *
   * @param on null where the device was lost before it began
   */
  private record Outcome<T>(DeviceState on, T value, CudaException failure) {}

  private <T> Outcome<T> attempt(Call<T> call) {
    gate.readLock().lock();
    try {
      DeviceState on = state;
      if (on == null) {
        return new Outcome<>(null, null, null);
      }
      try {
        return new Outcome<>(on, on.workspaces().use(work -> call.on(on, work)), null);
      } catch (CudaException e) {
        return new Outcome<>(on, null, e);
      }
    } finally {
      gate.readLock().unlock();
    }
  }

  private void open() {
    if (state != null) {
      return;
    }
    gate.writeLock().lock();
    try {
      if (state == null) {
        state = new DeviceState(device);
      }
    } finally {
      gate.writeLock().unlock();
    }
  }

  /** Whether the call may go well the next time. */
  private boolean mend(DeviceState on, CudaException failure) {
    if (failure instanceof CudaException.OutOfMemory) {
      return makeRoom(on);
    }
    if (failure.isDeviceLost()) {
      reopen(on, failure);
      return true;
    }
    return false;
  }

  private boolean makeRoom(DeviceState full) {
    gate.readLock().lock();
    try {
      return full != state || full.makeRoom();
    } finally {
      gate.readLock().unlock();
    }
  }

  /** Once all calls have ended: those that were under way fail as well, and come here in turn. */
  private void reopen(DeviceState lost, CudaException why) {
    gate.writeLock().lock();
    try {
      if (state != lost) {
        return;
      }
      LOG.error("{} is lost and will be opened again", device, why);
      state = null;
      lost.close();
      state = new DeviceState(device);
    } finally {
      gate.writeLock().unlock();
    }
  }

  /** Whether this is what calls are made on now. */
  boolean isCurrent(DeviceState other) {
    return state == other;
  }

  @Override
  public void close() {
    gate.writeLock().lock();
    try {
      if (state != null) {
        state.close();
        state = null;
      }
    } finally {
      gate.writeLock().unlock();
    }
  }
}
