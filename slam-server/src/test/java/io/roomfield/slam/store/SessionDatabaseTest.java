package io.roomfield.slam.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.roomfield.slam.store.Rows.BlockRow;
import io.roomfield.slam.store.Rows.FrameRow;
import io.roomfield.slam.store.Rows.ImagesRow;
import io.roomfield.slam.store.Rows.SessionRow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60) // a deadlock fails instead of hanging the build
class SessionDatabaseTest {
  private static final String ID = "session";
  private static final int CONTENT_BYTES = 400_000; // three blocks a slice of a checkpoint

  @TempDir private Path folder;
  private SessionFiles files;

  @BeforeEach
  void open() throws IOException {
    files = new SessionFiles(folder, Duration.ZERO);
  }

  @AfterEach
  void close() {
    files.close();
  }

  private SessionDatabase create() {
    return files.create(session());
  }

  private static SessionRow session() {
    return new SessionRow(ID, "owner", "{}", "{\"a\":1}", 17, SessionRow.State.OPEN);
  }

  private static CompletableFuture<Void> accept(SessionDatabase database, long number) {
    return database.accept(
        FrameRow.accepted(number, number),
        new ImagesRow(number, 1, new byte[] {1, 2}, 2, new byte[] {(byte) number}));
  }

  private static BlockRow block(int number, int fill) {
    byte[] content = new byte[CONTENT_BYTES];
    Arrays.fill(content, (byte) fill);
    return new BlockRow("fine", number, number, 0, -number, 3, content);
  }

  private static Checkpoint checkpoint(long upTo, Iterator<BlockRow> blocks) {
    return new Checkpoint(upTo, "state " + upTo, blocks, List.of(), List.of(), false);
  }

  @Test
  void acceptedFramesAreThereWhenTheFutureIsDone() throws SQLException {
    try (SessionDatabase database = create()) {
      accept(database, 1).join();
      accept(database, Long.MIN_VALUE).join(); // 2^63 as the API has it: after 1
      // Read beside the writer, as after a crash: nothing was closed.
      StoredSession stored = DamagedDatabase.read(folder.resolve("sessions/session.db"));
      assertThat(stored.losses()).isEmpty();
      assertThat(stored.session()).isEqualTo(session());
      assertThat(stored.frames())
          .containsExactly(
              FrameRow.accepted(1, 1), FrameRow.accepted(Long.MIN_VALUE, Long.MIN_VALUE));
      assertThat(database.images(1).orElseThrow().depth()).containsExactly(1);
      assertThat(database.images(2)).isEmpty();
    }
  }

  @Test
  void aBlockIsReadAsTheNewestCheckpointHasIt() {
    try (SessionDatabase database = create()) {
      accept(database, 1).join();
      database.checkpoint(checkpoint(1, List.of(block(0, 1), block(1, 1)).iterator())).join();
      database.checkpoint(checkpoint(1, List.of(block(1, 2)).iterator())).join();
      assertThat(database.block("fine", 0).content()).containsOnly(1);
      assertThat(database.block("fine", 1).content()).containsOnly(2);
      assertThatThrownBy(() -> database.block("mid", 0))
          .isInstanceOf(StorageException.class)
          .hasMessageContaining("mid block 0");
    }
  }

  /** A map that was read before its session left memory may ask for a block of it. */
  @Test
  void aClosedDatabaseIsNotOpenedAgainForABlock() {
    SessionDatabase database = create();
    accept(database, 1).join();
    database.checkpoint(checkpoint(1, List.of(block(0, 1)).iterator())).join();
    database.close();
    assertThatThrownBy(() -> database.block("fine", 0))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("closed");
  }

  /** Numbers are the API's uint64: those from 2^63 on come after all others. */
  @Test
  void aCheckpointKeepsImagesOfLaterFramesByTheirUnsignedNumbers() {
    try (SessionDatabase database = create()) {
      accept(database, 1).join();
      accept(database, Long.MIN_VALUE).join();
      database.checkpoint(checkpoint(1, List.<BlockRow>of().iterator())).join();
      assertThat(database.images(Long.MIN_VALUE)).isPresent();
      database.checkpoint(checkpoint(Long.MIN_VALUE, List.<BlockRow>of().iterator())).join();
      assertThat(database.images(1)).isEmpty();
      assertThat(database.images(Long.MIN_VALUE)).isPresent();
    }
  }

