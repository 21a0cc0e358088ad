package io.roomfield.slam.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.roomfield.geometry.SE3;
import io.roomfield.slam.store.Rows.BlockRow;
import io.roomfield.slam.store.Rows.FrameRow;
import io.roomfield.slam.store.Rows.ImagesRow;
import io.roomfield.slam.store.Rows.KeyframeRow;
import io.roomfield.slam.store.Rows.SessionRow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Files damaged at many places: what is read is what was written, and what is not is named. */
@Timeout(300)
class DamagedDatabaseTest {
  private static final String ID = "session";
  private static final int FRAMES = 40;
  private static final int BLOCKS = 30;
  private static final int PLACES = 200;

  @TempDir private Path folder;
  private byte[] whole;
  private StoredSession expected;

  @BeforeEach
  void write() throws IOException {
    Random random = new Random(1);
    try (SessionFiles files = new SessionFiles(folder.resolve("whole"), Duration.ZERO)) {
      SessionRow session =
          new SessionRow(ID, "owner", "{}", "{\"label\":\"a room\"}", 17, SessionRow.State.OPEN);
      try (SessionDatabase database = files.create(session)) {
        for (int i = 0; i < FRAMES; i++) {
          byte[] colour = new byte[3000];
          random.nextBytes(colour);
          database
              .accept(FrameRow.accepted(i, 10L * i), new ImagesRow(i, 1, colour, 1, colour))
              .join();
        }
        List<FrameRow> poses =
            IntStream.range(0, FRAMES)
                .mapToObj(
                    i -> new FrameRow(i, 10L * i, "TRACKING", SE3.IDENTITY, "{\"i\":" + i + "}"))
                .toList();
        List<KeyframeRow> keyframes =
            IntStream.range(0, 8)
                .mapToObj(i -> new KeyframeRow(i, 5L * i, 50L * i, SE3.IDENTITY))
                .toList();
        database
            .checkpoint(
                new Checkpoint(
                    FRAMES - 1,
                    "{\"state\":true}",
                    IntStream.range(0, BLOCKS)
                        .mapToObj(
                            i -> {
                              byte[] content = new byte[5000];
                              random.nextBytes(content);
                              return new BlockRow("mid", i, i, i, i, 0, content);
                            })
                        .iterator(),
                    poses,
                    keyframes,
                    false))
            .join();
      }
      expected = files.load(ID);
      whole = Files.readAllBytes(folder.resolve("whole/sessions/session.db"));
    }
    assertThat(expected.losses()).isEmpty();
  }

  @Test
  void flippedBitsAreNoticed() throws IOException {
    Random random = new Random(2);
    int refused = 0;
    for (int i = 0; i < PLACES; i++) {
      byte[] damaged = whole.clone();
      int at = random.nextInt(damaged.length);
      damaged[at] ^= (byte) (1 << random.nextInt(8));
      refused += readsOnlyWhatWasWritten("bit at " + at, damaged) ? 0 : 1;
    }
    // The header, the schema and the session's own row: without them there is no session.
    assertThat(refused).as("of %d damaged files", PLACES).isLessThan(PLACES / 20);
  }

  @Test
  void truncatedFilesAreNoticed() throws IOException {
    Random random = new Random(3);
    for (int i = 0; i < PLACES; i++) {
      int length = random.nextInt(whole.length);
      readsOnlyWhatWasWritten("cut to " + length, Arrays.copyOf(whole, length));
    }
  }

  @Test
  void aViewInATablesPlaceIsNotTakenIn() throws IOException, SQLException {
    Path copy = folder.resolve("copy.db");
    Files.write(copy, whole);
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + copy);
        Statement statement = connection.createStatement()) {
      statement.execute("DROP TABLE frames");
      statement.execute(
          "CREATE VIEW frames AS WITH RECURSIVE endless(rowid) AS"
              + " (SELECT 1 UNION ALL SELECT rowid + 1 FROM endless) SELECT rowid FROM endless");
    }
    try (SessionFiles files = new SessionFiles(folder.resolve("taking"), Duration.ZERO)) {
      assertThatThrownBy(() -> files.take(copy, row -> row))
          .isInstanceOf(StorageException.class)
          .hasMessageContaining("tables of another kind");
    }
  }

  /** Whether anything was read. */
  private boolean readsOnlyWhatWasWritten(String what, byte[] damaged) throws IOException {
    Path data = folder.resolve("damaged");
    Files.createDirectories(data.resolve("sessions"));
    Files.write(data.resolve("sessions/session.db"), damaged);
    try (SessionFiles files = new SessionFiles(data, Duration.ZERO)) {
      StoredSession stored = files.load(ID);
      check(what, stored);
      // What was saved is whole from now on, and can be written on.
      StoredSession again = files.load(ID);
      assertThat(again.losses()).as("%s: read again", what).isEmpty();
      assertThat(again.frames()).as("%s: read again", what).hasSameSizeAs(stored.frames());
      try (SessionDatabase database = files.open(ID)) {
        database
            .accept(
                FrameRow.accepted(1000, 10_000),
                new ImagesRow(1000, 1, new byte[1], 1, new byte[1]))
            .join();
      }
      return true;
    } catch (StorageException e) {
      assertThat(e.kind()).as(what).isEqualTo(StorageException.Kind.DAMAGED);
      return false;
    } finally {
      try (Stream<Path> left = Files.list(data.resolve("sessions"))) {
        for (Path file : left.toList()) {
          Files.delete(file);
        }
      }
    }
  }

  private void check(String what, StoredSession stored) {
    assertThat(stored.session()).as(what).isEqualTo(expected.session());
    assertThat(expected.frames()).as(what).containsAll(stored.frames());
    boolean all = stored.frames().size() == FRAMES && stored.checkpoint().isPresent();
    if (stored.checkpoint().isPresent()) {
      StoredSession.State state = stored.checkpoint().get();
      StoredSession.State right = expected.checkpoint().orElseThrow();
      assertThat(state.state()).as(what).isEqualTo(right.state());
      assertThat(right.keyframes()).as(what).containsAll(state.keyframes());
      Map<Integer, byte[]> contents = new HashMap<>();
      right.blocks().forEach(block -> contents.put(block.number(), block.content()));
      for (BlockRow block : state.blocks()) {
        assertThat(block.content()).as(what).isEqualTo(contents.get(block.number()));
      }
      all &= state.blocks().size() == BLOCKS && state.keyframes().size() == 8;
    }
    if (!all) {
      assertThat(stored.losses()).as(what).isNotEmpty();
    }
  }
}
