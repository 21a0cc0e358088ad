package io.roomfield.slam.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.roomfield.geometry.PinholeCamera;
import io.roomfield.geometry.SE3;
import io.roomfield.slam.access.Principal;
import io.roomfield.slam.config.Presets;
import io.roomfield.slam.ingest.BadInputException;
import io.roomfield.slam.ingest.BadInputException.Kind;
import io.roomfield.slam.ingest.TestImages;
import io.roomfield.slam.store.SessionFiles;
import io.roomfield.slam.telemetry.Tracing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a principal's sessions may use, and what is said where that is not enough. */
@Timeout(60) // a deadlock fails instead of hanging the build
class QuotasTest {
  private static final Principal ALICE = new Principal("alice", false);
  private static final Principal BOB = new Principal("bob", false);
  private static final int EDGE = 16;
  private static final SessionSettings SETTINGS =
      new SessionSettings(
          "",
          Presets.load(Presets.DEFAULT),
          new PinholeCamera(EDGE, EDGE, 10, 10, 8, 8),
          1000,
          SE3.IDENTITY,
          false);

  /** A second frame may come after a quarter of an hour. */
  private static final double ONE_FRAME = 0.001;

  @TempDir private Path folder;
  private SessionRegistry registry;
  private SessionCopies copies;

  /** A registry in which alice alone has a limit. */
  private void open(String key, Number value) throws IOException {
    Optional<SessionFiles> files = Optional.of(new SessionFiles(folder, Duration.ZERO));
    Map<String, Object> limits =
        new HashMap<>(Map.of("principals", Map.of("alice", Map.of(key, value))));
    registry =
        new SessionRegistry(
            new FakeEngines().free(),
            new SlamMetrics(new SimpleMeterRegistry()),
            TestConfig.with(Map.of("maxSessions", 2, "limits", limits)),
            files,
            Tracing.none());
    copies = new SessionCopies(registry, files);
  }

  @AfterEach
  void close() {
    registry.close();
  }

  private static void assertLimited(ThrowingCallable call, String message) {
    assertThatThrownBy(call)
        .hasMessage(message)
        .isInstanceOfSatisfying(
            BadInputException.class, e -> assertThat(e.kind()).isEqualTo(Kind.LIMIT));
  }

  private static void put(FrameWriter writer, long number) {
    writer.put(number, 10 * number, TestImages.raw(EDGE, EDGE, 2000));
  }

  @Test
  void sessionsCountWhetherOrNotTheyAreInMemory() throws IOException {
    open("sessions", 2);
    String first = registry.open(SETTINGS, ALICE).id();
    registry.close(first);
    String second = registry.open(SETTINGS, ALICE).id();

    String full = "sessions: 2 of alice, 2 allowed; delete one";
    assertLimited(() -> registry.open(SETTINGS, ALICE), full);
    assertLimited(() -> copies.save(second, "", ALICE), full);
    assertLimited(() -> copies.place(ALICE), full);
    registry.open(SETTINGS, BOB);

    registry.delete(first);
    registry.open(SETTINGS, ALICE);
  }

  @Test
  void aPlaceThatIsTakenCounts() throws IOException {
    open("sessions", 1);
    Quotas.NewSession place = copies.place(ALICE);
    assertThatThrownBy(() -> registry.open(SETTINGS, ALICE)).isInstanceOf(BadInputException.class);
    place.close();
    registry.open(SETTINGS, ALICE);
  }

  @Test
  void anIdleSessionMakesRoomForAnotherOfItsOwner() throws IOException {
    open("loadedSessions", 1);
    SlamSession first = registry.open(SETTINGS, ALICE);
    registry.open(SETTINGS, BOB);
    try (FrameWriter _ = first.openWriter(new RecordedFates())) {
      assertLimited(
          () -> registry.open(SETTINGS, ALICE),
          "sessions: 1 of alice in use, 1 allowed; finish or close one");
    }
    SlamSession second = registry.open(SETTINGS, ALICE);
    assertThat(first.isClosed()).isTrue();
    assertThat(second.isClosed()).isFalse();
  }

  @Test
  void framesOverTheRateAreRefused() throws IOException {
    open("framesPerSecond", ONE_FRAME);
    RecordedFates fates = new RecordedFates();
    String id = registry.open(SETTINGS, ALICE).id();
    FrameWriter writer = registry.openWriter(id, fates, FramePolicy.WAIT);
    put(writer, 1);
    put(writer, 2);
    registry.get(id).finish().join();
    assertThat(fates.takeRefusal())
        .isNotNull()
        .satisfies(refusal -> assertThat(refusal.kind()).isEqualTo(Kind.LIMIT))
        .hasMessageStartingWith("frames per second: 0.001 allowed, the owner's streams send ")
        .hasMessageEndingWith("; send at most 0.001 or declare SKIP");
    assertThat(registry.get(id).statistics().rejected()).isEqualTo(1);
  }

