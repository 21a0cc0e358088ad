package io.roomfield.slam.client.viewer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.roomfield.datasets.RgbdDataset;
import io.roomfield.datasets.RgbdEntry;
import io.roomfield.datasets.SyntheticReader;
import io.roomfield.rooms.SyntheticSequence;
import io.roomfield.slam.access.TokenFile;
import io.roomfield.slam.client.ConnectionSecurity;
import io.roomfield.slam.client.FrameListener;
import io.roomfield.slam.client.FrameStreamer;
import io.roomfield.slam.client.PoseEstimate;
import io.roomfield.slam.client.SessionOptions;
import io.roomfield.slam.client.SlamClient;
import io.roomfield.slam.compute.ComputeBackend;
import io.roomfield.slam.compute.ComputeBackends;
import io.roomfield.slam.config.ServerConfig;
import io.roomfield.slam.rpc.SlamServer;
import io.roomfield.slam.session.SlamSystem;
import io.roomfield.slam.v1.FrameRejected;
import io.roomfield.slam.v1.FrameTracked;
import io.roomfield.slam.v1.SyncMode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The viewer in Chromium, while the demo's room is mapped. Pictures stay in {@link #PICTURES}. */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class ViewerTest {
  private static final Path PICTURES = Path.of("target", "viewer-screenshots");
  private static final long SEED = 1;

  /** The walk turns from one wall to the one across in these. */
  private static final int STRIDE = 10;

  private static final int FRAMES = 16;

  /** What a distance in the map may be off: a centimetre of the map's at either end. */
  private static final double MEASURED_METRES = 0.02;

  /** WebDriver's. */
  private static final String ENTER = "\uE007";

  private final SyntheticSequence sequence = new SyntheticSequence(SEED, 600, false);
  private final ComputeBackend backend = ComputeBackends.open("vector", 2);
  private SlamServer server;
  private SlamClient client;
  private Browser browser;
  private Path downloads;

  @BeforeEach
  void start(@TempDir Path folder) throws IOException, InterruptedException {
    assumeTrue(
        Browser.isInstalled(), () -> "no chromedriver on the path: " + Browser.HOW_TO_INSTALL);
    Files.createDirectories(PICTURES);
    browser = Browser.start(folder);
    browser.devTools(
        "Browser.setDownloadBehavior",
        Map.of("behavior", "allow", "downloadPath", folder.toAbsolutePath().toString()));
    downloads = folder;
  }

  private void startServer(Map<String, ?> security, ConnectionSecurity own) throws IOException {
    server =
        SlamServer.start(
            ServerConfig.load(null, Map.of("port", 0, "keepSessions", false, "security", security)),
            backend,
            (settings, onMapped) -> new SlamSystem(settings, backend, onMapped));
    client = SlamClient.connect("localhost:" + server.port(), own);
  }

  @AfterEach
  void stop() throws IOException, InterruptedException {
    if (browser != null) {
      browser.close();
    }
    if (server != null) {
      client.close();
      server.close();
    }
    backend.close();
  }

  @Test
  void asksForATokenWhereTheServerDoes() throws IOException, InterruptedException {
    Path tokens = downloads.resolve("tokens.json");
    String token = new TokenFile(tokens).create("ada", Optional.of(Duration.ofHours(1)));
    startServer(
        Map.of("tokens", tokens.toString()),
        new ConnectionSecurity(
            Optional.of(token), false, Optional.empty(), Optional.empty(), Optional.empty()));
    String session = openSession(SyntheticReader.read(SEED).select(0, STRIDE, 1));

    browser.open(page());
    browser.await("document.getElementById('sign-in-dialog').open");
    browser.screenshot(PICTURES.resolve("sign-in.png"));
    browser.click("#token");
    browser.press(token + ENTER);

    browser.await("document.getElementById('sessions').value === arguments[0]", session);
    assertThat(browser.errors()).isEmpty();
  }

  @Test
  void showsARoomAsItIsMapped() throws IOException, InterruptedException {
    startServer(Map.of(), ConnectionSecurity.NONE);
    RgbdDataset walk = SyntheticReader.read(SEED).select(0, STRIDE, FRAMES);
    String session = openSession(walk);
    browser.open(page());
    browser.await("document.getElementById('sessions').value === arguments[0]", session);
    assertThat(browser.script("return document.getElementById('sessions').selectedOptions[0].text"))
        .asString()
        .contains("the demo's room · open");

    Thread replay = Thread.ofPlatform().name("replay").start(() -> replay(session, walk));
    browser.await("Number(document.body.dataset.mapVersion) > 0");
    int first = triangles();
    browser.screenshot(PICTURES.resolve("growing.png"));
    browser.await("Number(document.body.dataset.triangles) > 1.2 * arguments[0]", first);
    replay.join();
    var unused = client.finishSession(session);
    browser.await("document.getElementById('state').textContent === 'finished'");
    browser.await(
        "document.querySelectorAll('#strip canvas').length === arguments[0]",
        client.keyframes(session).size());

    assertThat(triangles()).isGreaterThan(first);
    seeEveryDisplay();
    assertDownloads();
    assertRoomIsMeasured(session);
    seeDarkAndSmall();
    assertThat(browser.errors()).isEmpty();
  }

  private String openSession(RgbdDataset walk) {
    // In the room's own frame, so that places in the room are places in the map.
    return client
        .createSession(
            new SessionOptions(
                walk.camera(),
                walk.depthScale(),
                "default",
                Optional.of(sequence.pose(0)),
                SyncMode.SYNC_MODE_UNSPECIFIED,
                OptionalLong.of(SEED),
                "the demo's room"))
        .getSessionId();
  }

  private void replay(String session, RgbdDataset walk) {
    try (FrameStreamer frames = client.streamFrames(session, 2, new NobodyListens())) {
      for (RgbdEntry frame : walk.frames()) {
        frames.send(
            frame.index(), frame.timestampNanos(), frame.colour().load(), frame.depth().load());
      }
      frames.finish();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** By the keys 1 to 6. */
  private void seeEveryDisplay() throws IOException, InterruptedException {
    browser.click("#canvas");
    int key = 1;
    for (String mode :
        List.of("colour", "shaded", "normals", "wireframe", "points", "confidence")) {
      browser.press(Integer.toString(key++));
      assertThat(browser.script("return document.querySelector('input[name=mode]:checked').value"))
          .asString()
          .contains(mode);
      browser.screenshot(PICTURES.resolve(mode + ".png"));
    }
    browser.press("1");
  }

  private void assertDownloads() throws IOException, InterruptedException {
    browser.click("#ply");
    browser.click("#glb");
    Path ply = awaitDownload("roomfield.ply");
    Path glb = awaitDownload("roomfield.glb");
    String head = new String(Files.readAllBytes(ply), 0, 400, StandardCharsets.ISO_8859_1);
    assertThat(head).contains("element face " + triangles() + "\n");
    ByteBuffer binary = ByteBuffer.wrap(Files.readAllBytes(glb)).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(binary.getInt(0)).as("magic of glTF").isEqualTo(0x46546C67);
    assertThat(binary.getInt(8)).as("length").isEqualTo(binary.limit());
  }

  /** Chromium gives a file its name when it is whole. */
  private Path awaitDownload(String name) throws IOException, InterruptedException {
    Path file = downloads.resolve(name);
    try (var watch = downloads.getFileSystem().newWatchService()) {
      var key = downloads.register(watch, StandardWatchEventKinds.ENTRY_CREATE);
      while (!Files.exists(file)) {
        watch.poll(1, TimeUnit.SECONDS);
        key.pollEvents();
        key.reset();
      }
    }
    return file;
  }

  /** Two points across the room, each looked at from where a frame was taken, and clicked. */
  private void assertRoomIsMeasured(String session) throws IOException, InterruptedException {
    AcrossTheRoom across = AcrossTheRoom.find(sequence, STRIDE, FRAMES);
    browser.click("#measure");
    for (int end = 0; end < 2; end++) {
      browser.open(page() + address(session, across.eye(end), across.point(end)));
      browser.click("#canvas");
      browser.screenshot(PICTURES.resolve("measure-" + (end + 1) + ".png"));
    }
    double measured =
        Double.parseDouble(
            browser.script("return document.getElementById('distance').dataset.metres").asText());
    assertThat(measured).isCloseTo(across.metres(), within(MEASURED_METRES));
    browser.press("0");
    browser.await("location.hash.includes('eye=')");
    browser.screenshot(PICTURES.resolve("measured.png"));
    browser.click("#measure");
  }

  private void seeDarkAndSmall() throws IOException, InterruptedException {
    browser.click("#clip");
    browser.script(
        "const s = document.querySelectorAll('#clip-box input')[3]; s.value = 0.5; s.dispatchEvent(new Event('input'))");
    browser.screenshot(PICTURES.resolve("clipped.png"));
    browser.click("#clip");
    browser.click("#fit");
    browser.screenshot(PICTURES.resolve("light.png"));
    browser.devTools(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", "dark"))));
    browser.screenshot(PICTURES.resolve("dark.png"));
    browser.devTools(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", 390, "height", 844, "deviceScaleFactor", 2, "mobile", true));
    browser.click("#fit");
    browser.screenshot(PICTURES.resolve("phone.png"));
    assertThat(browser.script("return document.documentElement.scrollWidth").asInt())
        .as("nothing is wider than the phone")
        .isLessThanOrEqualTo(390);
  }

  private int triangles() throws IOException, InterruptedException {
    return browser.script("return Number(document.body.dataset.triangles)").asInt();
  }

  private String page() {
    return "http://localhost:" + server.port() + "/";
  }

  /** What becomes of frames shows in the viewer. */
  private static final class NobodyListens implements FrameListener {
    @Override
    public void rejected(long sequenceNumber, FrameRejected refusal) {
      throw new IllegalStateException(refusal.getMessage());
    }

    @Override
    public void tracked(PoseEstimate pose, FrameTracked detail) {}

    @Override
    public void dropped(long sequenceNumber, String reason) {}
  }

  private static String address(String session, double[] eye, double[] at) {
    return String.format(
        Locale.ROOT,
        "#session=%s&eye=%.4f,%.4f,%.4f&at=%.4f,%.4f,%.4f",
        session,
        eye[0],
        eye[1],
        eye[2],
        at[0],
        at[1],
        at[2]);
  }
}
