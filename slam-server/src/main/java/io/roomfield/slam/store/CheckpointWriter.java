package io.roomfield.slam.store;

import io.roomfield.slam.store.DatabaseWriter.Sliced;
import io.roomfield.slam.store.Rows.BlockRow;
import java.sql.SQLException;

/**
 * Writes checkpoints so that each counts as a whole or not at all: blocks go in beside those of the
 * checkpoint before, the row in {@code checkpoints} makes them count, and what nobody needs any
 * more is removed after that. On the writer's thread.
 */
final class CheckpointWriter {
  /** Bytes of blocks in a slice: some 10 ms for which a frame may have to wait. */
  private static final int SLICE_BYTES = 1 << 20;

  /** Rows removed in a slice. */
  private static final int SLICE_ROWS = 32;

  private long last;

  /**
   * @param last id of the newest checkpoint that counts, or 0
   */
  CheckpointWriter(long last) {
    this.last = last;
  }

  Sliced slices(Checkpoint checkpoint) {
    return new Slices(checkpoint);
  }

  private final class Slices implements Sliced {
    private final Checkpoint checkpoint;
    private boolean counts;

    Slices(Checkpoint checkpoint) {
      this.checkpoint = checkpoint;
    }

    @Override
    public boolean writeSlice(Statements statements) throws SQLException {
      if (counts) {
        return remove(statements);
      }
      long bytes = 0;
      while (bytes < SLICE_BYTES && checkpoint.blocks().hasNext()) {
        BlockRow block = checkpoint.blocks().next();
        statements.put(block, last + 1);
        bytes += block.content().length;
      }
      if (bytes == 0) {
        finish(statements);
      }
      return true;
    }

    private void finish(Statements statements) throws SQLException {
      last++;
      for (Rows.FrameRow frame : checkpoint.frames()) {
        statements.put(frame);
      }
      for (Rows.KeyframeRow keyframe : checkpoint.keyframes()) {
        statements.put(keyframe);
      }
      statements.putCheckpoint(last, checkpoint.sequenceNumber(), checkpoint.state());
      statements.update("DELETE FROM checkpoints WHERE id < ?", last);
      if (checkpoint.finished()) {
        statements.changeSession(row -> row.with(Rows.SessionRow.State.FINISHED));
      }
      counts = true;
    }

    /** Removes some rows; false when there was none left. */
    private boolean remove(Statements statements) throws SQLException {
      int blocks =
          statements.update(
              "DELETE FROM blocks WHERE rowid IN (SELECT old.rowid FROM blocks old JOIN blocks new"
                  + " ON new.level = old.level AND new.number = old.number"
                  + " AND new.checkpoint > old.checkpoint LIMIT ?)",
              SLICE_ROWS);
      int images = // those before the checkpoint's, as unsigned numbers
          statements.update(
              "DELETE FROM images WHERE sequence_number IN (SELECT sequence_number FROM images"
                  + " WHERE (sequence_number < 0, sequence_number) < (? < 0, ?)"
                  + " AND sequence_number NOT IN"
                  + " (SELECT sequence_number FROM keyframes) LIMIT ?)",
              checkpoint.sequenceNumber(),
              checkpoint.sequenceNumber(),
              SLICE_ROWS);
      return blocks + images > 0;
    }
  }
}
