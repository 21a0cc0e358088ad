package io.roomfield.slam.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.roomfield.geometry.PinholeCamera;
import io.roomfield.geometry.SE3;
import io.roomfield.slam.access.Principal;
import io.roomfield.slam.config.Presets;
import io.roomfield.slam.ingest.BadInputException;
import io.roomfield.slam.ingest.TestImages;
import io.roomfield.slam.store.SessionFiles;
import io.roomfield.slam.telemetry.Tracing;
import io.roomfield.slam.tracking.TrackingResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Sessions that are written down: what is there after their server is gone. */
@Timeout(60) // a deadlock fails instead of hanging the build
class KeptSessionsTest {
  private static final int EDGE = 16;
  private static final SessionSettings SETTINGS =
      new SessionSettings(
          "kitchen",
          Presets.load(Presets.DEFAULT),
          new PinholeCamera(EDGE, EDGE, 10, 10, 8, 8),
          1000,
          SE3.fromRotationVector(0.1, 0, 0, 1, 2, 3),
          false);

  @TempDir private Path folder;

  private static SessionRegistry registry(Engine.Factory engines, Path data) throws IOException {
    return new SessionRegistry(
        engines,
        new SlamMetrics(new SimpleMeterRegistry()),
        TestConfig.with(Map.of("maxSessions", 1)),
        Optional.of(new SessionFiles(data, Duration.ZERO)),
        Tracing.none());
  }

  private static void put(FrameWriter writer, long sequenceNumber) {
    writer.put(sequenceNumber, 10 * sequenceNumber, TestImages.raw(EDGE, EDGE, 2000));
  }

  private static List<Long> tracked(SlamSession session) {
    return session.trajectory().poses().stream().map(TrackingResult::sequenceNumber).toList();
  }

  /** What a crash leaves: the files as they are while the server runs. */
  private Path crash(Path data) throws IOException {
    Path copy = Files.createTempDirectory(folder, "crashed");
    Files.createDirectories(copy.resolve("sessions"));
    try (Stream<Path> files = Files.list(data.resolve("sessions"))) {
      for (Path file : files.filter(f -> !f.toString().endsWith("-shm")).toList()) {
        Files.copy(file, copy.resolve("sessions").resolve(file.getFileName()));
      }
    }
    return copy;
  }

  @Test
  void aSessionGoesOnInAnotherServer() throws Exception {
    String id;
    try (SessionRegistry first = registry(new FakeEngines().free(), folder)) {
      SlamSession session = first.open(SETTINGS, Principal.LOCAL);
      id = session.id();
      RecordedFates fates = new RecordedFates();
      FrameWriter writer = session.openWriter(fates);
      for (int i = 1; i <= 3; i++) {
        put(writer, i);
        assertThat(fates.next()).isEqualTo("tracked %d keyframes=%d", i, i);
      }
    }
    try (SessionRegistry second = registry(new FakeEngines().free(), folder)) {
      assertThat(second.visibleTo(Principal.LOCAL)).hasSize(1);
      SlamSession session = second.get(id);
      assertThat(session.settings()).isEqualTo(SETTINGS);
      assertThat(tracked(session)).containsExactly(1L, 2L, 3L);
      assertThat(session.keyframes()).hasSize(3);
      assertThat(session.statistics().accepted()).isEqualTo(3);
      assertThat(session.statistics().tracked()).isEqualTo(3);
      assertThat(session.farthestDepthMetres()).isEqualTo(2f);
      RecordedFates fates = new RecordedFates();
      FrameWriter writer = second.openWriter(id, fates, FramePolicy.WAIT);
      assertThat(writer.lastAccepted()).hasValue(3);
      put(writer, 3); // was not sure
      assertThat(fates.next()).isEqualTo("tracked 3 keyframes=3");
      put(writer, 4);
      assertThat(fates.next()).isEqualTo("tracked 4 keyframes=4");
    }
  }

  /** Accepted and not tracked: that is done when the session is opened again. */
  @Test
  void acceptedFramesAreTrackedAfterACrash() throws Exception {
    FakeEngines engines = new FakeEngines();
    SessionRegistry first = registry(engines, folder);
    SlamSession session = first.open(SETTINGS, Principal.LOCAL);
    RecordedFates fates = new RecordedFates();
    FrameWriter writer = session.openWriter(fates);
    engines.last().permit(2);
    for (int i = 1; i <= 5; i++) {
      put(writer, i);
    }
    assertThat(fates.next()).isEqualTo("tracked 1 keyframes=1");
    assertThat(fates.next()).isEqualTo("tracked 2 keyframes=2");
    while (fates.lastAccepted() < 5) {
      Thread.onSpinWait();
    }
    Path crashed = crash(folder);
    engines.last().permit(3);
    first.close();

    try (SessionRegistry second = registry(new FakeEngines().free(), crashed)) {
      SlamSession again = second.get(session.id());
      RecordedFates heard = new RecordedFates();
      FrameWriter resumed = again.openWriter(heard);
      assertThat(resumed.lastAccepted()).hasValue(5);
      put(resumed, 6);
      assertThat(heard.next()).isEqualTo("tracked 6 keyframes=6");
      assertThat(tracked(again)).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
      assertThat(again.statistics().tracked()).isEqualTo(6);
    }
  }

