package io.roomfield.slam.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.roomfield.geometry.SE3;
import io.roomfield.slam.SmallRoom;
import io.roomfield.slam.access.Principal;
import io.roomfield.slam.compute.ComputeBackend;
import io.roomfield.slam.config.AlignmentConfig;
import io.roomfield.slam.config.GridConfig;
import io.roomfield.slam.config.MappingConfig.WhenBehind;
import io.roomfield.slam.config.SlamConfig;
import io.roomfield.slam.config.SlamConfig.SyncMode;
import io.roomfield.slam.ingest.BadInputException;
import io.roomfield.slam.ingest.RgbdFrame;
import io.roomfield.slam.store.SessionFiles;
import io.roomfield.slam.telemetry.Tracing;
import io.roomfield.slam.tracking.TrackingResult;
import io.roomfield.slam.tracking.TrackingStatus;
import io.roomfield.slam.v1.ColourEncoding;
import io.roomfield.slam.v1.DepthEncoding;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A camera that is switched on in a room that was mapped before. */
@Timeout(180) // a deadlock fails instead of hanging the build
class OpenedMapTest {
  private static final int FRAMES = 8;
  private static final double DEPTH_SCALE = 5000;

  /**
   * What tracking in this room is held to (SlamSystemTest): images of 96x72 pixels, voxels of 16
   * cm. The map's last keyframe is 8 cm and more from where the camera is.
   */
  private static final double FOUND_METRES = 0.035;

  @TempDir private Path folder;
  private ComputeBackend backend;
  private SessionRegistry registry;
  private SessionCopies copies;

  @BeforeEach
  void open() throws Exception {
    backend = SmallRoom.backend();
    Optional<SessionFiles> files = Optional.of(new SessionFiles(folder, Duration.ZERO));
    registry =
        new SessionRegistry(
            (settings, onMapped) -> new SlamSystem(settings, backend, onMapped),
            new SlamMetrics(new SimpleMeterRegistry()),
            TestConfig.with(Map.of("maxSessions", 4, "queueCapacity", 32)),
            files,
            Tracing.none());
    copies = new SessionCopies(registry, files);
  }

  @AfterEach
  void close() {
    registry.close();
    backend.close();
  }

  private static SessionSettings settings() {
    SlamConfig c = SmallRoom.config(SyncMode.STRICT);
    return new SessionSettings(
        "kitchen",
        new SlamConfig(
            c.name(),
            c.sync(),
            c.seed(),
            new GridConfig("compact", 2, 0.32, 0.16, 25, true),
            c.rendering(),
            new AlignmentConfig(2, 0.03, 0.02, 2, true),
            c.tracking(),
            SmallRoom.mapping(WhenBehind.WAIT)),
        SmallRoom.CAMERA,
        DEPTH_SCALE,
        SmallRoom.pose(0),
        false);
  }

  private static MapOpening opening(boolean localiseOnly) {
    return new MapOpening("again", UnaryOperator.identity(), Optional.empty(), localiseOnly);
  }

  /** What the camera sees at a place of the walk, as it sends it. */
  private static RgbdFrame.EncodedImages images(int place) {
    RgbdFrame frame = SmallRoom.frame(place);
    ByteBuffer depth =
        ByteBuffer.wrap(new byte[Short.BYTES * frame.depthMetres().length])
            .order(ByteOrder.LITTLE_ENDIAN);
    for (float metres : frame.depthMetres()) {
      depth.putShort((short) Math.round(metres * DEPTH_SCALE));
    }
    return new RgbdFrame.EncodedImages(
        ColourEncoding.COLOUR_ENCODING_RGB8_VALUE,
        frame.rgb(),
        DepthEncoding.DEPTH_ENCODING_RAW16_VALUE,
        depth.array());
  }

  /** Tracks frames 0, 1, ... at places of the walk. */
  private static void walk(SlamSession session, int... places) throws InterruptedException {
    RecordedFates fates = new RecordedFates();
    try (FrameWriter writer = session.openWriter(fates)) {
      for (int i = 0; i < places.length; i++) {
        writer.put(i, 1 + i * 33_000_000L, images(places[i]));
        assertThat(fates.next()).startsWith("tracked " + i);
      }
    }
  }

  private SlamSession mapped() throws InterruptedException {
    SlamSession session = registry.open(settings(), Principal.LOCAL);
    int[] places = new int[FRAMES];
    for (int i = 0; i < FRAMES; i++) {
      places[i] = 2 * i;
    }
    walk(session, places);
    return session;
  }

  private static void assertFound(SlamSession session, int frame, int place) {
    TrackingResult result = session.trajectory().poses().get(frame);
    SE3 error = SmallRoom.pose(place).inverse().times(result.worldFromCamera());
    assertThat(result.status()).as(result.statusReason()).isNotEqualTo(TrackingStatus.LOST);
    assertThat(error.translationNorm()).isLessThan(FOUND_METRES);
  }

