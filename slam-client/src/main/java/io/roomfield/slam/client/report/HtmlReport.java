package io.roomfield.slam.client.report;

import com.samskivert.mustache.Mustache;
import io.roomfield.geometry.SE3;
import io.roomfield.geometry.TimedPose;
import io.roomfield.slam.client.eval.AbsoluteTrajectoryError;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import javax.imageio.ImageIO;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;

/**
 * One page, {@code index.html}, with its pictures beside it in {@code figures/}: no server, script
 * or network needed to read it.
 */
public final class HtmlReport {
  private static final String PAGE = "index.html";
  private static final String TEMPLATE = "report.mustache";
  private static final String FIGURES = "figures";

  /** Files of the same folder that the page links to where they exist. */
  private static final List<Link> LINKS =
      List.of(
          new Link("mesh.ply", "the mesh for MeshLab, CloudCompare, Blender"),
          new Link("mesh.glb", "the mesh for web and desktop 3D viewers, y up"),
          new Link(
              "trajectory.txt", "every pose: time in s, position in m, quaternion (TUM format)"));

  /** Keys of the summary shown large above the page. */
  private static final Set<String> HEADLINES =
      Set.of("frames", "frames_lost", "fps", "ate_rmse_cm", "depth_l1_cm");

  private record Link(String name, String meaning) {}

  private record Figure(String file, String caption) {}

  private final Path folder;
  private final ReportData data;

  private HtmlReport(Path folder, ReportData data) {
    this.folder = folder;
    this.data = data;
  }

  /**
   * Writes the page and its figures. Links to {@code mesh.ply}, {@code mesh.glb} and {@code
   * trajectory.txt} appear if those files are already in the folder.
   *
   * @param folder made if missing; a page and figures of the same names are replaced
   * @return the page
   * @throws IOException if something cannot be written
   */
  public static Path write(Path folder, ReportData data) throws IOException {
    Files.createDirectories(folder.resolve(FIGURES));
    return new HtmlReport(folder, data).writePage();
  }

  private Path writePage() throws IOException {
    List<SummaryTable.Row> rows = SummaryTable.rows(data.summary());
    Map<String, Object> context =
        Map.of(
            "title", data.title(),
            "status", StatusText.of(data.frames()),
            "headlines", rows.stream().filter(r -> HEADLINES.contains(r.key())).toList(),
            "charts", writeCharts(),
            "noTruth", data.trajectoryError().isEmpty(),
            "views", writeViews(),
            "pictures", writePictures(),
            "rows", rows,
            "links", LINKS.stream().filter(l -> Files.exists(folder.resolve(l.name))).toList());
    Path page = folder.resolve(PAGE);
    try (Reader template =
        new InputStreamReader(
            Objects.requireNonNull(HtmlReport.class.getResourceAsStream(TEMPLATE), TEMPLATE),
            StandardCharsets.UTF_8)) {
      Files.writeString(page, Mustache.compiler().compile(template).execute(context));
    }
    return page;
  }

  private List<Figure> writeCharts() throws IOException {
    List<Figure> figures = new ArrayList<>();
    Optional<AbsoluteTrajectoryError> error = data.trajectoryError();
    if (!data.estimate().isEmpty()) {
      SE3 truthFromEstimate =
          error.map(AbsoluteTrajectoryError::truthFromEstimate).orElse(SE3.IDENTITY);
      List<TimedPose> aligned = data.estimate().stream().map(p -> p.in(truthFromEstimate)).toList();
      List<TimedPose> truth = error.map(this::truthDuring).orElse(List.of());
      figures.add(writeChart("trajectory", TrajectoryChart.draw(aligned, truth)));
    }
    if (error.isPresent()) {
      figures.add(writeChart("error", FrameCharts.error(error.get())));
    }
    Map<String, Optional<XYChart>> overFrames = new LinkedHashMap<>();
    overFrames.put("tracking_ms", FrameCharts.trackingMillis(data.frames()));
    overFrames.put("depth_loss", FrameCharts.depthLoss(data.frames()));
    overFrames.put("colour_loss", FrameCharts.colourLoss(data.frames()));
    for (Map.Entry<String, Optional<XYChart>> entry : overFrames.entrySet()) {
      if (entry.getValue().isPresent()) {
        figures.add(writeChart(entry.getKey(), entry.getValue().get()));
      }
    }
    return figures;
  }

  /** The truth from the first to the last pose that was compared. */
  private List<TimedPose> truthDuring(AbsoluteTrajectoryError error) {
    long first = error.timestampsNanos()[0];
    long last = error.timestampsNanos()[error.pairs() - 1];
    return data.truth().stream()
        .filter(p -> p.timestampNanos() >= first && p.timestampNanos() <= last)
        .toList();
  }

  private Figure writeChart(String name, XYChart chart) throws IOException {
    return writeImage(name, chart.getTitle(), BitmapEncoder.getBufferedImage(chart));
  }

  private List<Figure> writeViews() throws IOException {
    double depthRangeMetres = ComparisonPanel.depthRangeMetres(data.views());
    List<Figure> figures = new ArrayList<>();
    for (ViewComparison view : data.views()) {
      String name = "view_%03d".formatted(figures.size());
      figures.add(writeImage(name, view.title(), ComparisonPanel.draw(view, depthRangeMetres)));
    }
    return figures;
  }

  private List<Figure> writePictures() throws IOException {
    List<Figure> figures = new ArrayList<>();
    for (MeshPicture picture : data.meshPictures()) {
      String name = "mesh_%03d".formatted(figures.size());
      figures.add(writeImage(name, picture.title(), picture.image()));
    }
    return figures;
  }

  private Figure writeImage(String name, String caption, BufferedImage image) throws IOException {
    String file = FIGURES + "/" + name + ".png";
    ImageIO.write(image, "png", folder.resolve(file).toFile());
    return new Figure(file, caption);
  }
}
