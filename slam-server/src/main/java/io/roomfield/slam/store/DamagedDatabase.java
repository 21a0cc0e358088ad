package io.roomfield.slam.store;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Reads what is whole of a database, and writes it anew where not all is. */
final class DamagedDatabase {
  private DamagedDatabase() {}

  /**
   * Reads a session; its {@code losses} say what is damaged.
   *
   * @throws StorageException if nothing can be saved
   */
  static StoredSession read(Path file) throws SQLException {
    try (Connection connection = SessionDatabase.connect(file, true)) {
      DatabaseReader reader = new DatabaseReader(connection);
      StoredSession stored = reader.load();
      check(connection, reader.losses());
      return stored;
    }
  }

  /**
   * Refuses a file from outside that has views, triggers, or other tables or columns than ours:
   * reading it would work out what its maker wrote, for ever perhaps.
   */
  static void requireOurTables(Path file) throws SQLException {
    try (Connection ours = DriverManager.getConnection("jdbc:sqlite::memory:");
        Statement statement = ours.createStatement();
        Connection theirs = SessionDatabase.connect(file, true)) {
      statement.executeUpdate(SessionDatabase.schema());
      if (!definitions(theirs).equals(definitions(ours))) {
        throw new StorageException(
            StorageException.Kind.DAMAGED, "other tables than a session's", null);
      }
    }
  }

  /** All that is defined in a database, without comments. */
  private static List<String> definitions(Connection connection) throws SQLException {
    List<String> all = new ArrayList<>();
    String sql = "SELECT type || ' ' || name || ' ' || coalesce(sql, '') FROM sqlite_schema";
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql + " ORDER BY type, name")) {
      while (row.next()) {
        all.add(row.getString(1).replaceAll("--[^\n]*", "").replaceAll("\\s+", " "));
      }
    }
    return all;
  }

  /** What reading rows does not show: indices, free pages, another kind of database. */
  private static void check(Connection connection, List<String> losses) {
    try (Statement statement = connection.createStatement()) {
      int version = statement.executeQuery("PRAGMA user_version").getInt(1);
      if (version != SessionDatabase.SCHEMA_VERSION) {
        losses.add(
            "schema version %d (expected: %d)".formatted(version, SessionDatabase.SCHEMA_VERSION));
      }
      try (ResultSet row = statement.executeQuery("PRAGMA integrity_check(1)")) {
        String result = row.getString(1);
        if (!"ok".equals(result)) {
          losses.add(result);
        }
      }
    } catch (SQLException e) {
      losses.add(SessionDatabase.failure(e).getMessage());
    }
  }

  /** Writes the rows of a database that are whole into a new one. */
  static void writeAnew(Path damaged, Path whole) {
    SessionDatabase.createEmpty(whole);
    try (Connection from = SessionDatabase.connect(damaged, true);
        Connection to = SessionDatabase.connect(whole, false)) {
      DatabaseReader reader = new DatabaseReader(from);
      Statements statements = new Statements(to);
      for (String table :
          List.of("session", "frames", "images", "keyframes", "checkpoints", "blocks")) {
        for (Object[] row : reader.all(table, DamagedDatabase::columns)) {
          statements.insertWhole(table, row);
        }
        to.commit();
      }
    } catch (SQLException e) {
      throw SessionDatabase.failure(e);
    }
  }

  private static Object[] columns(ResultSet row) throws SQLException {
    Object[] columns = new Object[row.getMetaData().getColumnCount() - 1];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = row.getObject(i + 2);
    }
    return columns;
  }
}
