package io.roomfield.slam.store;

import io.roomfield.slam.store.Rows.BlockRow;
import io.roomfield.slam.store.Rows.FrameRow;
import io.roomfield.slam.store.Rows.ImagesRow;
import io.roomfield.slam.store.Rows.KeyframeRow;
import io.roomfield.slam.store.Rows.SessionRow;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongConsumer;
import org.sqlite.ProgressHandler;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.SynchronousMode;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * A session on disk: one SQLite database in write-ahead mode, its tables as in schema.sql. What was
 * said to be written is there after the process was killed, and after the power went as far as the
 * disk keeps what it was told to. Callable from several threads.
 */
public final class SessionDatabase implements AutoCloseable {
  /** "RFSN": tells these databases from others. */
  static final int APPLICATION_ID = 'R' << 24 | 'F' << 16 | 'S' << 8 | 'N';

  static final int SCHEMA_VERSION = 1;

  private static final String SCHEMA = "/store/schema.sql";
  private static final int BUSY_MILLIS = 5000;

  /** Steps of SQLite's machine: a few rows, which may be images of megabytes. */
  private static final int STEPS_BETWEEN_LOOKS = 10;

  /** Pages of 4 KiB in the write-ahead log from which on it is moved into the database: 32 MiB. */
  private static final int LOG_PAGES = 8192;

  private final Path file;
  private final DatabaseWriter writer;
  private final CheckpointWriter checkpoints;

  private final Object reading = new Object();
  private Connection reader; // guarded by reading; null before it is needed
  private boolean closed; // guarded by reading

