package io.roomfield.slam.store;

import io.roomfield.slam.store.Rows.BlockRow;
import io.roomfield.slam.store.Rows.FrameRow;
import io.roomfield.slam.store.Rows.KeyframeRow;
import io.roomfield.slam.store.Rows.SessionRow;
import java.util.List;
import java.util.Optional;

/**
 * A session as its database has it.
 *
 * @param frames all accepted ones, in order of their numbers
 * @param checkpoint empty before the first
 * @param losses what could not be read, in words; empty where everything is whole
 */
public record StoredSession(
    SessionRow session, List<FrameRow> frames, Optional<State> checkpoint, List<String> losses) {

  /**
   * The newest checkpoint.
   *
   * @param sequenceNumber the last frame that it covers; null where it covers none
   * @param blocks the map's, by level and number
   */
  public record State(
      Long sequenceNumber, String state, List<KeyframeRow> keyframes, List<BlockRow> blocks) {
    /** Whether a frame came before it. */
    public boolean covers(FrameRow frame) {
      return sequenceNumber != null
          && Long.compareUnsigned(frame.sequenceNumber(), sequenceNumber) <= 0;
    }
  }
}
