package io.roomfield.slam.store;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** Reads what is whole of a database, and writes it anew where not all is. */
final class DamagedDatabase {
  /** Written in one transaction: no commit may take long, for it cannot be interrupted. */
  private static final long COMMITTED_BYTES = 8 << 20;

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
   * Reads a session of another's making, which must be whole and have our tables and nothing else:
   * what a view or a trigger in their place does when it is read is anybody's guess.
   *
   * @throws StorageException of kind DAMAGED if it is not so
   */
  static StoredSession readWhole(Path file) throws SQLException {
    try (Connection connection = SessionDatabase.connect(file, true)) {
      SessionDatabase.endWhenInterrupted(connection);
      DatabaseReader reader = new DatabaseReader(connection);
      if (!SessionDatabase.hasSchema(connection)) {
        reader.losses().add("tables of another kind");
      }
      requireNone(reader.losses());
      check(connection, reader.losses());
      requireNone(reader.losses());
      StoredSession stored = reader.load();
      requireNone(reader.losses());
      return stored;
    }
  }

  private static void requireNone(List<String> losses) {
    if (!losses.isEmpty()) {
      throw new StorageException(
          StorageException.Kind.DAMAGED, "a damaged session: " + losses, null);
    }
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
      Rewriting rewriting = new Rewriting(to);
      for (String table :
          List.of("session", "frames", "images", "keyframes", "checkpoints", "blocks")) {
        reader.each(table, DamagedDatabase::columns, row -> rewriting.insert(table, row));
        to.commit();
      }
    } catch (SQLException e) {
      throw SessionDatabase.failure(e);
    }
  }

  /** Rows on their way into a database, one in memory at a time. */
  private static final class Rewriting {
    private final Connection to;
    private final Statements statements;
    private long uncommitted;

    Rewriting(Connection to) {
      this.to = to;
      statements = new Statements(to);
    }

    /**
     * @throws StorageException if it cannot be written, which is no loss of the one read from
     */
    void insert(String table, Object[] row) {
      try {
        uncommitted += bytes(row);
        if (uncommitted > COMMITTED_BYTES) {
          to.commit();
          uncommitted = 0;
        }
        statements.insertWhole(table, row);
      } catch (SQLException e) {
        throw SessionDatabase.failure(e);
      }
    }
  }

  /** Of what may be large in a row. */
  private static long bytes(Object[] row) {
    long bytes = 0;
    for (Object column : row) {
      bytes += column instanceof byte[] content ? content.length : 0;
    }
    return bytes;
  }

  private static Object[] columns(ResultSet row) throws SQLException {
    Object[] columns = new Object[row.getMetaData().getColumnCount() - 1];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = row.getObject(i + 2);
    }
    return columns;
  }
}