  /** A server that is stopped while it replaces a damaged file, or makes a copy. */
  @Test
  void whatAServerWasStoppedInIsEndedByTheNext() throws IOException {
    create().close();
    Path sessions = folder.resolve("sessions");
    files.close();
    Files.move(sessions.resolve("session.db"), sessions.resolve("session.whole"));
    Files.writeString(sessions.resolve("session.db-wal"), "of the damaged one");
    Files.writeString(sessions.resolve("copy-1.part"), "half a copy");
    Files.writeString(sessions.resolve("copy-1.part-wal"), "of it");
    files = new SessionFiles(folder, Duration.ZERO);
    assertThat(files.load(ID).session()).isEqualTo(session());
    try (Stream<Path> left = Files.list(sessions)) {
      assertThat(left.map(f -> f.getFileName().toString()).filter(f -> !f.startsWith(ID + ".db")))
          .isEmpty();
    }
  }

  /** A disk that was full within a repair must not end the session for good. */
  @Test
  void aRepairThatFailedCanBeDoneAgain() throws IOException, SQLException {
    try (SessionDatabase database = create()) {
      accept(database, 1).join();
    }
    SessionDatabase.createEmpty(folder.resolve("sessions/session.whole"));
    try (Connection connection =
        SessionDatabase.connect(folder.resolve("sessions/session.db"), false)) {
      new Statements(connection).update("UPDATE frames SET crc32c = 0");
      connection.commit();
    }
    assertThat(files.load(ID).losses()).isNotEmpty();
    assertThat(files.load(ID).losses()).isEmpty();
  }

  /** Reading it would never end. */
  @Test
  void aCopyWithAViewInPlaceOfATableIsRefused() throws SQLException {
    create().close();
    Path copy = files.temporaryFile();
    files.copy(ID, copy);
    try (Connection connection = SessionDatabase.connect(copy, false)) {
      Statements statements = new Statements(connection);
      statements.update("DROP TABLE frames");
      statements.update(
          "CREATE VIEW frames AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)"
              + " SELECT i AS rowid, i AS sequence_number FROM n");
      connection.commit();
    }
    assertThatThrownBy(() -> files.take(copy, row -> row))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("tables of another kind");
  }

  @Test
  void aCheckpointCountsWhenItIsWholeAndReplacesWhatChanged() {
    try (SessionDatabase database = create()) {
      accept(database, 1).join();
      accept(database, 2).join();
      database
          .checkpoint(checkpoint(1, IntStream.range(0, 8).mapToObj(i -> block(i, 1)).iterator()))
          .join();
      database.checkpoint(checkpoint(2, List.of(block(3, 2)).iterator())).join();
    }
    StoredSession.State state = files.load(ID).checkpoint().orElseThrow();
    assertThat(state.state()).isEqualTo("state 2");
    assertThat(state.blocks()).hasSize(8);
    for (BlockRow row : state.blocks()) {
      assertThat(row.content()[0])
          .as("block %d", row.number())
          .isEqualTo((byte) (row.number() == 3 ? 2 : 1));
    }
    // Frame 2 is the last one covered: the engine needs it. Frame 1 is no keyframe.
    try (SessionDatabase again = files.open(ID)) {
      assertThat(again.images(1)).isEmpty();
      assertThat(again.images(2)).isPresent();
    }
  }

  /** Killed between two slices: the blocks of the checkpoint before count. */
  @Test
  void aCheckpointThatBreaksOffLeavesTheOneBefore() {
    SessionDatabase database = create();
    accept(database, 1).join();
    database
        .checkpoint(checkpoint(1, IntStream.range(0, 4).mapToObj(i -> block(i, 1)).iterator()))
        .join();
    Iterator<BlockRow> breaksOff =
        IntStream.range(0, 8)
            .mapToObj(
                i -> {
                  if (i == 7) {
                    throw new IllegalStateException("killed");
                  }
                  return block(i, 2);
                })
            .iterator();
    CompletableFuture<Void> broken = database.checkpoint(checkpoint(2, breaksOff));
    assertThatThrownBy(broken::join).hasRootCauseMessage("killed");
    database.close();

    files.open(ID).close(); // removes what does not count
    StoredSession stored = files.load(ID);
    assertThat(stored.losses()).isEmpty();
    assertThat(stored.checkpoint().orElseThrow().blocks())
        .hasSize(4)
        .allMatch(row -> row.content()[0] == 1);
  }