  @Test
  void aFinishedSessionStaysFinished() throws Exception {
    String id;
    try (SessionRegistry first = registry(new FakeEngines().free(), folder)) {
      SlamSession session = first.open(SETTINGS, Principal.LOCAL);
      id = session.id();
      put(session.openWriter(new RecordedFates()), 1);
      session.finish().join();
    }
    try (SessionRegistry second = registry(new FakeEngines().free(), folder)) {
      SlamSession session = second.get(id);
      assertThat(session.state()).isEqualTo(SlamSession.State.FINISHED);
      assertThat(tracked(session)).containsExactly(1L);
      assertThatThrownBy(() -> session.openWriter(new RecordedFates()))
          .isInstanceOf(BadInputException.class)
          .hasMessageContaining("FINISHED");
    }
  }

  /** The next engine starts from the last checkpoint, tracks what came since, and goes on. */
  @Test
  void anEngineThatFailsIsReplacedAndNobodyNotices() throws Exception {
    FakeEngines engines = new FakeEngines().free();
    try (SessionRegistry registry = registry(engines, folder)) {
      SlamSession session = registry.open(SETTINGS, Principal.LOCAL);
      engines.last().failAt(3, new IllegalStateException("the mapper has failed"));
      RecordedFates fates = new RecordedFates();
      FrameWriter writer = session.openWriter(fates);
      for (int i = 1; i <= 4; i++) {
        put(writer, i);
        assertThat(fates.next()).isEqualTo("tracked %d keyframes=%d", i, i);
      }
      assertThat(engines.count()).isEqualTo(2);
      assertThat(tracked(session)).containsExactly(1L, 2L, 3L, 4L);
      assertThat(session.statistics().tracked()).isEqualTo(4);
      assertThat(session.state()).isEqualTo(SlamSession.State.OPEN);
    }
  }

  /** Until the next engine has caught up nobody sees it: a trajectory never gets shorter. */
  @Test
  void queriesSeeTheOldEngineUntilTheNewOneHasCaughtUp() throws Exception {
    FakeEngines engines = new FakeEngines().free();
    try (SessionRegistry registry = registry(engines, folder)) {
      SlamSession session = registry.open(SETTINGS, Principal.LOCAL);
      engines.last().failAt(3, new IllegalStateException("the mapper has failed"));
      engines.hold();
      RecordedFates fates = new RecordedFates();
      FrameWriter writer = session.openWriter(fates);
      for (int i = 1; i <= 3; i++) {
        put(writer, i);
      }
      assertThat(fates.next()).isEqualTo("tracked 1 keyframes=1");
      assertThat(fates.next()).isEqualTo("tracked 2 keyframes=2");
      for (int replayed = 0; replayed < 2; replayed++) {
        while (engines.count() < 2 || !engines.last().isWaiting()) {
          Thread.onSpinWait();
        }
        assertThat(engines.last().trajectory().poses()).hasSize(replayed);
        assertThat(tracked(session)).containsExactly(1L, 2L);
        assertThat(session.keyframes()).hasSize(2);
        engines.last().permit(1);
        while (engines.last().trajectory().poses().size() == replayed) {
          Thread.onSpinWait();
        }
      }
      engines.last().permit(1);
      assertThat(fates.next()).isEqualTo("tracked 3 keyframes=3");
      assertThat(tracked(session)).containsExactly(1L, 2L, 3L);
    }
  }

  /** As when the mapper fails in its last refinement. */
  @Test
  void anEngineThatCannotFinishIsReplacedByOneThatDoes() throws Exception {
    FakeEngines engines = new FakeEngines().free();
    try (SessionRegistry registry = registry(engines, folder)) {
      SlamSession session = registry.open(SETTINGS, Principal.LOCAL);
      engines.last().failFinishing(new IllegalStateException("the mapper has failed"));
      RecordedFates fates = new RecordedFates();
      FrameWriter writer = session.openWriter(fates);
      put(writer, 1);
      put(writer, 2);
      session.finish().join();
      assertThat(session.state()).as(session.failure()).isEqualTo(SlamSession.State.FINISHED);
      assertThat(engines.count()).isEqualTo(2);
      assertThat(tracked(session)).containsExactly(1L, 2L);
    }
  }

