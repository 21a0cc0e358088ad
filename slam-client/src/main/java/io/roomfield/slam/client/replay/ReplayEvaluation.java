package io.roomfield.slam.client.replay;

import io.roomfield.datasets.DepthImages;
import io.roomfield.datasets.DisturbedDataset;
import io.roomfield.datasets.RgbdDataset;
import io.roomfield.datasets.RgbdEntry;
import io.roomfield.geometry.PinholeCamera;
import io.roomfield.geometry.SE3;
import io.roomfield.geometry.SupportedDepth;
import io.roomfield.geometry.TimedPose;
import io.roomfield.geometry.TriangleMesh;
import io.roomfield.slam.client.MeshOptions;
import io.roomfield.slam.client.PoseEstimate;
import io.roomfield.slam.client.SlamClient;
import io.roomfield.slam.client.SlamClientException;
import io.roomfield.slam.client.eval.AbsoluteTrajectoryError;
import io.roomfield.slam.client.eval.DepthL1;
import io.roomfield.slam.client.eval.DisturbedTracking;
import io.roomfield.slam.client.eval.MeshErrors;
import io.roomfield.slam.client.eval.MeshEvaluation;
import io.roomfield.slam.client.eval.RelativePoseError;
import io.roomfield.slam.client.eval.RigidAlignment;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * How good a replay's trajectory and map are. What cannot be measured is empty, and {@link #notes}
 * says why.
 *
 * @param absolute after alignment without scale, over all frames with a true pose
 * @param relative between consecutive frames
 * @param wholeSequence between the first frame and the last, of those with a true pose
 * @param depthL1SupportedMetres the same over the readings that {@link SupportedDepth} keeps
 * @param depthL1Metres of every 10th frame at its estimated pose; on every 5th pixel in both
 *     directions
 * @param mesh in the session's world
 * @param meshErrors against the true surface, aligned as the trajectory is; visible region: what
 *     every 10th frame sees from its true pose
 * @param disturbed what tracking made of disturbances; empty where there were none
 * @param notes a sentence for each measure that is missing
 */
