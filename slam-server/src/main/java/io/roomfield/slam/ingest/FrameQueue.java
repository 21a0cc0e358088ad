package io.roomfield.slam.ingest;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The frames that wait to be tracked: bounded, first in first out, one taker. Once closed it takes
 * nothing more, and the taker gets what is left.
 *
 * @param <E> a frame, with whatever its session keeps beside it
 */
public final class FrameQueue<E> {
  private final int capacity;
  private final ArrayDeque<E> frames = new ArrayDeque<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private boolean closed;

  /**
   * @param capacity frames that may wait, > 0
   */
  public FrameQueue(int capacity) {
    if (capacity <= 0) {
      throw new IllegalArgumentException("capacity: %d (expected: > 0)".formatted(capacity));
    }
    this.capacity = capacity;
  }

  /** Frames that may wait. */
  public int capacity() {
    return capacity;
  }

  /** Puts a frame at the end; false where the queue is full or closed. */
  public boolean offer(E frame) {
    lock.lock();
    try {
      if (closed || frames.size() == capacity) {
        return false;
      }
      frames.addLast(frame);
      changed.signal();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Waits for the first frame and takes it; empty when the queue is closed and has run dry. */
  public Optional<E> take() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (frames.isEmpty() && !closed) {
        changed.await();
      }
      return Optional.ofNullable(frames.pollFirst());
    } finally {
      lock.unlock();
    }
  }

  /** The frame that will be taken next, if there is one; it stays where it is. */
  public Optional<E> first() {
    lock.lock();
    try {
      return Optional.ofNullable(frames.peekFirst());
    } finally {
      lock.unlock();
    }
  }

  /** Refuses frames from now on; those that wait can still be taken. */
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Closes the queue and gives up what waits, oldest first. */
  public List<E> closeAndDrain() {
    lock.lock();
    try {
      close();
      List<E> rest = new ArrayList<>(frames);
      frames.clear();
      return rest;
    } finally {
      lock.unlock();
    }
  }

  public int size() {
    lock.lock();
    try {
      return frames.size();
    } finally {
      lock.unlock();
    }
  }

  /** Frames that would still be taken in; 0 once closed. */
  public int remainingCapacity() {
    lock.lock();
    try {
      return closed ? 0 : capacity - frames.size();
    } finally {
      lock.unlock();
    }
  }
}