  @Test
  void aStreamThatSkipsIsToldInstead() throws Exception {
    open("framesPerSecond", ONE_FRAME);
    RecordedFates fates = new RecordedFates();
    SlamSession session = registry.open(free(), ALICE);
    FrameWriter writer = registry.openWriter(session.id(), fates, FramePolicy.SKIP);
    put(writer, 1);
    put(writer, 2);
    put(writer, 3);
    session.finish().join();
    assertThat(session.statistics().shed(LoadShedding.FRAME_RATE)).isEqualTo(2);
    assertThat(session.statistics().accepted()).isEqualTo(1);
    assertThat(session.statistics().rejected()).isZero();
  }

  private static SessionSettings free() {
    return new SessionSettings(
        "", Presets.load("realtime"), SETTINGS.camera(), 1000, SE3.IDENTITY, false);
  }

  @Test
  void whatComesInIsCountedAgainstTheDiskWhileItComes() throws IOException {
    open("diskBytes", 1_000_000);
    registry.open(SETTINGS, BOB);
    try (Quotas.NewSession place = copies.place(ALICE)) {
      place.addBytes(600_000);
      assertLimited(
          () -> place.addBytes(400_001),
          "disk bytes: 600000 used, 1000000 allowed, so 400000 more fit; delete a session");
      try (Quotas.NewSession beside = copies.place(ALICE)) {
        beside.addBytes(400_000);
      }
      place.addBytes(300_000);
    }
    copies.place(ALICE).close();
  }

  @Test
  void aFullDiskQuotaRefusesFramesAndSessions() throws IOException {
    open("diskBytes", 1);
    // An empty database is larger than a byte already.
    String id = registry.open(SETTINGS, ALICE).id();
    registry.quotas().filesChanged();
    RecordedFates fates = new RecordedFates();
    put(registry.openWriter(id, fates, FramePolicy.WAIT), 1);
    registry.get(id).finish().join();
    assertThat(fates.takeRefusal()).hasMessageStartingWith("disk bytes: ");
    assertThatThrownBy(() -> registry.open(SETTINGS, ALICE)).hasMessageStartingWith("disk bytes: ");
    assertThatThrownBy(() -> copies.save(id, "", ALICE)).hasMessageStartingWith("disk bytes: ");
  }

  /** Both places in memory are in use, and still a map can be saved. */
  @Test
  void savingAMapNeedsNoPlaceInMemory() throws Exception {
    open("weight", 2);
    SlamSession first = registry.open(SETTINGS, ALICE);
    RecordedFates fates = new RecordedFates();
    FrameWriter writer = first.openWriter(fates);
    put(writer, 1);
    assertThat(fates.next()).startsWith("tracked 1");
    try (FrameWriter _ = registry.open(SETTINGS, BOB).openWriter(new RecordedFates())) {
      SessionCopies.Saved saved = copies.save(first.id(), "saved", ALICE);
      assertThat(saved.settings().label()).isEqualTo("saved");
      assertThat(registry.loaded(saved.id())).isEmpty();
      assertThat(registry.visibleTo(ALICE)).hasSize(2);
    }
  }

  @Test
  void settingsOfAFileAreCheckedLikeARequests() throws IOException, InterruptedException {
    open("weight", 1);
    PinholeCamera large = new PinholeCamera(8192, 8192, 100, 100, 8, 8);
    SessionSettings tooLarge =
        new SessionSettings("", SETTINGS.config(), large, 1000, SE3.IDENTITY, false);
    SE3 scaled = new SE3(2, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0);
    SessionSettings noPose =
        new SessionSettings("", SETTINGS.config(), SETTINGS.camera(), 1000, scaled, false);
    for (SessionSettings bad : new SessionSettings[] {tooLarge, noPose}) {
      String id = registry.open(bad, ALICE).id();
      Path file = copies.export(id);
      assertThatThrownBy(() -> copies.take(file, BOB))
          .hasMessageContaining(bad.camera().equals(large) ? "camera: 8192x8192" : "initial_pose");
      assertThat(registry.visibleTo(BOB)).isEmpty();
      Files.delete(file);
      registry.delete(id);
    }
  }
}