  /** Frames do not wait for a checkpoint, only for a slice of it. */
  @Test
  void framesAreWrittenBetweenTheSlicesOfACheckpoint() throws InterruptedException {
    try (SessionDatabase database = create()) {
      Semaphore slices = new Semaphore(0);
      Iterator<BlockRow> slow =
          IntStream.range(0, 30)
              .mapToObj(
                  i -> {
                    slices.acquireUninterruptibly();
                    return block(i, 1);
                  })
              .iterator();
      CompletableFuture<Void> written = database.checkpoint(checkpoint(1, slow));
      CompletableFuture<Void> frame = accept(database, 2);
      slices.release(4);
      frame.join();
      assertThat(written).isNotDone();
      slices.release(26);
      written.join();
    }
  }

  @Test
  void whatComesAfterAFailedWriteFailsAsWell() {
    SessionDatabase database = create();
    accept(database, 1).join();
    CompletableFuture<Void> failed =
        database.checkpoint(
            checkpoint(
                1,
                IntStream.of(0)
                    .mapToObj(
                        i -> {
                          if (i == 0) {
                            throw new IllegalStateException("disk on fire");
                          }
                          return block(i, 1);
                        })
                    .iterator()));
    assertThatThrownBy(failed::join).isInstanceOf(CompletionException.class);
    assertThatThrownBy(accept(database, 2)::join).hasCauseInstanceOf(StorageException.class);
    database.close();
    assertThat(files.load(ID).frames()).containsExactly(FrameRow.accepted(1, 1));
  }

  /** A disk that is full, as SQLite has it. */
  @Test
  void aFullDiskIsToldAndLosesNothingThatWasAccepted() throws SQLException {
    SessionDatabase database = create();
    Path file = folder.resolve("sessions/session.db");
    accept(database, 1).join();
    database.limitPages(30);
    CompletableFuture<Void> full =
        database.accept(
            FrameRow.accepted(2, 2), new ImagesRow(2, 1, new byte[1 << 20], 1, new byte[1]));
    assertThatThrownBy(full::join)
        .hasCauseInstanceOf(StorageException.class)
        .satisfies(
            e ->
                assertThat(((StorageException) e.getCause()).kind())
                    .isEqualTo(StorageException.Kind.FULL));
    database.close();
    assertThat(DamagedDatabase.read(file).frames()).containsExactly(FrameRow.accepted(1, 1));
    try (SessionDatabase again = files.open(ID)) {
      accept(again, 2).join();
    }
    assertThat(files.load(ID).frames()).hasSize(2);
  }

  /** As on a disk that is full from the start. */
  @Test
  void aSessionThatCannotBeWrittenLeavesNothing() throws IOException {
    Files.createDirectory(folder.resolve("sessions/session.db-wal")); // where the log should be
    assertThatThrownBy(this::create).isInstanceOf(StorageException.class);
    assertThat(folder.resolve("sessions")).isEmptyDirectory();
  }

  @Test
  void listsAndDeletes() {
    create().close();
    assertThat(files.list()).containsExactly(session());
    assertThat(files.has(ID)).isTrue();
    assertThat(files.has("../" + ID)).isFalse();
    files.delete(ID);
    assertThat(files.list()).isEmpty();
    assertThat(files.has(ID)).isFalse();
  }

  @Test
  void aDataDirectoryHasOneServer() {
    assertThatThrownBy(() -> new SessionFiles(folder, Duration.ZERO))
        .hasMessageContaining("another server uses it");
  }

  /** "Opens with any SQLite tool": and says what it is. */
  @Test
  void aCopyIsOneFileThatSaysWhatItIs() throws SQLException, IOException {
    try (SessionDatabase database = create()) {
      accept(database, 1).join();
      files.copy(ID, folder.resolve("copy"));
    }
    assertThat(Files.exists(folder.resolve("copy-wal"))).isFalse();
    try (Connection connection = SessionDatabase.connect(folder.resolve("copy"), true);
        var statement = connection.createStatement()) {
      assertThat(statement.executeQuery("PRAGMA application_id").getInt(1))
          .isEqualTo(SessionDatabase.APPLICATION_ID);
      assertThat(statement.executeQuery("SELECT count(*) FROM frames").getInt(1)).isEqualTo(1);
    }
  }
}
