package io.roomfield.slam.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.roomfield.slam.SmallRoom;
import io.roomfield.slam.compute.ComputeBackend;
import io.roomfield.slam.config.AlignmentConfig;
import io.roomfield.slam.config.GridConfig;
import io.roomfield.slam.config.MappingConfig.WhenBehind;
import io.roomfield.slam.config.SlamConfig;
import io.roomfield.slam.config.SlamConfig.SyncMode;
import io.roomfield.slam.field.FeatureGrid;
import io.roomfield.slam.field.FieldLevel;
import io.roomfield.slam.field.SceneField;
import io.roomfield.slam.ingest.RgbdFrame;
import io.roomfield.slam.mapping.MapSnapshot;
import io.roomfield.slam.store.Json;
import io.roomfield.slam.store.Rows.FrameRow;
import io.roomfield.slam.store.Rows.ImagesRow;
import io.roomfield.slam.store.Rows.SessionRow;
import io.roomfield.slam.store.SessionDatabase;
import io.roomfield.slam.store.SessionFiles;
import io.roomfield.slam.store.StoredSession;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An engine that is put where another was goes on as that one does, bit for bit. */
@Timeout(120) // a deadlock fails instead of hanging the build
class ContinuedEngineTest {
  private static final String ID = "kept";
  private static final int FRAMES = 9;

  @TempDir private Path folder;
  private ComputeBackend backend;
  private SessionFiles files;

  @BeforeEach
  void open() throws IOException {
    backend = SmallRoom.backend();
    files = new SessionFiles(folder, Duration.ZERO);
  }

  @AfterEach
  void close() {
    files.close();
    backend.close();
  }

  /** Front end, encoders, loops, kept moments: what the preset default does. */
  private static SlamConfig encoding() {
    SlamConfig c = SmallRoom.config(SyncMode.STRICT);
    return new SlamConfig(
        c.name(),
        c.sync(),
        c.seed(),
        new GridConfig("compact", 2, 0.32, 0.16, 25, true),
        c.rendering(),
        new AlignmentConfig(2, 0.03, 0.02, 2, true),
        c.tracking(),
        SmallRoom.mapping(WhenBehind.WAIT));
  }

  private static SlamConfig config(String name) {
    return switch (name) {
      case "encoding" -> encoding();
      case "paper" -> SmallRoom.config(SyncMode.STRICT);
      default -> throw new IllegalArgumentException(name);
    };
  }

  private SlamSystem system(SlamConfig config) {
    return new SlamSystem(config, SmallRoom.CAMERA, SmallRoom.pose(0), backend, round -> {});
  }

  /** What the session writes before a frame is tracked. */
  private static void accept(SessionDatabase database, RgbdFrame frame) {
    database
        .accept(
            FrameRow.accepted(frame.sequenceNumber(), frame.timestampNanos()),
            new ImagesRow(frame.sequenceNumber(), 0, new byte[0], 0, new byte[0]))
        .join();
  }

  @ParameterizedTest
  @ValueSource(strings = {"encoding", "paper"})
  void goesOnBitForBit(String name) throws InterruptedException {
    SlamConfig config = config(name);
    SessionRow row = new SessionRow(ID, "local", "{}", "{}", 0, SessionRow.State.OPEN);
    SessionDatabase database = files.create(row);
    StoredJournal journal = journal(row, database);
    try (SlamSystem first = system(config)) {
      for (int i = 0; i < FRAMES; i++) {
        accept(database, SmallRoom.frame(2 * i));
        first.processFrame(SmallRoom.frame(2 * i));
        // Whole, then twice what has changed.
        if (i == 1 || i == 3 || i == 5) {
          journal.checkpoint(first, false).join();
        }
      }
      StoredSession stored = journal.load();
      assertThat(stored.losses()).isEmpty();
      assertThat(stored.checkpoint().orElseThrow().sequenceNumber()).isEqualTo(10);
      try (SlamSystem second = system(config)) {
        second.restore(
            StoredJournal.state(stored, stored.checkpoint().orElseThrow()),
            number -> SmallRoom.frame((int) number));
        for (int i = 6; i < FRAMES; i++) {
          second.processFrame(SmallRoom.frame(2 * i));
        }
        first.finish();
        second.finish();
        assertSame(second, first);
      }
    }
    journal.close();
  }

  private static void assertSame(SlamSystem actual, SlamSystem expected) {
    assertThat(actual.keyframes().size()).isEqualTo(expected.keyframes().size());
    assertThat(actual.trajectory().poses()).hasSameSizeAs(expected.trajectory().poses());
    for (int i = 0; i < expected.trajectory().poses().size(); i++) {
      assertThat(actual.trajectory().poses().get(i).worldFromCamera())
          .as("frame %d", i)
          .isEqualTo(expected.trajectory().poses().get(i).worldFromCamera());
    }
    MapSnapshot map = actual.map().orElseThrow();
    MapSnapshot expectedMap = expected.map().orElseThrow();
    assertThat(map.version()).isEqualTo(expectedMap.version());
    assertSame(map.field(), expectedMap.field());
  }

  private static void assertSame(SceneField actual, SceneField expected) {
    assertThat(actual.colourDecoder().weights()).isEqualTo(expected.colourDecoder().weights());
    for (FieldLevel level : new FieldLevel[] {FieldLevel.MID, FieldLevel.FINE, FieldLevel.COLOUR}) {
      FeatureGrid grid = expected.grid(level);
      assertThat(actual.grid(level).blockCount()).isEqualTo(grid.blockCount());
      for (int block = 0; block < grid.blockCount(); block++) {
        assertThat(actual.grid(level).block(block))
            .as("%s block %d", level, block)
            .isEqualTo(grid.block(block));
      }
    }
  }

  /** What decoders make of features is another surface if they are others. */
  @Test
  void aMapOfOtherDecodersIsRefused() throws InterruptedException {
    SessionRow row = new SessionRow(ID, "local", "{}", "{}", 0, SessionRow.State.OPEN);
    SessionDatabase database = files.create(row);
    StoredJournal journal = journal(row, database);
    try (SlamSystem first = system(config("paper"))) {
      accept(database, SmallRoom.frame(0));
      first.processFrame(SmallRoom.frame(0));
      journal.checkpoint(first, false).join();
    }
    StoredSession stored = journal.load();
    journal.close();
    try (SlamSystem other = system(encoding())) {
      assertThatThrownBy(
              () ->
                  other.restore(
                      StoredJournal.state(stored, stored.checkpoint().orElseThrow()),
                      number -> SmallRoom.frame((int) number)))
          .hasMessageContaining("made with other decoders");
    }
  }

  /** Settings are kept as JSON, down to the last digit. */
  @Test
  void settingsAreReadAsTheyWereWritten() {
    SessionSettings settings =
        new SessionSettings(
            "label", encoding(), SmallRoom.CAMERA, 6553.5, SmallRoom.pose(3), false);

    assertThat(Json.read(Json.write(settings), SessionSettings.class)).isEqualTo(settings);
  }

  private StoredJournal journal(SessionRow row, SessionDatabase database) {
    return new StoredJournal(
        row, files, database, Duration.ofHours(1), new SlamMetrics(new SimpleMeterRegistry()));
  }
}
