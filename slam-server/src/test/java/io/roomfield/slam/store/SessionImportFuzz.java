package io.roomfield.slam.store;

import io.roomfield.geometry.SE3;
import io.roomfield.slam.fuzz.Execution;
import io.roomfield.slam.fuzz.TemporaryFolder;
import io.roomfield.slam.store.Rows.BlockRow;
import io.roomfield.slam.store.Rows.FrameRow;
import io.roomfield.slam.store.Rows.ImagesRow;
import io.roomfield.slam.store.Rows.KeyframeRow;
import io.roomfield.slam.store.Rows.SessionRow;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Databases that come in as sessions. An input says what is changed in a small whole one. First
 * byte even: bytes of the file, each edit two bytes of place and one of value; a first place of 0
 * is followed by the length to cut to. Odd: values of rows, whose checksums are made right again:
 * each edit a byte of table, of column, of the value's kind, of its length, and its bytes.
 */
public final class SessionImportFuzz {
  private static final List<String> TABLES =
      List.of("session", "frames", "images", "keyframes", "checkpoints", "blocks");

  private static final SessionRow TAKEN =
      new SessionRow("taken", "owner", "{}", "{}", 1, SessionRow.State.FINISHED);

  /** The database has some ten kilobytes; what is more are strings, lists and the driver's. */
  private static final Execution EXECUTION =
      new Execution(8 << 20, List.of(StorageException.class));

  private static final Path FOLDER = TemporaryFolder.create("fuzz-import");
  private static final Path FILE = FOLDER.resolve("incoming.part");
  private static final SessionFiles FILES;
  private static final byte[] WHOLE;

  static {
    try {
      FILES = new SessionFiles(FOLDER, Duration.ZERO);
      write(FOLDER.resolve("whole"));
      WHOLE = Files.readAllBytes(FOLDER.resolve("whole"));
    } catch (IOException | SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private SessionImportFuzz() {}

  /** Takes in a changed session. */
  public static void fuzzerTestOneInput(byte[] input) throws IOException, SQLException {
    ByteBuffer edits = ByteBuffer.wrap(input);
    if (!edits.hasRemaining()) {
      return;
    }
    if ((edits.get() & 1) == 0) {
      Files.write(FILE, editBytes(edits));
    } else {
      Files.write(FILE, WHOLE);
      editRows(edits);
    }
    try {
      EXECUTION.run(() -> FILES.take(FILE, row -> TAKEN));
    } finally {
      Files.delete(FILE);
      FILES.delete(TAKEN.id());
    }
    requireNothingLeft();
  }

  private static void requireNothingLeft() throws IOException {
    try (Stream<Path> left = Files.list(FOLDER.resolve("sessions"))) {
      List<Path> files = left.toList();
      if (!files.isEmpty()) {
        throw new AssertionError("left behind: %s (expected: nothing)".formatted(files));
      }
    }
  }

  private static byte[] editBytes(ByteBuffer edits) {
    byte[] bytes = WHOLE.clone();
    if (edits.remaining() >= 2 * Short.BYTES && edits.getShort(edits.position()) == 0) {
      edits.getShort();
      bytes = Arrays.copyOf(bytes, Short.toUnsignedInt(edits.getShort()) % bytes.length + 1);
    }
    while (edits.remaining() > Short.BYTES) {
      bytes[Short.toUnsignedInt(edits.getShort()) % bytes.length] = edits.get();
    }
    return bytes;
  }

  private static void editRows(ByteBuffer edits) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + FILE)) {
      connection.setAutoCommit(false);
      Statements statements = new Statements(connection);
      while (edits.remaining() >= 4) {
        String table = TABLES.get(Byte.toUnsignedInt(edits.get()) % TABLES.size());
        try (Statement statement = connection.createStatement();
            ResultSet row = statement.executeQuery("SELECT * FROM " + table)) {
          Object[] values = new Object[row.getMetaData().getColumnCount()];
          for (int i = 0; i < values.length; i++) {
            values[i] = row.getObject(i + 1);
          }
          int last = values.length - 1;
          values[Byte.toUnsignedInt(edits.get()) % last] = value(edits);
          values[last] = RowChecksum.of(Arrays.copyOf(values, last));
          statements.update("DELETE FROM " + table);
          statements.insertWhole(table, values);
        } catch (SQLException e) {
          break; // a value that the schema refuses: what was edited before it counts
        }
      }
      connection.commit();
    }
  }

  private static Object value(ByteBuffer edits) {
    int kind = edits.get() & 3;
    byte[] bytes = new byte[Math.min(Byte.toUnsignedInt(edits.get()), edits.remaining())];
    edits.get(bytes);
    ByteBuffer word = ByteBuffer.wrap(Arrays.copyOf(bytes, Long.BYTES));
    return switch (kind) {
      case 0 -> word.getLong();
      case 1 -> word.getDouble();
      case 2 -> bytes;
      default -> new String(bytes, StandardCharsets.UTF_8);
    };
  }

  /** A row in every table, in pages of the smallest size. */
  private static void write(Path file) throws SQLException {
    Path wide = file.resolveSibling("wide");
    SessionDatabase.createEmpty(wide);
    byte[] blob = {1, 2, 3, 4};
    try (Connection connection = SessionDatabase.connect(wide, false);
        Statement statement = connection.createStatement()) {
      Statements rows = new Statements(connection);
      rows.put(new SessionRow("whole", "owner", "{}", "{}", 1, SessionRow.State.FINISHED));
      rows.put(new FrameRow(1, 10, "TRACKING", SE3.IDENTITY, "{}"));
      rows.put(new ImagesRow(1, 1, blob, 1, blob));
      rows.put(new KeyframeRow(0, 1, 10, SE3.IDENTITY));
      rows.putCheckpoint(1, 1L, "{}");
      rows.put(new BlockRow("mid", 0, 1, 2, 3, 0, blob), 1);
      connection.commit();
      connection.setAutoCommit(true);
      statement.execute("PRAGMA page_size = 512");
      statement.execute("VACUUM INTO '" + file + "'");
    }
  }
}