public record ReplayEvaluation(
    Optional<AbsoluteTrajectoryError> absolute,
    Optional<RelativePoseError> relative,
    Optional<RelativePoseError> wholeSequence,
    OptionalDouble depthL1Metres,
    OptionalDouble depthL1SupportedMetres,
    Optional<TriangleMesh> mesh,
    Optional<MeshErrors> meshErrors,
    Optional<DisturbedTracking> disturbed,
    List<String> notes) {

  /** Depth and visibility are looked at in every 10th frame, as the published evaluations do. */
  private static final int FRAMES_PER_VIEW = 10;

  /** Depth is rendered at every fifth pixel in both directions: 128x96 of a 640x480 image. */
  private static final int PIXELS_PER_SAMPLE = 5;

  /** Measures a finished session by the images as recorded, whatever was sent of them. */
  public static ReplayEvaluation of(
      SlamClient client, DisturbedDataset sequence, ReplayResult result) throws IOException {
    RgbdDataset dataset = sequence.reference();
    List<String> notes = new ArrayList<>();
    List<TimedPose> estimate = estimate(result);
    List<TimedPose> truth = truth(dataset);
    Optional<AbsoluteTrajectoryError> absolute =
        measured("ATE", notes, () -> AbsoluteTrajectoryError.of(estimate, truth));
    Optional<RelativePoseError> relative =
        measured("RPE", notes, () -> RelativePoseError.of(estimate, truth, 1));
    Optional<RelativePoseError> wholeSequence =
        measured("drift", notes, () -> RelativePoseError.overWholeSequence(estimate, truth));
    String sessionId = result.session().getSessionId();
    Optional<TriangleMesh> mesh =
        measured(
            "mesh",
            notes,
            () -> client.extractMesh(sessionId, MeshOptions.DEFAULT, fraction -> {}));
    Optional<MeshErrors> meshErrors =
        mesh.isPresent() && absolute.isPresent()
            ? meshErrors(dataset, mesh.get(), truthFromEstimate(estimate, truth), notes)
            : Optional.empty();
    DepthL1 all = new DepthL1();
    DepthL1 supported = new DepthL1();
    compareDepth(client, dataset, result, all, supported);
    Optional<DisturbedTracking> disturbed =
        sequence.intervals().isEmpty()
            ? Optional.empty()
            : measured(
                "disturbances", notes, () -> DisturbedTracking.of(sequence, result.firstPoses()));
    return new ReplayEvaluation(
        absolute,
        relative,
        wholeSequence,
        all.meanMetres(),
        supported.meanMetres(),
        mesh,
        meshErrors,
        disturbed,
        notes);
  }

  /** The estimated poses with their times. */
  static List<TimedPose> estimate(ReplayResult result) {
    return result.trajectory().stream()
        .map(pose -> new TimedPose(pose.timestampNanos(), pose.worldFromCamera()))
        .toList();
  }

  /** The true poses of the dataset's frames with their times. */
  static List<TimedPose> truth(RgbdDataset dataset) {
    return dataset.frames().stream()
        .flatMap(
            frame ->
                frame.worldFromCamera().stream()
                    .map(pose -> new TimedPose(frame.timestampNanos(), pose)))
        .toList();
  }

  /** Runs a measurement that may be impossible on this sequence or map; then a note says why. */
  private static <T> Optional<T> measured(String name, List<String> notes, Supplier<T> work) {
    try {
      return Optional.of(work.get());
    } catch (IllegalArgumentException | IllegalStateException | SlamClientException e) {
      notes.add("%s not measured: %s".formatted(name, e.getMessage()));
      return Optional.empty();
    }
  }

  /** Renders every 10th frame's view, and compares it with all readings, and the supported ones. */
  private static void compareDepth(
      SlamClient client, RgbdDataset dataset, ReplayResult result, DepthL1 all, DepthL1 supported)
      throws IOException {
    Map<Long, PoseEstimate> estimates =
        result.trajectory().stream()
            .collect(Collectors.toMap(PoseEstimate::sequenceNumber, Function.identity()));
    PinholeCamera camera = dataset.camera();
    SubsampledView view = SubsampledView.of(camera, PIXELS_PER_SAMPLE);
    for (RgbdEntry frame : views(dataset)) {
      PoseEstimate pose = estimates.get((long) frame.index());
      if (pose != null) {
        float[] rendered =
            client
                .renderView(
                    result.session().getSessionId(),
                    pose.worldFromCamera(),
                    Optional.of(view.camera()))
                .depthMetres();
        float[] sensor = sensorMetres(dataset, frame);
        all.add(view.sample(sensor), rendered);
        supported.add(
            view.sample(SupportedDepth.of(sensor, camera.width(), camera.height())), rendered);
      }
    }
  }

  /** Aligns whole poses of the same frames: see {@link RigidAlignment#ofPoses}. */
  private static SE3 truthFromEstimate(List<TimedPose> estimate, List<TimedPose> truth) {
    Map<Long, SE3> trueAt =
        truth.stream()
            .collect(Collectors.toMap(TimedPose::timestampNanos, TimedPose::worldFromCamera));
    List<TimedPose> matched =
        estimate.stream().filter(pose -> trueAt.containsKey(pose.timestampNanos())).toList();
    return RigidAlignment.ofPoses(
        matched.stream().map(TimedPose::worldFromCamera).toList(),
        matched.stream().map(pose -> trueAt.get(pose.timestampNanos())).toList());
  }

  private static Optional<MeshErrors> meshErrors(
      RgbdDataset dataset, TriangleMesh mesh, SE3 truthFromEstimate, List<String> notes)
      throws IOException {
    if (dataset.groundTruthMesh().isEmpty()) {
      return Optional.empty();
    }
    TriangleMesh truth = dataset.groundTruthMesh().get().load();
    Optional<MeshEvaluation> evaluation =
        measured("mesh errors", notes, () -> new MeshEvaluation(mesh, truth, truthFromEstimate));
    if (evaluation.isEmpty()) {
      return Optional.empty();
    }
    for (RgbdEntry frame : views(dataset)) {
      if (frame.worldFromCamera().isPresent()) {
        evaluation
            .get()
            .addView(dataset.camera(), frame.worldFromCamera().get(), sensorMetres(dataset, frame));
      }
    }
    return measured("mesh errors", notes, evaluation.get()::evaluate);
  }

  private static List<RgbdEntry> views(RgbdDataset dataset) {
    return dataset.select(0, FRAMES_PER_VIEW, Integer.MAX_VALUE).frames();
  }

  /** The depth of a frame, {@code [height, width]} metres. */
  static float[] sensorMetres(RgbdDataset dataset, RgbdEntry frame) throws IOException {
    try {
      return DepthImages.metres(frame.depth().load(), dataset.camera(), dataset.depthScale());
    } catch (IOException e) {
      throw new IOException("frame %d: %s".formatted(frame.index(), e.getMessage()), e);
    }
  }
}
