package io.roomfield.slam.store;

import io.roomfield.slam.ingest.FrameValidator;
import io.roomfield.slam.store.Rows.ImagesRow;
import io.roomfield.slam.store.Rows.KeyframeRow;
import io.roomfield.slam.store.Rows.SessionRow;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Makes another session of a session's database. */
final class SessionCopy {
  private SessionCopy() {}

  /** Gives a database another session's own row. */
  static void rename(Path file, SessionRow row) {
    change(
        file,
        statements -> {
          statements.update("DELETE FROM session");
          statements.put(row);
        });
  }

  /**
   * Leaves of a database its map alone: frames go, keyframes get numbers that no frame has.
   *
   * @param state takes the engine's state to that of one that has seen no frame
   */
  static void keepMap(Path file, UnaryOperator<String> state) throws SQLException {
    List<KeyframeRow> keyframes;
    String before;
    try (Connection connection = SessionDatabase.connect(file, true);
        Statement statement = connection.createStatement()) {
      keyframes = new DatabaseReader(connection).all("keyframes", DatabaseReader::keyframe);
      try (ResultSet row = statement.executeQuery("SELECT state FROM checkpoints")) {
        if (!row.next()) {
          throw new StorageException(
              StorageException.Kind.FAILED, "the session has no map yet", null);
        }
        before = row.getString(1);
      }
    }
    change(
        file,
        statements -> {
          statements.update("DELETE FROM frames");
          for (KeyframeRow keyframe : keyframes) {
            renumber(statements, keyframe, FrameValidator.keyframeNumber(keyframe.id()));
          }
          statements.update(
              "DELETE FROM images WHERE sequence_number NOT IN"
                  + " (SELECT sequence_number FROM keyframes)");
          long id = statements.newestCheckpoint();
          statements.putCheckpoint(id, null, state.apply(before));
        });
  }

  private static void renumber(Statements statements, KeyframeRow keyframe, long number)
      throws SQLException {
    Optional<ImagesRow> images = statements.images(keyframe.sequenceNumber());
    if (images.isPresent()) {
      ImagesRow i = images.get();
      statements.put(
          new ImagesRow(number, i.colourEncoding(), i.colour(), i.depthEncoding(), i.depth()));
    }
    statements.put(
        new KeyframeRow(
            keyframe.id(), number, keyframe.timestampNanos(), keyframe.worldFromCamera()));
  }

  private static void change(Path file, DatabaseWriter.Write write) {
    try (Connection connection = SessionDatabase.connect(file, false)) {
      write.run(new Statements(connection));
      connection.commit();
    } catch (SQLException e) {
      throw SessionDatabase.failure(e);
    }
  }
}
