package io.roomfield.slam.session;

import io.roomfield.geometry.PinholeCamera;
import io.roomfield.slam.ingest.BadInputException;
import io.roomfield.slam.ingest.DepthPreprocessor;
import io.roomfield.slam.ingest.FrameDecoder;
import io.roomfield.slam.ingest.RgbdFrame;
import io.roomfield.slam.store.Rows.FrameRow;
import io.roomfield.slam.store.Rows.ImagesRow;
import io.roomfield.slam.store.Rows.KeyframeRow;
import io.roomfield.slam.store.StorageException;
import io.roomfield.slam.store.StoredSession;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a session goes on from what was written down: the engine is put where the last checkpoint
 * left it, and the frames that were accepted after that are tracked and mapped again.
 */
final class Recovery {
  private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);

  private final StoredSession stored;
  private final Journal journal;
  private final FrameDecoder decoder;
  private final SessionSettings settings;

  /** Frames that no checkpoint covers and that were not given up, in order. */
  private final ArrayDeque<FrameRow> left = new ArrayDeque<>();

  private Blank blank; // null before a frame without images

  Recovery(StoredSession stored, Journal journal, SessionSettings settings) {
    this.stored = stored;
    this.journal = journal;
    this.settings = settings;
    decoder = new FrameDecoder(settings.camera(), settings.depthScale());
    stored.frames().stream()
        .filter(frame -> !frame.status().equals(FrameRow.DROPPED))
        .filter(frame -> stored.checkpoint().filter(state -> state.covers(frame)).isEmpty())
        .forEach(left::add);
  }

  /** Puts a fresh engine where the last checkpoint left one. */
  void restore(Engine engine) {
    stored
        .checkpoint()
        .ifPresent(
            state -> engine.restore(StoredJournal.state(stored, state), this::frameOrNothing));
    journal.restored(stored, engine);
  }

  /** Frames that are still to be tracked again. */
  int left() {
    return left.size();
  }

  /**
   * The next frame that is to be tracked again; empty when there is none.
   *
   * @param lost told the numbers of frames before it whose images are lost
   */
  Optional<RgbdFrame> next(LongConsumer lost) {
    while (!left.isEmpty()) {
      FrameRow row = left.remove();
      Optional<RgbdFrame> frame = frame(row.sequenceNumber(), row.timestampNanos());
      if (frame.isPresent()) {
        return frame;
      }
      journal.dropped(row.sequenceNumber(), row.timestampNanos());
      lost.accept(row.sequenceNumber());
    }
    return Optional.empty();
  }

  /** Leaves out a frame and those after it. */
  void stopBefore(long sequenceNumber) {
    left.removeIf(row -> Long.compareUnsigned(row.sequenceNumber(), sequenceNumber) >= 0);
  }

  private Optional<RgbdFrame> frame(long sequenceNumber, long timestampNanos) {
    try {
      return journal
          .images(sequenceNumber)
          .map(images -> decoder.decode(sequenceNumber, timestampNanos, encoded(images)))
          .map(DepthPreprocessor::process);
    } catch (StorageException | BadInputException e) {
      LOG.warn("Frame {} is lost", Long.toUnsignedString(sequenceNumber), e);
      return Optional.empty();
    }
  }

  private static RgbdFrame.EncodedImages encoded(ImagesRow images) {
    return new RgbdFrame.EncodedImages(
        images.colourEncoding(), images.colour(), images.depthEncoding(), images.depth());
  }

  private long timestampNanos(long sequenceNumber) {
    return Stream.concat(
            stored.frames().stream()
                .filter(row -> row.sequenceNumber() == sequenceNumber)
                .map(FrameRow::timestampNanos),
            stored.checkpoint().stream()
                .flatMap(state -> state.keyframes().stream())
                .filter(row -> row.sequenceNumber() == sequenceNumber)
                .map(KeyframeRow::timestampNanos))
        .findFirst()
        .orElse(0L);
  }

  /** A frame by its number, without a reading where its images are lost: it says nothing then. */
  private RgbdFrame frameOrNothing(long sequenceNumber) {
    long timestamp = timestampNanos(sequenceNumber);
    return frame(sequenceNumber, timestamp)
        .orElseGet(
            () -> {
              if (blank == null) {
                blank = Blank.of(settings.camera());
              }
              return new RgbdFrame(
                  sequenceNumber,
                  timestamp,
                  settings.camera().width(),
                  settings.camera().height(),
                  blank.depthMetres,
                  blank.rgb,
                  new RgbdFrame.EncodedImages(0, new byte[0], 0, new byte[0]));
            });
  }

  /** Images that say nothing: nobody writes to a frame's, so one pair does for all. */
  private record Blank(float[] depthMetres, byte[] rgb) {
    static Blank of(PinholeCamera camera) {
      int pixels = camera.width() * camera.height();
      return new Blank(new float[pixels], new byte[3 * pixels]);
    }
  }

  /** What could not be read, in words. */
  List<String> losses() {
    return stored.losses();
  }
}
