package io.roomfield.slam.client.replay;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.roomfield.geometry.TriangleMesh;
import io.roomfield.slam.client.eval.AbsoluteTrajectoryError;
import io.roomfield.slam.client.eval.DisturbedTracking;
import io.roomfield.slam.client.eval.MeshErrors;
import io.roomfield.slam.client.eval.RelativePoseError;
import io.roomfield.slam.v1.ServerInfo;
import io.roomfield.slam.v1.SessionStatus;
import io.roomfield.slam.v1.Timing;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;

/**
 * The figures of one replay, as {@code --json} writes them: keys are the components' names in snake
 * case, null is not measured, one MB is 10^6 bytes.
 *
 * @param dataset name of the sequence
 * @param frames sent to the server
 * @param framesSkipped not sent: the server had no room for them when the sensor's clock came to
 *     them
 * @param framesDropped accepted, then given up before tracking
 * @param framesRejected refused by the server
 * @param framesLost tracked with status LOST
 * @param framesUncertain tracked with status UNCERTAIN
 * @param wallS from the first frame sent to the end of the final refinement
 * @param fps frames over that time
 * @param latencyMs from a frame's acceptance to its pose, as the client hears of both; null where
 *     no frame was tracked
 * @param trackMs per frame
 * @param mapMs per mapping round
 * @param ateRmseCm see {@link AbsoluteTrajectoryError}
 * @param rpeTransCm between consecutive frames, see {@link RelativePoseError}
 * @param endToStartDriftCm error of the motion from the first frame to the last, of those with a
 *     true pose; see {@link RelativePoseError#overWholeSequence}
 * @param depthL1Cm see {@link ReplayEvaluation}
 * @param depthL1SupportedCm see {@link ReplayEvaluation}
 * @param mapMb feature grids and decoders
 * @param threads of the server's backend
 * @param disturbed left out where nothing was disturbed
 */
@JsonNaming(SnakeCaseStrategy.class)
public record ReplayReport(
    String dataset,
    int frames,
    int framesSkipped,
    long framesDropped,
    long framesRejected,
    long framesLost,
    long framesUncertain,
    double wallS,
    double fps,
    Milliseconds latencyMs,
    Milliseconds trackMs,
    Milliseconds mapMs,
    Double ateRmseCm,
    Double ateMaxCm,
    Double rpeTransCm,
    Double rpeRotDeg,
    Double endToStartDriftCm,
    @JsonProperty("depth_l1_cm") Double depthL1Cm,
    @JsonProperty("depth_l1_supported_cm") Double depthL1SupportedCm,
    Mesh mesh,
    double mapMb,
    double serverPeakRssMb,
    int keyframes,
    String backend,
    Integer threads,
    String preset,
    long seed,
    @JsonInclude(JsonInclude.Include.NON_NULL) DisturbedTracking disturbed) {

  private static final double CM = 100;
  private static final double PERCENT = 100;
  private static final double MB = 1e6;

  /** Median and 95th percentile in milliseconds. */
  public record Milliseconds(double median, double p95) {
    static Milliseconds of(Timing timing) {
      return new Milliseconds(timing.getMedian(), timing.getP95());
    }

    /** By nearest rank; null of none. */
    static Milliseconds of(List<Double> millis) {
      List<Double> sorted = millis.stream().sorted().toList();
      return sorted.isEmpty() ? null : new Milliseconds(rank(sorted, 0.5), rank(sorted, 0.95));
    }

    private static double rank(List<Double> sorted, double share) {
      return sorted.get((int) Math.ceil(share * sorted.size()) - 1);
    }
  }

  /**
   * The extracted surface; its errors only where the dataset has the true surface.
   *
   * @param f1Pct at 1 cm
   */
  @JsonNaming(SnakeCaseStrategy.class)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Mesh(
      int vertices,
      int faces,
      Double accuracyCm,
      Double completionCm,
      @JsonProperty("completion_ratio_5cm_pct") Double completionRatio5cmPct,
      @JsonProperty("f1_pct") Double f1Pct) {
    static Mesh of(TriangleMesh mesh, MeshErrors errors) {
      return errors == null
          ? new Mesh(mesh.vertexCount(), mesh.faceCount(), null, null, null, null)
          : new Mesh(
              mesh.vertexCount(),
              mesh.faceCount(),
              errors.accuracy() * CM,
              errors.completion() * CM,
              errors.completionRatio5cm() * PERCENT,
              errors.f1At1cm() * PERCENT);
    }
  }

  /** Gathers the figures. */
  public static ReplayReport of(
      String dataset, ServerInfo server, ReplayResult result, ReplayEvaluation evaluation) {
    SessionStatus status = result.status();
    AbsoluteTrajectoryError absolute = evaluation.absolute().orElse(null);
    RelativePoseError relative = evaluation.relative().orElse(null);
    RelativePoseError wholeSequence = evaluation.wholeSequence().orElse(null);
    MeshErrors meshErrors = evaluation.meshErrors().orElse(null);
    return new ReplayReport(
        dataset,
        result.framesSent(),
        result.framesSkipped(),
        status.getFramesDropped(),
        result.framesRejected(),
        status.getFramesLost(),
        status.getFramesUncertain(),
        result.wallSeconds(),
        result.framesSent() / result.wallSeconds(),
        Milliseconds.of(result.latencyMillis()),
        Milliseconds.of(status.getTrackingMs()),
        Milliseconds.of(status.getMappingMs()),
        absolute == null ? null : absolute.rmse() * CM,
        absolute == null ? null : absolute.max() * CM,
        relative == null ? null : relative.transRmse() * CM,
        relative == null ? null : Math.toDegrees(relative.rotRmse()),
        wholeSequence == null ? null : wholeSequence.transRmse() * CM,
        centimetres(evaluation.depthL1Metres()),
        centimetres(evaluation.depthL1SupportedMetres()),
        evaluation.mesh().map(mesh -> Mesh.of(mesh, meshErrors)).orElse(null),
        status.getMapBytes() / MB,
        status.getServerPeakRssBytes() / MB,
        status.getKeyframes(),
        status.getBackend(),
        BackendThreads.of(server),
        status.getPreset(),
        status.getSeed(),
        evaluation.disturbed().orElse(null));
  }

  /** Frames without a pose that can be used: not sent, lost, dropped or refused. */
  public long framesWithoutPose() {
    return framesSkipped + framesLost + framesDropped + framesRejected;
  }

  /** Writes the figures as indented JSON. */
  public void write(Path file) throws IOException {
    new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValue(file.toFile(), this);
  }

  private static Double centimetres(OptionalDouble metres) {
    return metres.isEmpty() ? null : metres.getAsDouble() * CM;
  }
}
