package io.roomfield.slam.compute.cuda;

import io.roomfield.cuda.CudaContext;
import io.roomfield.cuda.CudaException;
import io.roomfield.cuda.CudaStream;
import io.roomfield.cuda.DeviceBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Feature blocks on the device, each content once however many grids show it: a snapshot of the map
 * costs no more there than the blocks that changed. Not for several threads at once.
 */
final class BlockStore implements AutoCloseable {
  /** Blocks that are allocated together. */
  private static final int SLAB_BLOCKS = 32;

  /** One block's place. */
  static final class Slot {
    final DeviceBuffer slab;
    final long offset;
    final int length;
    private long stamp;
    private int users = 1;

    private Slot(DeviceBuffer slab, long offset, int length) {
      this.slab = slab;
      this.offset = offset;
      this.length = length;
    }

    /** Where its features begin. */
    long address() {
      return slab.pointer() + offset;
    }

    /** Sets every number; returns at once. */
    void fill(CudaStream stream, int value) {
      slab.fill(stream, value, offset / Float.BYTES, length);
    }

    /** Sets them all. */
    void upload(CudaStream stream, float[] from) {
      slab.upload(stream, from, 0, offset / Float.BYTES, length);
    }

    /** Brings its numbers to the host. */
    void download(CudaStream stream, float[] to) {
      slab.download(stream, to, offset / Float.BYTES, 0, length);
    }
  }

  private final CudaContext context;
  private final Map<Long, Slot> byStamp = new HashMap<>();
  private final Map<Integer, Deque<Slot>> free = new HashMap<>();
  private final List<DeviceBuffer> slabs = new ArrayList<>();

  BlockStore(CudaContext context) {
    this.context = context;
  }

  /** The slot of a content, uploaded if there is none yet; to be {@link #release released}. */
  Slot share(long stamp, Supplier<float[]> content, CudaStream stream) {
    Slot slot = byStamp.get(stamp);
    if (slot != null) {
      slot.users++;
      return slot;
    }
    float[] features = content.get();
    slot = take(features.length);
    try {
      slot.slab.upload(stream, features, 0, slot.offset / Float.BYTES, features.length);
    } catch (CudaException e) {
      release(slot);
      throw e;
    }
    publish(slot, stamp);
    return slot;
  }

  /**
   * A slot with the same features that no one else sees, in exchange for this one: for changing
   * them on the device.
   */
  Slot own(Slot slot, CudaStream stream) {
    if (slot.users == 1) {
      byStamp.remove(slot.stamp, slot);
      slot.stamp = 0;
      return slot;
    }
    Slot copy = take(slot.length);
    copy.slab.copyFrom(
        stream, slot.slab, slot.offset, copy.offset, (long) Float.BYTES * slot.length);
    slot.users--;
    return copy;
  }

  /** From now on an owned slot is where this content is. */
  void publish(Slot slot, long stamp) {
    byStamp.remove(slot.stamp, slot);
    slot.stamp = stamp;
    byStamp.put(stamp, slot);
  }

  void release(Slot slot) {
    if (--slot.users == 0) {
      byStamp.remove(slot.stamp, slot);
      free.get(slot.length).push(new Slot(slot.slab, slot.offset, slot.length));
    }
  }

  /** A slot of its own, with arbitrary numbers in it. */
  Slot take(int length) {
    Deque<Slot> spare = free.computeIfAbsent(length, n -> new ArrayDeque<>());
    if (spare.isEmpty()) {
      long bytes = (long) Float.BYTES * length;
      DeviceBuffer slab = DeviceBuffer.allocate(context, "feature blocks", SLAB_BLOCKS * bytes);
      slabs.add(slab);
      for (int i = SLAB_BLOCKS - 1; i >= 0; i--) {
        spare.push(new Slot(slab, i * bytes, length));
      }
    }
    return spare.pop();
  }

  /** Gives back slabs of which no block is used; whether there was one. */
  boolean trim() {
    Map<DeviceBuffer, Integer> unused = new HashMap<>();
    free.values().forEach(all -> all.forEach(slot -> unused.merge(slot.slab, 1, Integer::sum)));
    unused.values().removeIf(count -> count < SLAB_BLOCKS);
    free.values().forEach(all -> all.removeIf(slot -> unused.containsKey(slot.slab)));
    slabs.removeAll(unused.keySet());
    unused.keySet().forEach(DeviceBuffer::close);
    return !unused.isEmpty();
  }

  @Override
  public void close() {
    slabs.forEach(DeviceBuffer::close);
  }
}
