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
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Writes rows, each with its checksum. */
final class Statements {
  /** Numbers of a pose's columns. */
  private static final int POSE_COLUMNS = 7;

  private final Connection connection;

  Statements(Connection connection) {
    this.connection = connection;
  }

  void put(SessionRow row) throws SQLException {
    insert(
        "session",
        row.id(),
        row.owner(),
        row.grants(),
        row.settings(),
        row.createdUnixMillis(),
        row.state().name());
  }

  void put(FrameRow row) throws SQLException {
    List<Object> columns = new ArrayList<>();
    columns.addAll(List.of(row.sequenceNumber(), row.timestampNanos(), row.status()));
    columns.addAll(pose(row.worldFromCamera()));
    columns.add(row.record());
    insert("frames", columns.toArray());
  }

  void put(ImagesRow row) throws SQLException {
    insert(
        "images",
        row.sequenceNumber(),
        row.colourEncoding(),
        row.colour(),
        row.depthEncoding(),
        row.depth());
  }

  void put(KeyframeRow row) throws SQLException {
    List<Object> columns = new ArrayList<>();
    columns.addAll(List.of(row.id(), row.sequenceNumber(), row.timestampNanos()));
    columns.addAll(pose(row.worldFromCamera()));
    columns.add(Json.write(row.worldFromCamera()));
    insert("keyframes", columns.toArray());
  }

  void put(BlockRow row, long checkpoint) throws SQLException {
    insert(
        "blocks",
        row.level(),
        row.number(),
        checkpoint,
        row.x(),
        row.y(),
        row.z(),
        row.anchor(),
        row.content());
  }

  void putCheckpoint(long id, Long sequenceNumber, String state) throws SQLException {
    insert("checkpoints", id, sequenceNumber, state);
  }

  /** Changes the session's own row. */
  void changeSession(UnaryOperator<SessionRow> change) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT * FROM session")) {
      if (row.next()) {
        put(change.apply(DatabaseReader.session(row)));
      }
    }
  }

  long newestCheckpoint() throws SQLException {
    try (Statement statement = connection.createStatement()) {
      return statement.executeQuery("SELECT max(id) FROM checkpoints").getLong(1);
    }
  }

  Optional<ImagesRow> images(long sequenceNumber) throws SQLException {
    return new DatabaseReader(connection).images(sequenceNumber);
  }

  void limitPages(int pages) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA max_page_count = " + pages);
    }
  }

  private static List<Double> pose(SE3 pose) {
    if (pose == null) {
      return Collections.nCopies(POSE_COLUMNS, null);
    }
    double[] q = pose.quaternion();
    return List.of(q[0], q[1], q[2], q[3], pose.tx(), pose.ty(), pose.tz());
  }

  private void insert(String table, Object... columns) throws SQLException {
    Object[] row = Arrays.copyOf(columns, columns.length + 1);
    row[columns.length] = RowChecksum.of(columns);
    insertWhole(table, row);
  }

  /** Writes a row that has its checksum. */
  void insertWhole(String table, Object... row) throws SQLException {
    String marks = String.join(",", Collections.nCopies(row.length, "?"));
    update("INSERT OR REPLACE INTO " + table + " VALUES (" + marks + ")", row);
  }

  /** Runs a statement. */
  int update(String sql, Object... parameters) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < parameters.length; i++) {
        statement.setObject(i + 1, parameters[i]);
      }
      return statement.executeUpdate();
    }
  }
}
