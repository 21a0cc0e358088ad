package io.roomfield.slam.store;

import io.roomfield.geometry.SE3;
import io.roomfield.slam.store.Rows.BlockRow;
import io.roomfield.slam.store.Rows.FrameRow;
import io.roomfield.slam.store.Rows.ImagesRow;
import io.roomfield.slam.store.Rows.KeyframeRow;
import io.roomfield.slam.store.Rows.SessionRow;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;

/** Reads rows, and leaves out those that are damaged. For one thread. */
final class DatabaseReader {
  /** Makes a row of what a query found. */
  @FunctionalInterface
  interface RowOf<T> {
    T read(ResultSet row) throws SQLException;
  }

  private final Connection connection;
  private final List<String> losses = new ArrayList<>();

  DatabaseReader(Connection connection) {
    this.connection = connection;
  }

  /** What could not be read so far, in words. */
  List<String> losses() {
    return losses;
  }

  /**
   * Everything but images.
   *
   * @throws StorageException if not even the session's own row is whole
   */
  StoredSession load() throws SQLException {
    List<SessionRow> sessions = all("session", DatabaseReader::session);
    if (sessions.size() != 1) {
      throw new StorageException(
          StorageException.Kind.DAMAGED, "the session's own row is lost: " + losses, null);
    }
    List<FrameRow> frames = all("frames", DatabaseReader::frame);
    frames.sort((a, b) -> Long.compareUnsigned(a.sequenceNumber(), b.sequenceNumber()));
    Optional<StoredSession.State> checkpoint =
        all("checkpoints", StoredCheckpoint::of).stream()
            .max(Comparator.comparingLong(StoredCheckpoint::id))
            .map(this::state);
    if (checkpoint.isEmpty() && !losses.isEmpty()) {
      losses.add("no state to go on from is left");
    }
    return new StoredSession(sessions.getFirst(), frames, checkpoint, losses);
  }

  private record StoredCheckpoint(long id, Long sequenceNumber, String state) {
    static StoredCheckpoint of(ResultSet row) throws SQLException {
      return new StoredCheckpoint(
          row.getLong("id"),
          row.getObject("sequence_number") == null ? null : row.getLong("sequence_number"),
          row.getString("state"));
    }
  }

  private record BlockOf(BlockRow row, long checkpoint) {
    static BlockOf of(ResultSet row) throws SQLException {
      return new BlockOf(
          new BlockRow(
              row.getString("level"),
              row.getInt("number"),
              row.getInt("x"),
              row.getInt("y"),
              row.getInt("z"),
              row.getInt("anchor"),
              row.getBytes("content")),
          row.getLong("checkpoint"));
    }
  }

  private record BlockKey(String level, int number) {}

  private StoredSession.State state(StoredCheckpoint checkpoint) {
    Map<BlockKey, BlockOf> newest = new HashMap<>();
    for (BlockOf block : all("blocks", BlockOf::of)) {
      if (block.checkpoint <= checkpoint.id) {
        newest.merge(
            new BlockKey(block.row.level(), block.row.number()),
            block,
            (a, b) -> a.checkpoint > b.checkpoint ? a : b);
      }
    }
    List<BlockRow> blocks =
        newest.values().stream()
            .map(BlockOf::row)
            .sorted(Comparator.comparing(BlockRow::level).thenComparingInt(BlockRow::number))
            .toList();
    List<KeyframeRow> keyframes = all("keyframes", DatabaseReader::keyframe);
    keyframes.sort(Comparator.comparingInt(KeyframeRow::id));
    return new StoredSession.State(checkpoint.sequenceNumber, checkpoint.state, keyframes, blocks);
  }

  /** The whole rows of a table, in any order. */
  <T> List<T> all(String table, RowOf<T> rowOf) {
    List<T> rows = new ArrayList<>();
    each(table, rowOf, rows::add);
    return rows;
  }

  /**
   * Hands over the whole rows of a table, one at a time. Where the table breaks off it is read from
   * its other end.
   */
  <T> void each(String table, RowOf<T> rowOf, Consumer<T> to) {
    try {
      scan("SELECT rowid, * FROM " + table + " ORDER BY rowid", table, rowOf, to);
    } catch (BrokenOff first) {
      losses.add("%s: rows cannot be read: %s".formatted(table, first.getMessage()));
      try {
        String after = " WHERE rowid > " + first.lastRead;
        scan("SELECT rowid, * FROM " + table + after + " ORDER BY rowid DESC", table, rowOf, to);
      } catch (BrokenOff second) {
        losses.add("%s: nor from the other end: %s".formatted(table, second.getMessage()));
      }
    }
  }

  /** Reading came to an end before the table did. */
  private static final class BrokenOff extends Exception {
    private static final long serialVersionUID = 1;
    private final long lastRead;

