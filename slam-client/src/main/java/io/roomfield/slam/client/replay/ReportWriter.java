package io.roomfield.slam.client.replay;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.roomfield.datasets.ColourImages;
import io.roomfield.datasets.RgbdDataset;
import io.roomfield.datasets.RgbdEntry;
import io.roomfield.geometry.PlyFile;
import io.roomfield.geometry.TimedPose;
import io.roomfield.geometry.TrajectoryFile;
import io.roomfield.geometry.TriangleMesh;
import io.roomfield.slam.client.GlbFile;
import io.roomfield.slam.client.PoseEstimate;
import io.roomfield.slam.client.RenderedImage;
import io.roomfield.slam.client.SlamClient;
import io.roomfield.slam.client.report.HtmlReport;
import io.roomfield.slam.client.report.MeshPicture;
import io.roomfield.slam.client.report.ReportData;
import io.roomfield.slam.client.report.ViewComparison;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Writes a replay's folder: trajectory, mesh, plots and one page with them. */
public final class ReportWriter {
  /** Frames shown as sensor beside map, evenly over the sequence. */
  private static final int VIEWS = 4;

  /** Every third pixel in both directions: 213x160 of a 640x480 image. */
  private static final int PIXELS_PER_SAMPLE = 3;

  private final SlamClient client;
  private final RgbdDataset dataset;
  private final ReplayResult result;

  /** Of a finished session, still open for queries. */
  public ReportWriter(SlamClient client, RgbdDataset dataset, ReplayResult result) {
    this.client = client;
    this.dataset = dataset;
    this.result = result;
  }

  /**
   * Writes {@code trajectory.txt} (TUM format), {@code mesh.ply}, {@code mesh.glb}, figures and
   * {@code index.html}.
   *
   * @param folder made if missing; files of the same names are replaced
   * @return the page
   */
  public Path write(Path folder, ReplayEvaluation evaluation, ReplayReport figures)
      throws IOException {
    Files.createDirectories(folder);
    List<TimedPose> estimate = ReplayEvaluation.estimate(result);
    TrajectoryFile.write(folder.resolve("trajectory.txt"), estimate);
    List<MeshPicture> pictures = List.of();
    if (evaluation.mesh().isPresent()) {
      TriangleMesh mesh = evaluation.mesh().get();
      PlyFile.write(folder.resolve("mesh.ply"), mesh);
      GlbFile.write(folder.resolve("mesh.glb"), mesh);
      pictures = pictures(mesh, estimate);
    }
    ReportData data =
        new ReportData(
            dataset.name(),
            new ObjectMapper().<ObjectNode>valueToTree(figures),
            result.frames(),
            estimate,
            ReplayEvaluation.truth(dataset),
            evaluation.absolute(),
            views(),
            pictures);
    return HtmlReport.write(folder, data);
  }

  private List<MeshPicture> pictures(TriangleMesh mesh, List<TimedPose> estimate) {
    if (mesh.faceCount() == 0 || estimate.isEmpty()) {
      return List.of();
    }
    return List.of(
        MeshPicture.overview("the mesh from above", mesh, estimate),
        MeshPicture.fromPose(
            "the mesh from the first camera",
            mesh,
            dataset.camera(),
            estimate.getFirst().worldFromCamera()));
  }

  private List<ViewComparison> views() throws IOException {
    Map<Long, PoseEstimate> estimates =
        result.trajectory().stream()
            .collect(Collectors.toMap(PoseEstimate::sequenceNumber, Function.identity()));
    List<RgbdEntry> tracked =
        dataset.frames().stream()
            .filter(frame -> estimates.containsKey((long) frame.index()))
            .toList();
    List<ViewComparison> views = new ArrayList<>();
    int shown = Math.min(VIEWS, tracked.size());
    for (int i = 0; i < shown; i++) {
      RgbdEntry frame = tracked.get(shown == 1 ? 0 : i * (tracked.size() - 1) / (shown - 1));
      views.add(view(frame, estimates.get((long) frame.index())));
    }
    return views;
  }

  private ViewComparison view(RgbdEntry frame, PoseEstimate pose) throws IOException {
    SubsampledView view = SubsampledView.of(dataset.camera(), PIXELS_PER_SAMPLE);
    RenderedImage rendered =
        client.renderView(
            result.session().getSessionId(), pose.worldFromCamera(), Optional.of(view.camera()));
    byte[] rgb =
        ColourImages.rgb(
            frame.colour().load(), dataset.camera().width(), dataset.camera().height());
    return new ViewComparison(
        "frame " + frame.index(),
        rendered.width(),
        rendered.height(),
        view.sample(ReplayEvaluation.sensorMetres(dataset, frame)),
        rendered.depthMetres(),
        view.sampleRgb(rgb),
        rendered.rgb());
  }
}