  /** What failed twice is tried again when the client asks again. */
  @Test
  void aSessionThatFailedToFinishIsLoadedAgainToFinish() throws Exception {
    FakeEngines engines = new FakeEngines().free();
    AtomicBoolean broken = new AtomicBoolean(true);
    Engine.Factory failing =
        (settings, onMapped) -> {
          FakeEngine engine = (FakeEngine) engines.open(settings, onMapped);
          if (broken.get()) {
            engine.failFinishing(new IllegalStateException("no memory for the refinement"));
          }
          return engine;
        };
    try (SessionRegistry registry = registry(failing, folder)) {
      SlamSession session = registry.open(SETTINGS, Principal.LOCAL);
      FrameWriter writer = session.openWriter(new RecordedFates());
      put(writer, 1);
      writer.close();
      session.finish().join();
      assertThat(session.state()).isEqualTo(SlamSession.State.FAILED);
      assertThat(session.failure()).isEqualTo("no memory for the refinement");
      broken.set(false);
      SlamSession again = registry.revive(session.id());
      again.finish().join();
      assertThat(again.state()).as(again.failure()).isEqualTo(SlamSession.State.FINISHED);
      assertThat(tracked(again)).containsExactly(1L);
    }
  }

  /** A frame on which every engine fails is given up; the session is not. */
  @Test
  void aFrameThatKillsEnginesIsGivenUp() throws Exception {
    FakeEngines engines = new FakeEngines().free();
    Engine.Factory failing =
        (settings, onMapped) -> {
          FakeEngine engine = (FakeEngine) engines.open(settings, onMapped);
          engine.failAt(2, new IllegalStateException("loss is not finite"));
          return engine;
        };
    String id;
    try (SessionRegistry registry = registry(failing, folder)) {
      SlamSession session = registry.open(SETTINGS, Principal.LOCAL);
      id = session.id();
      RecordedFates fates = new RecordedFates();
      FrameWriter writer = session.openWriter(fates);
      put(writer, 1);
      put(writer, 2);
      put(writer, 3);
      assertThat(fates.next()).isEqualTo("tracked 1 keyframes=1");
      assertThat(fates.next()).isEqualTo("dropped 2: loss is not finite");
      assertThat(fates.next()).isEqualTo("tracked 3 keyframes=2");
      assertThat(session.statistics().dropped()).isEqualTo(1);
    }
    try (SessionRegistry registry = registry(failing, folder)) {
      SlamSession session = registry.get(id);
      assertThat(tracked(session)).containsExactly(1L, 3L);
      assertThat(session.statistics().dropped()).isEqualTo(1);
    }
  }

  /** A call that waits while the server stops must not bring a session back. */
  @Test
  void aRegistryThatIsClosedLoadsNothing() throws Exception {
    SessionRegistry registry = registry(new FakeEngines().free(), folder);
    SlamSession session = registry.open(SETTINGS, Principal.LOCAL);
    registry.close();
    assertThatThrownBy(() -> registry.get(session.id()))
        .isInstanceOfSatisfying(
            BadInputException.class,
            e -> assertThat(e.kind()).isEqualTo(BadInputException.Kind.UNAVAILABLE));
    assertThatThrownBy(() -> registry.open(SETTINGS, Principal.LOCAL))
        .isInstanceOf(BadInputException.class);
    assertThat(registry.size()).isZero();
  }

  @Test
  void aSessionThatCannotBeOpenedLeavesNothing() throws Exception {
    Engine.Factory none =
        (settings, onMapped) -> {
          throw new IllegalStateException("no memory for an engine");
        };
    try (SessionRegistry registry = registry(none, folder)) {
      assertThatThrownBy(() -> registry.open(SETTINGS, Principal.LOCAL))
          .hasMessage("no memory for an engine");
      assertThat(registry.visibleTo(Principal.LOCAL)).isEmpty();
    }
  }

  /** A frame whose images are lost has a fate all the same: it is given up, and counts as that. */
  @Test
  void aFrameWhoseImagesAreLostIsGivenUp() throws Exception {
    FakeEngines engines = new FakeEngines();
    SessionRegistry first = registry(engines, folder);
    SlamSession session = first.open(SETTINGS, Principal.LOCAL);
    RecordedFates fates = new RecordedFates();
    FrameWriter writer = session.openWriter(fates);
    put(writer, 1);
    put(writer, 2);
    while (fates.lastAccepted() < 2) {
      Thread.onSpinWait();
    }
    Path crashed = crash(folder);
    engines.last().permit(2);
    first.close();
    Path file = crashed.resolve("sessions").resolve(session.id() + ".db");
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      statement.executeUpdate("DELETE FROM images WHERE sequence_number = 1");
    }

