package io.roomfield.slam.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomfield.slam.ingest.BadInputException;
import io.roomfield.slam.ingest.RgbdFrame;
import io.roomfield.slam.tracking.TrackingResult;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class AcceptedFramesTest {
  /** What {@code ./slam chaos} found: the stream had ended before the frame's refusal was told. */
  @Test
  void aRefusalIsToldBeforeTheSessionFailsOfIt() {
    List<String> told = new ArrayList<>();
    FrameListener listener =
        new FrameListener() {
          @Override
          public void accepted(long sequenceNumber) {
            told.add("accepted");
          }

          @Override
          public void refused(long sequenceNumber, BadInputException why) {
            told.add("refused");
          }

          @Override
          public void tracked(TrackingResult result, int keyframes) {}

          @Override
          public void dropped(long sequenceNumber, String reason) {}

          @Override
          public void ready() {}

          @Override
          public void suspended(BadInputException why) {}
        };
    AcceptedFrames frames = new AcceptedFrames(new BrokenJournal());

    frames.accept(
        new RgbdFrame(1, 1, 1, 1, new float[1], new byte[3], null),
        listener,
        e -> frames.afterwards(() -> told.add("stream ended")));

    assertThat(told).containsExactly("refused", "stream ended");
  }

  /** As when a write before this one has failed: no further one is tried. */
  private static final class BrokenJournal implements Journal {
    @Override
    public boolean isKept() {
      return true;
    }

    @Override
    public CompletableFuture<Void> accept(RgbdFrame frame) {
      return CompletableFuture.failedFuture(new IllegalStateException("no room"));
    }
  }
}