  @Test
  void theCameraFindsItselfAndGoesOnMapping() throws InterruptedException {
    SlamSession first = mapped();
    int keyframes = first.keyframes().size();
    long version = first.map().orElseThrow().version();

    SlamSession again = copies.openMap(first.id(), opening(false), Principal.LOCAL);
    assertThat(again.trajectory().poses()).isEmpty();
    assertThat(again.keyframes()).hasSize(keyframes);
    assertThat(again.map().orElseThrow().version()).isEqualTo(version);
    // Back along the walk, from where the map's last keyframe is not.
    walk(again, 5, 4, 3);
    assertFound(again, 0, 5);
    assertFound(again, 2, 3);
    assertThat(again.map().orElseThrow().version()).isGreaterThan(version);
    assertThat(first.map().orElseThrow().version()).as("stays as it is").isEqualTo(version);

    // It is a session like any other: unloaded in the middle, it goes on.
    registry.close(again.id());
    SlamSession back = registry.get(again.id());
    assertThat(back.trajectory().poses()).hasSize(3);
    assertThat(back.keyframes().size()).isGreaterThanOrEqualTo(keyframes);
  }

  @Test
  void theMapStaysAsItIsWhereTheCameraIsOnlyToBeFound() throws InterruptedException {
    SlamSession first = mapped();
    SlamSession again = copies.openMap(first.id(), opening(true), Principal.LOCAL);
    long version = again.map().orElseThrow().version();
    walk(again, 5, 4);
    again.finish().join();
    assertFound(again, 1, 4);
    assertThat(again.map().orElseThrow().version()).isEqualTo(version);
    assertThat(again.keyframes()).hasSameSizeAs(first.keyframes());
  }

  @Test
  void aSavedMapIsAFinishedSession() throws InterruptedException {
    SlamSession first = mapped();
    SlamSession saved =
        registry.get(copies.save(first.id(), "kitchen in May", Principal.LOCAL).id());
    assertThat(saved.state()).isEqualTo(SlamSession.State.FINISHED);
    assertThat(saved.settings().label()).isEqualTo("kitchen in May");
    assertThat(saved.map().orElseThrow().field().fine().block(0))
        .isEqualTo(first.map().orElseThrow().field().fine().block(0));
    assertThat(saved.trajectory().poses()).hasSize(FRAMES);
    registry.delete(first.id());
    SlamSession again = copies.openMap(saved.id(), opening(true), Principal.LOCAL);
    walk(again, 4);
    assertFound(again, 0, 4);
  }

  @Test
  void anExportedSessionIsTakenIn() throws Exception {
    SlamSession first = mapped();
    Path file = copies.export(first.id());
    SlamSession taken = copies.take(file, Principal.LOCAL);
    assertThat(taken.id()).isNotEqualTo(first.id());
    assertThat(taken.trajectory().poses()).hasSize(FRAMES);
    assertThat(taken.keyframes()).hasSameSizeAs(first.keyframes());

    byte[] damaged = Files.readAllBytes(file);
    damaged[damaged.length / 2] ^= 1;
    Files.write(file, damaged);
    assertThatThrownBy(() -> copies.take(file, Principal.LOCAL))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("expected: an exported session, whole");
    Files.writeString(file, "no database");
    assertThatThrownBy(() -> copies.take(file, Principal.LOCAL))
        .isInstanceOf(BadInputException.class);
    Files.delete(file);
  }

  /** A map of other decoders, say: whole as a file, and no session here. */
  @Test
  void aSessionThatCannotBeLoadedIsNotTakenIn() throws Exception {
    Path file = copies.export(mapped().id());
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      String state;
      long id;
      try (ResultSet row =
          statement.executeQuery("SELECT id, sequence_number, state FROM checkpoints")) {
        id = row.getLong("id");
        state = row.getString("state").replaceFirst("\"decoders\":\\d+", "\"decoders\":1");
      }
      try (PreparedStatement update =
          connection.prepareStatement("UPDATE checkpoints SET state = ?, crc32c = ?")) {
        update.setString(1, state);
        update.setLong(2, checksum(id, FRAMES - 1L, state));
        update.executeUpdate();
      }
    }
    assertThatThrownBy(() -> copies.take(file, Principal.LOCAL))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("other decoders");
    assertThat(registry.visibleTo(Principal.LOCAL)).hasSize(1);
    Files.delete(file);
  }

  /** As schema.sql defines it, of a row of two integers and a text. */
  private static long checksum(long first, long second, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    ByteBuffer row =
        ByteBuffer.allocate(3 * Long.BYTES + bytes.length).order(ByteOrder.LITTLE_ENDIAN);
    row.putLong(first).putLong(second).putLong(bytes.length).put(bytes);
    CRC32C crc = new CRC32C();
    crc.update(row.flip());
    return crc.getValue();
  }

  @Test
  void aSessionWithoutAMapOpensNone() {
    SlamSession empty = registry.open(settings(), Principal.LOCAL);
    assertThatThrownBy(() -> copies.openMap(empty.id(), opening(false), Principal.LOCAL))
        .isInstanceOfSatisfying(
            BadInputException.class,
            e -> assertThat(e.kind()).isEqualTo(BadInputException.Kind.WRONG_MOMENT));
    assertThat(registry.visibleTo(Principal.LOCAL)).hasSize(1);
  }
}
