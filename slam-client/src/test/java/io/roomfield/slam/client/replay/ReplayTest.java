package io.roomfield.slam.client.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.roomfield.datasets.ColourImages;
import io.roomfield.datasets.DepthImages;
import io.roomfield.datasets.Disturbance.Kind;
import io.roomfield.datasets.DisturbedDataset;
import io.roomfield.datasets.Interval;
import io.roomfield.datasets.RgbdDataset;
import io.roomfield.datasets.RgbdEntry;
import io.roomfield.geometry.PinholeCamera;
import io.roomfield.geometry.SE3;
import io.roomfield.geometry.TriangleMesh;
import io.roomfield.slam.client.FakeSlamService;
import io.roomfield.slam.client.InProcessService;
import io.roomfield.slam.client.SessionOptions;
import io.roomfield.slam.client.report.FrameReport;
import io.roomfield.slam.v1.Pose;
import io.roomfield.slam.v1.TrackingStatus;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplayTest {
  private static final int FRAMES = 30;
  private static final PinholeCamera CAMERA = new PinholeCamera(96, 80, 90, 90, 47.5, 39.5);
  private static final double DEPTH_SCALE = 1000;

  /** What the sensor sees; the fake renders a wall at 2 m. */
  private static final float SENSOR_METRES = 2.05f;

  private final InProcessService server = new InProcessService();
  private final FakeSlamService service = server.service();
  private final StringWriter printed = new StringWriter();

  @TempDir Path folder;
  private RgbdDataset replayed;

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void reportsExactlyTheKeysThatWereAgreed() throws IOException, InterruptedException {
    answerWithTruePosesInAnotherWorld();
    JsonNode json = report(replay(dataset(Optional.empty())));
    List<String> keys = new ArrayList<>();
    json.fieldNames().forEachRemaining(keys::add);
    assertThat(keys)
        .containsExactlyInAnyOrder(
            "dataset",
            "frames",
            "frames_skipped",
            "frames_dropped",
            "frames_rejected",
            "frames_lost",
            "frames_uncertain",
            "wall_s",
            "fps",
            "latency_ms",
            "track_ms",
            "map_ms",
            "ate_rmse_cm",
            "ate_max_cm",
            "rpe_trans_cm",
            "rpe_rot_deg",
            "end_to_start_drift_cm",
            "depth_l1_cm",
            "depth_l1_supported_cm",
            "mesh",
            "map_mb",
            "server_peak_rss_mb",
            "keyframes",
            "backend",
            "threads",
            "preset",
            "seed");
    assertThat(json.get("dataset").textValue()).isEqualTo("wall");
    assertThat(json.get("frames").intValue()).isEqualTo(FRAMES);
    assertThat(json.at("/track_ms/median").doubleValue()).isEqualTo(10);
    assertThat(json.at("/map_ms/p95").doubleValue()).isEqualTo(40);
    assertThat(json.get("map_mb").doubleValue()).isEqualTo(2.5);
    assertThat(json.get("server_peak_rss_mb").doubleValue()).isEqualTo(300);
    assertThat(json.get("threads").intValue()).isEqualTo(3);
    assertThat(json.get("seed").longValue()).isEqualTo(7);
    assertThat(json.at("/mesh/vertices").intValue()).isEqualTo(4);
    assertThat(json.get("mesh").has("accuracy_cm")).as("no true mesh").isFalse();
  }

  @Test
  void measuresTrajectoryAndDepthInCentimetres() throws IOException, InterruptedException {
    answerWithTruePosesInAnotherWorld();
    JsonNode json = report(replay(dataset(Optional.empty())));
    // Poses travel as doubles and the alignment is exact: what is left is rounding.
    assertThat(json.get("ate_rmse_cm").doubleValue()).isLessThan(1e-6);
    assertThat(json.get("end_to_start_drift_cm").doubleValue()).isLessThan(1e-6);
    assertThat(json.get("rpe_rot_deg").doubleValue()).isLessThan(1e-4);
    // 16-bit millimetres hold 2.05 m exactly; float32 leaves a micrometre.
    assertThat(json.get("depth_l1_cm").doubleValue()).isCloseTo(5, within(1e-4));
  }

  @Test
  void measuresTheMeshAgainstTheTrueOneInItsWorld() throws IOException, InterruptedException {
    answerWithTruePosesInAnotherWorld();
    SE3 truthFromSession = worldShift();
    float[] corners = {0, 0, 2, 1, 0, 2, 0, 1, 2, 1, 1, 2};
    float[] moved = new float[corners.length];
    for (int i = 0; i < corners.length; i += 3) {
      double[] p = truthFromSession.apply(corners[i], corners[i + 1], corners[i + 2]);
      for (int axis = 0; axis < 3; axis++) {
        moved[i + axis] = (float) p[axis];
      }
    }
    var truth = new TriangleMesh(moved, null, null, new int[] {0, 2, 1, 1, 2, 3});
    JsonNode json = report(replay(dataset(Optional.of(truth))));
    // float32 positions a few metres from the origin are exact to a micrometre.
    assertThat(json.at("/mesh/accuracy_cm").doubleValue()).isCloseTo(0, within(1e-3));
    assertThat(json.at("/mesh/completion_cm").doubleValue()).isCloseTo(0, within(1e-3));
    assertThat(json.at("/mesh/completion_ratio_5cm_pct").doubleValue()).isEqualTo(100);
    assertThat(json.at("/mesh/f1_pct").doubleValue()).isEqualTo(100);
  }

  @Test
  void tellsWhatTrackingMadeOfDisturbances() throws IOException, InterruptedException {
    answerWithTruePosesInAnotherWorld();
    service.lost.add(21L);
    service.rejected.add(22L);
    RgbdDataset dataset = dataset(Optional.empty());
    RgbdDataset dark =
        dataset.withFrames(
            dataset.frames().stream().map(f -> f.index() == 20 ? withDepth(f, 4) : f).toList());
    DisturbedDataset sequence =
        new DisturbedDataset(dark, dataset, List.of(new Interval(Kind.BLACKOUT, 20, 23)));
    JsonNode json = report(sequence, replay(dark));
    assertThat(json.at("/disturbed/false_tracking").intValue()).isZero();
    JsonNode blackout = json.at("/disturbed/kinds/blackout");
    assertThat(blackout)
        .isEqualTo(
            new ObjectMapper()
                .readTree(
                    """
                    {"places": 1,
                     "during": {"tracking": 1, "uncertain": 0, "lost": 1, "no_pose": 1},
                     "after": {"tracking": 7, "uncertain": 0, "lost": 0, "no_pose": 0},
                     "recoveries": 1}
                    """));
    // Measured by the depth as recorded: see measuresTrajectoryAndDepthInCentimetres.
    assertThat(json.get("depth_l1_cm").doubleValue()).isCloseTo(5, within(1e-4));
  }

  @Test
  void leavesOutWhatCannotBeMeasuredAndSaysWhy() throws IOException, InterruptedException {
    RgbdDataset dataset = dataset(Optional.empty()).select(0, 1, 1);
    ReplayResult result = replay(dataset);
    ReplayEvaluation evaluation =
        ReplayEvaluation.of(server.client(), DisturbedDataset.undisturbed(dataset), result);
    assertThat(evaluation.absolute()).isEmpty();
    assertThat(evaluation.notes()).anyMatch(note -> note.startsWith("ATE not measured: "));
    assertThat(report(result).get("ate_rmse_cm").isNull()).isTrue();
    assertThat(report(result).get("end_to_start_drift_cm").isNull()).isTrue();
  }

  @Test
  void countsFramesWithoutAPose() throws IOException, InterruptedException {
    service.lost.add(3L);
    service.rejected.add(4L);
    service.dropped.add(5L);
    ReplayResult result = replay(dataset(Optional.empty()));
    assertThat(result.framesRejected()).isEqualTo(1);
    assertThat(figures(result).framesWithoutPose()).isEqualTo(3);
    assertThat(result.frames()).hasSize(FRAMES - 2);
    assertThat(result.frames())
        .filteredOn(frame -> frame.status() == TrackingStatus.TRACKING_STATUS_LOST)
        .extracting(FrameReport::sequenceNumber)
        .containsExactly(3L);
    assertThat(printed.toString())
        .contains("refused: frame refused")
        .contains("frame 5 dropped: too late")
        .contains("frame 30/30: ")
        .contains("1 lost, 1 dropped, 1 refused");
  }

  @Test
  void inRealTimeFramesWithoutRoomAreSkipped() throws IOException, InterruptedException {
    service.holdAnswersBack = true;
    RgbdDataset dataset = dataset(Optional.empty());
    RgbdDataset atOnce =
        dataset.withFrames(dataset.frames().stream().map(f -> at(f, f.index())).toList());
    ReplayResult result = replay(atOnce, SendRate.REALTIME);
    // One is being tracked and one waits, for ever; nothing comes of the others.
    assertThat(result.framesSent()).isEqualTo(2);
    assertThat(result.framesSkipped()).isEqualTo(FRAMES - 2);
    assertThat(figures(result).latencyMs()).isNull();
  }

  @Test
  void latenciesAreRankedNotInterpolated() {
    List<Double> millis = IntStream.rangeClosed(1, 20).mapToObj(i -> (double) i).toList();
    assertThat(ReplayReport.Milliseconds.of(millis))
        .isEqualTo(new ReplayReport.Milliseconds(10, 19));
  }

  @Test
  void anUnreadableImageDeletesTheSession() {
    RgbdDataset dataset = dataset(Optional.empty());
    RgbdEntry broken =
        new RgbdEntry(
            99,
            99,
            () -> {
              throw new IOException("disk gone");
            },
            dataset.frames().getFirst().depth(),
            Optional.empty());
    assertThatThrownBy(() -> replay(dataset.withFrames(List.of(broken))))
        .isInstanceOf(IOException.class)
        .hasMessage("disk gone");
    assertThat(service.calls).contains("delete").doesNotContain("finish");
  }

  @Test
  void writesThePageWithEverythingItLinksTo() throws IOException, InterruptedException {
    answerWithTruePosesInAnotherWorld();
    RgbdDataset dataset = dataset(Optional.empty());
    ReplayResult result = replay(dataset);
    ReplayEvaluation evaluation =
        ReplayEvaluation.of(server.client(), DisturbedDataset.undisturbed(dataset), result);
    Path page =
        new ReportWriter(server.client(), dataset, result)
            .write(folder, evaluation, figures(result));
    assertThat(Files.readString(page)).contains("ate_rmse_cm").contains("mesh.ply");
    assertThat(folder.resolve("trajectory.txt")).isNotEmptyFile();
    assertThat(folder.resolve("mesh.ply")).isNotEmptyFile();
    assertThat(folder.resolve("mesh.glb")).isNotEmptyFile();
  }

  private ReplayResult replay(RgbdDataset dataset) throws IOException, InterruptedException {
    return replay(dataset, SendRate.FASTEST);
  }

  private ReplayResult replay(RgbdDataset dataset, SendRate rate)
      throws IOException, InterruptedException {
    PrintWriter out = new PrintWriter(printed);
    try (ReplayProgress progress = new LineProgress(out, dataset.frames().size())) {
      return new Replay(server.client())
          .run(
              dataset,
              server.client().createSession(SessionOptions.of(CAMERA, DEPTH_SCALE)),
              rate,
              progress);
    }
  }

  private JsonNode report(ReplayResult result) throws IOException {
    return report(DisturbedDataset.undisturbed(datasetOf(result)), result);
  }

  private JsonNode report(DisturbedDataset sequence, ReplayResult result) throws IOException {
    Path file = folder.resolve("figures.json");
    figures(sequence, result).write(file);
    return new ObjectMapper().readTree(file.toFile());
  }

  private static RgbdEntry at(RgbdEntry frame, long timestampNanos) {
    return new RgbdEntry(
        frame.index(), timestampNanos, frame.colour(), frame.depth(), frame.worldFromCamera());
  }

  private static RgbdEntry withDepth(RgbdEntry frame, float metres) {
    float[] wall = new float[CAMERA.width() * CAMERA.height()];
    Arrays.fill(wall, metres);
    return new RgbdEntry(
        frame.index(),
        frame.timestampNanos(),
        frame.colour(),
        () -> DepthImages.raw(wall, DEPTH_SCALE),
        frame.worldFromCamera());
  }

  private ReplayReport figures(ReplayResult result) throws IOException {
    return figures(DisturbedDataset.undisturbed(datasetOf(result)), result);
  }

  private ReplayReport figures(DisturbedDataset sequence, ReplayResult result) throws IOException {
    ReplayEvaluation evaluation = ReplayEvaluation.of(server.client(), sequence, result);
    return ReplayReport.of("wall", server.client().serverInfo(), result, evaluation);
  }

  private RgbdDataset datasetOf(ReplayResult result) {
    return replayed.select(0, 1, result.framesSent() + result.framesSkipped());
  }

  private RgbdDataset dataset(Optional<TriangleMesh> truth) {
    float[] metres = new float[CAMERA.width() * CAMERA.height()];
    Arrays.fill(metres, SENSOR_METRES);
    List<RgbdEntry> frames = new ArrayList<>();
    for (int i = 0; i < FRAMES; i++) {
      frames.add(
          new RgbdEntry(
              i,
              i * 33_000_000L,
              () -> ColourImages.raw(new byte[3 * metres.length]),
              () -> DepthImages.raw(metres, DEPTH_SCALE),
              Optional.of(worldShift().times(sessionPose(i)))));
    }
    replayed = new RgbdDataset("wall", CAMERA, DEPTH_SCALE, frames, truth.map(mesh -> () -> mesh));
    return replayed;
  }

  private void answerWithTruePosesInAnotherWorld() {
    for (int i = 0; i < FRAMES; i++) {
      SE3 pose = sessionPose(i);
      double[] q = pose.quaternion();
      service.poses.put(
          (long) i,
          Pose.newBuilder()
              .setQx(q[0])
              .setQy(q[1])
              .setQz(q[2])
              .setQw(q[3])
              .setTx(pose.tx())
              .setTy(pose.ty())
              .setTz(pose.tz())
              .build());
    }
  }

  /** A curve that looks at the wall: no line, so that the alignment is determined. */
  private static SE3 sessionPose(int frame) {
    double t = frame / 10.0;
    return SE3.fromRotationVector(
        0, 0.05 * Math.sin(t), 0, 0.4 + 0.1 * Math.cos(t), 0.5 + 0.1 * Math.sin(t), 0.02 * t * t);
  }

  private static SE3 worldShift() {
    return SE3.fromRotationVector(0.3, -0.2, 1.1, 2, -1, 0.5);
  }
}
