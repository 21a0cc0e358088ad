package io.roomfield.slam.client.chaos;

import io.roomfield.slam.client.FrameListener;
import io.roomfield.slam.client.PoseEstimate;
import io.roomfield.slam.v1.FrameRejected;
import io.roomfield.slam.v1.FrameTracked;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** Remembers what became of frames. */
final class FrameFates implements FrameListener {
  final Set<Long> accepted = ConcurrentHashMap.newKeySet();
  final Map<Long, FrameRejected> rejected = new ConcurrentHashMap<>();
  final Set<Long> tracked = ConcurrentHashMap.newKeySet();
  final Set<Long> dropped = ConcurrentHashMap.newKeySet();

  /** Frames that were told to be rejected, tracked or dropped, those that came twice twice. */
  final AtomicInteger told = new AtomicInteger();

  /** Open when enough frames were accepted. */
  final CountDownLatch enough = new CountDownLatch(1);

  private final int frames;

  FrameFates() {
    this(0);
  }

  /**
   * @param frames how many are enough
   */
  FrameFates(int frames) {
    this.frames = frames;
  }

  @Override
  public void accepted(long sequenceNumber) {
    accepted.add(sequenceNumber);
    if (accepted.size() == frames) {
      enough.countDown();
    }
  }

  @Override
  public void rejected(long sequenceNumber, FrameRejected refusal) {
    rejected.put(sequenceNumber, refusal);
    told.incrementAndGet();
  }

  @Override
  public void tracked(PoseEstimate pose, FrameTracked detail) {
    tracked.add(pose.sequenceNumber());
    told.incrementAndGet();
  }

  @Override
  public void dropped(long sequenceNumber, String reason) {
    dropped.add(sequenceNumber);
    told.incrementAndGet();
  }
}