    try (SessionRegistry second = registry(new FakeEngines().free(), crashed)) {
      SlamSession again = second.get(session.id());
      while (!again.isIdle()) {
        Thread.onSpinWait();
      }
      assertThat(again.statistics().dropped()).isEqualTo(1);
      assertThat(tracked(again)).containsExactly(2L);
    }
  }

  /** Writing goes on in the file that is there: only a session that is not open gets another. */
  @Test
  void damageThatARunningSessionFindsIsPutRightWhenItIsOpenedAgain() throws Exception {
    FakeEngines engines = new FakeEngines().free();
    String id;
    try (SessionRegistry registry = registry(engines, folder)) {
      SlamSession session = registry.open(SETTINGS, Principal.LOCAL);
      id = session.id();
      RecordedFates fates = new RecordedFates();
      FrameWriter writer = session.openWriter(fates);
      put(writer, 1);
      assertThat(fates.next()).isEqualTo("tracked 1 keyframes=1");
      put(writer, 2);
      assertThat(fates.next()).isEqualTo("tracked 2 keyframes=2");
      Path file = folder.resolve("sessions").resolve(id + ".db");
      try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
          Statement statement = connection.createStatement()) {
        statement.executeUpdate("UPDATE frames SET crc32c = 0 WHERE sequence_number = 1");
      }
      engines.last().failAt(3, new IllegalStateException("the mapper has failed"));
      put(writer, 3);
      assertThat(fates.next()).isEqualTo("suspended");
      writer.close();

      RecordedFates heard = new RecordedFates();
      FrameWriter resumed = registry.openWriter(id, heard, FramePolicy.WAIT);
      assertThat(resumed.lastAccepted()).hasValue(3);
      put(resumed, 4);
      assertThat(heard.next()).isEqualTo("tracked 4 keyframes=3");
    }
    try (SessionRegistry registry = registry(new FakeEngines().free(), folder)) {
      assertThat(tracked(registry.get(id))).containsExactly(2L, 3L, 4L);
    }
  }

  /** The mapper fails on frame 2, which shows at frame 3: that one is innocent. */
  @Test
  void aFrameThatKillsMappersIsGivenUpAndNoOther() throws Exception {
    FakeEngines engines = new FakeEngines().free();
    Engine.Factory failing =
        (settings, onMapped) -> {
          FakeEngine engine = (FakeEngine) engines.open(settings, onMapped);
          engine.failMappingOf(2, new IllegalStateException("loss is not finite"));
          return engine;
        };
    try (SessionRegistry registry = registry(failing, folder)) {
      SlamSession session = registry.open(SETTINGS, Principal.LOCAL);
      RecordedFates fates = new RecordedFates();
      FrameWriter writer = session.openWriter(fates);
      for (int i = 1; i <= 4; i++) {
        put(writer, i);
        assertThat(fates.next()).startsWith("tracked " + i);
      }
      assertThat(tracked(session)).containsExactly(1L, 3L, 4L);
      assertThat(session.state()).isEqualTo(SlamSession.State.OPEN);
    }
  }

  /** One may be in use: an idle one leaves memory, and comes back when it is asked for. */
  @Test
  void idleSessionsMakeRoomAndComeBack() throws Exception {
    FakeEngines engines = new FakeEngines().free();
    try (SessionRegistry registry = registry(engines, folder)) {
      SlamSession first = registry.open(SETTINGS, Principal.LOCAL);
      FrameWriter writer = first.openWriter(new RecordedFates());
      put(writer, 1);
      assertThatThrownBy(() -> registry.open(SETTINGS, Principal.LOCAL))
          .isInstanceOfSatisfying(
              BadInputException.class,
              e -> assertThat(e.kind()).isEqualTo(BadInputException.Kind.LIMIT));
      writer.close();
      while (!first.isIdle()) {
        Thread.onSpinWait();
      }
      SlamSession second = registry.open(SETTINGS, Principal.LOCAL);
      assertThat(registry.size()).isEqualTo(1);
      assertThat(registry.visibleTo(Principal.LOCAL)).hasSize(2);
      while (!second.isIdle()) {
        Thread.onSpinWait();
      }
      SlamSession back = registry.get(first.id());
      assertThat(tracked(back)).containsExactly(1L);
      registry.delete(first.id());
      registry.delete(second.id());
      assertThat(registry.visibleTo(Principal.LOCAL)).isEmpty();
      assertThatThrownBy(() -> registry.get(first.id())).isInstanceOf(BadInputException.class);
    }
  }
}
