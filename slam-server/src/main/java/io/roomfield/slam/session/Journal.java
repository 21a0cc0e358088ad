package io.roomfield.slam.session;

import io.roomfield.slam.access.Ownership;
import io.roomfield.slam.ingest.RgbdFrame;
import io.roomfield.slam.mapping.Keyframe;
import io.roomfield.slam.store.Rows.ImagesRow;
import io.roomfield.slam.store.StorageException;
import io.roomfield.slam.store.StoredSession;
import io.roomfield.slam.tracking.TrackingResult;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * What a session writes down, so that it can go on from there. Writes are in the order of calls.
 * Callable from several threads.
 */
interface Journal extends AutoCloseable {
  /** Of sessions that end with their process. */
  Journal NONE =
      new Journal() {
        @Override
        public boolean isKept() {
          return false;
        }
      };

  /** Whether a session can go on from what was written down. */
  boolean isKept();

  /** Writes down an accepted frame; done when it is durable. */
  default CompletableFuture<Void> accept(RgbdFrame frame) {
    return CompletableFuture.completedFuture(null);
  }

  /** Frames that are not durable yet. */
  default int pending() {
    return 0;
  }

  /** Writes down a frame's pose. */
  default void tracked(TrackingResult result) {}

  /** Writes down a new keyframe. */
  default void keyframe(Keyframe keyframe) {}

  /** Writes down that a frame was given up. */
  default void dropped(long sequenceNumber, long timestampNanos) {}

  /** Whether it is time for a checkpoint, and none is under way. */
  default boolean isCheckpointDue() {
    return false;
  }

  /** Captures what an engine knows and writes it down; done when it counts. */
  default CompletableFuture<Void> checkpoint(Engine engine, boolean finished) {
    return CompletableFuture.completedFuture(null);
  }

  /** All that was written down, when what was put in has been written. */
  default StoredSession load() throws InterruptedException {
    throw new IllegalStateException("nothing is kept");
  }

  /** To be told that an engine holds what was loaded. */
  default void restored(StoredSession from, Engine engine) {}

  /**
   * A frame's images; empty if they are not kept.
   *
   * @throws StorageException if they cannot be read
   */
  default Optional<ImagesRow> images(long sequenceNumber) {
    return Optional.empty();
  }

  /** Writes down whose the session is; done when that is durable. */
  default CompletableFuture<Void> shared(Ownership ownership) {
    return CompletableFuture.completedFuture(null);
  }

  /** Ends writing, when what was put in has been written. */
  @Override
  default void close() {}
}