  private SessionDatabase(Path file, Duration gather, LongConsumer committed, long lastCheckpoint) {
    this.file = file;
    checkpoints = new CheckpointWriter(lastCheckpoint);
    try {
      writer = new DatabaseWriter(connect(file, false), gather, committed);
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  /**
   * Makes the database of a new session.
   *
   * @param gather for so long writes wait for others that share their transaction
   * @param committed told how many nanoseconds a transaction of such writes took
   * @throws StorageException if it cannot be written
   */
  static SessionDatabase create(
      Path file, SessionRow session, Duration gather, LongConsumer committed) {
    createEmpty(file);
    SessionDatabase database = new SessionDatabase(file, gather, committed, 0);
    try {
      database.putSession(session).join();
    } catch (RuntimeException e) {
      database.close();
      throw e.getCause() instanceof StorageException storage ? storage : e;
    }
    return database;
  }

  /** Makes a database without rows. */
  static void createEmpty(Path file) {
    try (Connection connection = connect(file, false);
        Statement statement = connection.createStatement()) {
      statement.executeUpdate("PRAGMA application_id = " + APPLICATION_ID);
      statement.executeUpdate("PRAGMA user_version = " + SCHEMA_VERSION);
      statement.executeUpdate(schema());
      connection.commit();
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  /**
   * Opens a session's database to write on. Rows of a checkpoint that was not finished are removed.
   *
   * @throws StorageException if it cannot be
   */
  static SessionDatabase open(Path file, Duration gather, LongConsumer committed) {
    try (Connection connection = connect(file, false);
        Statement statement = connection.createStatement()) {
      long last = statement.executeQuery("SELECT coalesce(max(id), 0) FROM checkpoints").getLong(1);
      statement.executeUpdate("DELETE FROM blocks WHERE checkpoint > " + last);
      connection.commit();
      return new SessionDatabase(file, gather, committed, last);
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  /** Whether a database has our tables and nothing else, to the letter. */
  static boolean hasSchema(Connection connection) throws SQLException {
    try (Connection own = DriverManager.getConnection("jdbc:sqlite::memory:");
        Statement statement = own.createStatement()) {
      statement.executeUpdate(schema());
      return objects(connection).equals(objects(own));
    }
  }

  private static Set<String> objects(Connection connection) throws SQLException {
    Set<String> objects = new HashSet<>();
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT type, name, sql FROM sqlite_schema")) {
      while (row.next()) {
        String definition = String.valueOf(row.getString(3));
        objects.add(
            "%s %s: %s"
                .formatted(
                    row.getString(1),
                    row.getString(2),
                    definition.replaceAll("--[^\n]*", "").replaceAll("\\s+", " ")));
      }
    }
    return objects;
  }

  static Connection connect(Path file, boolean readOnly) throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setReadOnly(readOnly);
    if (!readOnly) {
      config.setJournalMode(JournalMode.WAL);
      config.setSynchronous(SynchronousMode.FULL);
    }
    config.setBusyTimeout(BUSY_MILLIS);
    Connection connection = config.createConnection("jdbc:sqlite:" + file);
    if (!readOnly) {
      try (Statement statement = connection.createStatement()) {
        statement.execute("PRAGMA wal_autocheckpoint = " + LOG_PAGES);
      }
    }
    connection.setAutoCommit(readOnly);
    return connection;
  }

  /** Ends a connection's statements, as failures, soon after this thread was interrupted. */
  static void endWhenInterrupted(Connection connection) throws SQLException {
    ProgressHandler.setHandler(
        connection,
        STEPS_BETWEEN_LOOKS,
        new ProgressHandler() {
          @Override
          protected int progress() {
            return Thread.currentThread().isInterrupted() ? 1 : 0;
          }
        });
  }

  static String schema() {
    try (InputStream in = SessionDatabase.class.getResourceAsStream(SCHEMA)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private CompletableFuture<Void> putSession(SessionRow session) {
    return writer.put(statements -> statements.put(session));
  }

  /** Writes whose the session is; the rest of its own row stays. */
  public CompletableFuture<Void> putOwnership(String owner, String grants) {
    return writer.put(statements -> statements.changeSession(row -> row.with(owner, grants)));
  }

  /** Writes an accepted frame and its images; done when both are durable. */
  public CompletableFuture<Void> accept(FrameRow frame, ImagesRow images) {
    return writer.put(
        statements -> {
          statements.put(frame);
          statements.put(images);
        });
  }

  /** Writes what became of a frame, with the next frame or soon. */
  public CompletableFuture<Void> putFrame(FrameRow frame) {
    return writer.putLater(statements -> statements.put(frame));
  }

  /** Writes a keyframe, whose images are there, with the next frame or soon. */
  public CompletableFuture<Void> putKeyframe(KeyframeRow keyframe) {
    return writer.putLater(statements -> statements.put(keyframe));
  }

  /** Writes a checkpoint, slice by slice; done when it counts. One at a time. */
  public CompletableFuture<Void> checkpoint(Checkpoint checkpoint) {
    return writer.putSliced(checkpoints.slices(checkpoint));
  }

  /** Done when all that was put in before is durable. */
  public CompletableFuture<Void> flush() {
    return writer.putSliced(statements -> false);
  }

  /**
   * The images of a frame, if they are kept.
   *
   * @throws StorageException if they are damaged or cannot be read
   */
  public Optional<ImagesRow> images(long sequenceNumber) {
    try (Connection connection = connect(file, true)) {
      return new DatabaseReader(connection).images(sequenceNumber);
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  /**
   * A block of the map as the newest checkpoint has it.
   *
   * @throws StorageException if it is not there, is damaged or cannot be read
   */
  public BlockRow block(String level, int number) {
    synchronized (reading) {
      if (closed) {
        throw new StorageException(StorageException.Kind.FAILED, "the session is closed", null);
      }
      try {
        if (reader == null) {
          reader = connect(file, true);
        }
        return new DatabaseReader(reader).block(level, number);
      } catch (SQLException e) {
        throw failure(e);
      }
    }
  }

  /** Lets the database grow to so many pages; for tests of a full disk. */
  void limitPages(int pages) {
    writer.put(statements -> statements.limitPages(pages)).join();
  }

  /** Writes what is left, and closes. Waits. */
  @Override
  public void close() {
    writer.close();
    synchronized (reading) {
      closed = true;
      try {
        if (reader != null) {
          reader.close();
          reader = null;
        }
      } catch (SQLException e) {
        throw failure(e);
      }
    }
  }

  static StorageException failure(Throwable cause) {
    if (cause instanceof SQLiteException e) {
      SQLiteErrorCode code = e.getResultCode();
      StorageException.Kind kind =
          switch (code) {
            case SQLITE_FULL, SQLITE_IOERR_WRITE, SQLITE_IOERR_SHMSIZE ->
                StorageException.Kind.FULL;
            case SQLITE_CORRUPT, SQLITE_NOTADB -> StorageException.Kind.DAMAGED;
            default -> StorageException.Kind.FAILED;
          };
      return new StorageException(kind, "the session's database: " + code.message, e);
    }
    return new StorageException(
        StorageException.Kind.FAILED, "the session's database: " + cause, cause);
  }
}