    BrokenOff(long lastRead, SQLException cause) {
      super(SessionDatabase.failure(cause).getMessage(), cause);
      this.lastRead = lastRead;
    }
  }

  private <T> void scan(String sql, String table, RowOf<T> rowOf, Consumer<T> to) throws BrokenOff {
    long lastRead = Long.MIN_VALUE;
    try (PreparedStatement statement = connection.prepareStatement(sql);
        ResultSet row = statement.executeQuery()) {
      while (row.next()) {
        checkNotCancelled();
        if (isWhole(row)) {
          addRow(row, table, rowOf, to);
        } else {
          losses.add("%s: row %d does not have its checksum".formatted(table, row.getLong(1)));
        }
        lastRead = row.getLong(1);
      }
    } catch (SQLException e) {
      throw new BrokenOff(lastRead, e);
    }
  }

  /** What is not read because nobody waits for it is not lost. */
  static void checkNotCancelled() {
    if (Thread.currentThread().isInterrupted()) {
      throw new CancellationException("reading of a session was interrupted");
    }
  }

  private <T> void addRow(ResultSet row, String table, RowOf<T> rowOf, Consumer<T> to)
      throws SQLException {
    try {
      to.accept(rowOf.read(row));
    } catch (IllegalArgumentException e) {
      losses.add("%s: row %d: %s".formatted(table, row.getLong(1), e.getMessage()));
    }
  }

  /** Whether the last column is the checksum of those between the rowid and it. */
  private static boolean isWhole(ResultSet row) throws SQLException {
    int columns = row.getMetaData().getColumnCount();
    Object[] values = new Object[columns - 2];
    for (int i = 0; i < values.length; i++) {
      values[i] = row.getObject(i + 2);
    }
    return row.getObject(columns) instanceof Number crc
        && crc.longValue() == RowChecksum.of(values);
  }

  Optional<ImagesRow> images(long sequenceNumber) throws SQLException {
    String sql = "SELECT rowid, * FROM images WHERE sequence_number = ?";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setLong(1, sequenceNumber);
      try (ResultSet row = statement.executeQuery()) {
        if (!row.next()) {
          return Optional.empty();
        }
        if (!isWhole(row)) {
          throw new StorageException(
              StorageException.Kind.DAMAGED,
              "the images of frame %s do not have their checksum"
                  .formatted(Long.toUnsignedString(sequenceNumber)),
              null);
        }
        return Optional.of(imagesOf(row));
      }
    }
  }

  /** A block as the newest checkpoint has it. */
  BlockRow block(String level, int number) throws SQLException {
    String sql =
        "SELECT rowid, * FROM blocks WHERE level = ? AND number = ? AND checkpoint <="
            + " (SELECT max(id) FROM checkpoints) ORDER BY checkpoint DESC LIMIT 1";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, level);
      statement.setInt(2, number);
      try (ResultSet row = statement.executeQuery()) {
        if (!row.next() || !isWhole(row)) {
          throw new StorageException(
              StorageException.Kind.DAMAGED,
              "%s block %d is not there, or does not have its checksum".formatted(level, number),
              null);
        }
        return BlockOf.of(row).row;
      }
    }
  }

  static SessionRow session(ResultSet row) throws SQLException {
    return new SessionRow(
        row.getString("id"),
        row.getString("owner"),
        row.getString("grants"),
        row.getString("settings"),
        row.getLong("created_unix_ms"),
        SessionRow.State.valueOf(row.getString("state")));
  }

  static FrameRow frame(ResultSet row) throws SQLException {
    return new FrameRow(
        row.getLong("sequence_number"),
        row.getLong("timestamp_ns"),
        row.getString("status"),
        row.getObject("qw") == null ? null : pose(row),
        row.getString("record"));
  }

  static ImagesRow imagesOf(ResultSet row) throws SQLException {
    return new ImagesRow(
        row.getLong("sequence_number"),
        row.getInt("colour_encoding"),
        row.getBytes("colour"),
        row.getInt("depth_encoding"),
        row.getBytes("depth"));
  }

  static KeyframeRow keyframe(ResultSet row) throws SQLException {
    return new KeyframeRow(
        row.getInt("keyframe_id"),
        row.getLong("sequence_number"),
        row.getLong("timestamp_ns"),
        Json.read(row.getString("pose"), SE3.class));
  }

  private static SE3 pose(ResultSet row) throws SQLException {
    return SE3.fromQuaternion(
        row.getDouble("qx"),
        row.getDouble("qy"),
        row.getDouble("qz"),
        row.getDouble("qw"),
        row.getDouble("tx"),
        row.getDouble("ty"),
        row.getDouble("tz"));
  }
}
