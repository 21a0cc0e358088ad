package io.roomfield.slam.store;

import io.roomfield.slam.store.Rows.SessionRow;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The databases of a server's sessions: {@code sessions/ID.db} in its data directory, which no
 * other server may use meanwhile. Callable from several threads, for a session by one at a time.
 */
public final class SessionFiles implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SessionFiles.class);

  private static final String SUFFIX = ".db";

  /** Of a database that is written anew and replaces a damaged one. */
  private static final String WHOLE = ".whole";

  private static final String COPY = ".part";

  /** What may be part of a file's name: ids are ours, but come in from outside as well. */
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,64}");

  private final Path sessions;
  private final Duration gather;
  private final LongConsumer committed;
  private final FileChannel lockFile;

  /**
   * Opens a data directory; makes it if it is not there.
   *
   * @param gather for so long writes wait for others that share their transaction
   * @throws IOException if it cannot be written
   * @throws IllegalStateException if another server uses it
   */
  public SessionFiles(Path dataDirectory, Duration gather) throws IOException {
    this(dataDirectory, gather, nanos -> {});
  }

  /**
   * The same.
   *
   * @param committed told of each transaction that writes frames how many nanoseconds it took, on
   *     the writer's thread
   */
  public SessionFiles(Path dataDirectory, Duration gather, LongConsumer committed)
      throws IOException {
    this.gather = gather;
    this.committed = committed;
    sessions = Files.createDirectories(dataDirectory.resolve("sessions"));
    lockFile =
        FileChannel.open(
            dataDirectory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (lock() == null) {
      lockFile.close();
      throw new IllegalStateException(
          "data directory %s: another server uses it (expected: one of its own)"
              .formatted(dataDirectory));
    }
    tidy();
  }

  /** Ends what a server was stopped in: copies go; where a file was being replaced it is. */
  private void tidy() throws IOException {
    try (Stream<Path> files = Files.list(sessions)) {
      for (Path file : files.toList()) {
        String name = file.getFileName().toString();
        if (name.endsWith(WHOLE)) {
          replaceOrDelete(file, name.substring(0, name.length() - WHOLE.length()));
        } else if (name.contains(COPY)) {
          Files.deleteIfExists(file);
        }
      }
    }
  }

  private void replaceOrDelete(Path whole, String id) throws IOException {
    Path file = sessions.resolve(id + SUFFIX);
    if (Files.exists(file)) {
      deleteFiles(whole); // perhaps not all was written
    } else {
      deleteFiles(file);
      Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE);
    }
  }

  private FileLock lock() throws IOException {
    try {
      return lockFile.tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // by this process
    }
  }

  /** The sessions' own rows; of those that can be read, in order of creation. */
  public List<SessionRow> list() {
    List<SessionRow> rows = new ArrayList<>();
    try (Stream<Path> files = Files.list(sessions)) {
      for (Path file : files.filter(f -> f.toString().endsWith(SUFFIX)).sorted().toList()) {
        row(file, rows);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    rows.sort((a, b) -> Long.compare(a.createdUnixMillis(), b.createdUnixMillis()));
    return rows;
  }

  /** The own row of a session; empty if there is none, or it cannot be read. */
  public Optional<SessionRow> find(String id) {
    List<SessionRow> rows = new ArrayList<>();
    if (has(id)) {
      row(file(id), rows);
    }
    return rows.stream().findFirst();
  }

  private static void row(Path file, List<SessionRow> into) {
    try (Connection connection = SessionDatabase.connect(file, true);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT * FROM session")) {
      if (row.next()) {
        into.add(DatabaseReader.session(row));
      }
    } catch (SQLException | IllegalArgumentException e) {
      LOG.warn("{} cannot be read", file.getFileName(), e);
    }
  }

  /** Bytes of each session's files, its log and what was put aside of it included, by its id. */
  public Map<String, Long> sizes() {
    Map<String, Long> sizes = new HashMap<>();
    try (Stream<Path> all = Files.list(sessions)) {
      for (Path file : all.toList()) {
        String name = file.getFileName().toString();
        String id = name.substring(0, Math.max(0, name.indexOf('.')));
        if (has(id)) {
          sizes.merge(id, file.toFile().length(), Long::sum); // 0 where it has gone meanwhile
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return sizes;
  }

  /** Size of all files, whatever they are. */
  public long bytes() {
    try (Stream<Path> files = Files.list(sessions)) {
      return files.mapToLong(file -> file.toFile().length()).sum();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether there is a session of this id. */
  public boolean has(String id) {
    return ID.matcher(id).matches() && Files.exists(file(id));
  }

  /** See {@link SessionDatabase#create}; where it cannot be written nothing is left of it. */
  public SessionDatabase create(SessionRow session) {
    boolean isNew = !has(session.id());
    try {
      return SessionDatabase.create(file(session.id()), session, gather, committed);
    } catch (RuntimeException e) {
      if (isNew) {
        delete(session.id());
      }
      throw e;
    }
  }

  /**
   * Reads a session. What is damaged is left out, and named; the damaged file is then put aside,
   * and what is whole is written anew.
   *
   * @throws StorageException if nothing can be saved
   */
  public StoredSession load(String id) {
    Path file = file(id);
    StoredSession stored = readAll(file);
    if (!stored.losses().isEmpty()) {
      LOG.warn("Session {}: its database is damaged: {}", id, stored.losses());
      Path whole = sessions.resolve(id + WHOLE);
      deleteFiles(whole); // of an attempt that failed
      DamagedDatabase.writeAnew(file, whole);
      try {
        Files.move(file, aside(id));
        deleteFiles(file);
        Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE);
      } catch (IOException e) {
        throw SessionDatabase.failure(e);
      }
    }
    return stored;
  }

  /**
   * Reads a session that is being written on.
   *
   * @throws StorageException if it is damaged: that is put right when nobody writes on it
   */
  public StoredSession read(String id) {
    StoredSession stored = readAll(file(id));
    if (!stored.losses().isEmpty()) {
      throw damaged(stored);
    }
    return stored;
  }

  private static StoredSession readAll(Path file) {
    try {
      return DamagedDatabase.read(file);
    } catch (SQLException e) {
      throw SessionDatabase.failure(e);
    }
  }

  private static StorageException damaged(StoredSession stored) {
    return new StorageException(
        StorageException.Kind.DAMAGED, "a damaged session: " + stored.losses(), null);
  }

  private Path aside(String id) {
    int number = 1;
    while (Files.exists(sessions.resolve("%s.damaged-%d".formatted(id, number)))) {
      number++;
    }
    return sessions.resolve("%s.damaged-%d".formatted(id, number));
  }

  /** See {@link SessionDatabase#open}. */
  public SessionDatabase open(String id) {
    return SessionDatabase.open(file(id), gather, committed);
  }

  /** Deletes a session that is not open. */
  public void delete(String id) {
    deleteFiles(file(id));
  }

  /** A database, its write-ahead log and its shared memory. */
  private static void deleteFiles(Path file) {
    try {
      for (String suffix : new String[] {"", "-wal", "-shm"}) {
        Files.deleteIfExists(file.resolveSibling(file.getFileName() + suffix));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Copies a session, as it is now, into one file that nobody writes on: {@link #take} takes it.
   *
   * @param to is not there yet
   */
  public void copy(String id, Path to) {
    try (Connection connection = SessionDatabase.connect(file(id), true);
        var statement = connection.prepareStatement("VACUUM INTO ?")) {
      SessionDatabase.endWhenInterrupted(connection);
      statement.setString(1, to.toString());
      statement.execute();
    } catch (SQLException e) {
      throw SessionDatabase.failure(e);
    }
  }

  /** A new file for a session that comes in or goes out; deleted by who asked for it. */
  public Path temporaryFile() {
    try {
      Path file = Files.createTempFile(sessions, "copy-", COPY);
      Files.delete(file);
      return file;
    } catch (IOException e) {
      throw SessionDatabase.failure(e);
    }
  }

  /**
   * Takes in a copy of a session, another server's perhaps, as a session of its own. Only its rows
   * are taken over, and none that is damaged.
   *
   * @param row of the new session, made from that of the copied one
   * @throws StorageException of kind DAMAGED if it is no session's, or not whole
   */
  public SessionRow take(Path copy, UnaryOperator<SessionRow> row) {
    Path whole = temporaryFile();
    try {
      SessionRow named = row.apply(DamagedDatabase.readWhole(copy).session());
      DamagedDatabase.writeAnew(copy, whole);
      SessionCopy.rename(whole, named);
      Files.move(whole, file(named.id()), StandardCopyOption.ATOMIC_MOVE);
      return named;
    } catch (SQLException | IOException e) {
      throw SessionDatabase.failure(e);
    } finally {
      deleteFiles(whole);
    }
  }

  /**
   * Leaves of a session that is not open its map alone.
   *
   * @param state takes the engine's state to that of one that has seen no frame
   * @throws StorageException of kind FAILED if it has none yet
   */
  public void keepMap(String id, UnaryOperator<String> state) {
    try {
      SessionCopy.keepMap(file(id), state);
    } catch (SQLException e) {
      throw SessionDatabase.failure(e);
    }
  }

  private Path file(String id) {
    if (!ID.matcher(id).matches()) {
      throw new IllegalArgumentException("id: %s (expected: %s)".formatted(id, ID));
    }
    return sessions.resolve(id + SUFFIX);
  }

  /** Lets another server have the directory. */
  @Override
  public void close() {
    try {
      lockFile.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
