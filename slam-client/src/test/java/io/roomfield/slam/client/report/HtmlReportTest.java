package io.roomfield.slam.client.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.roomfield.geometry.PinholeCamera;
import io.roomfield.geometry.SE3;
import io.roomfield.geometry.TimedPose;
import io.roomfield.geometry.TriangleMesh;
import io.roomfield.slam.client.eval.AbsoluteTrajectoryError;
import io.roomfield.slam.v1.TrackingStatus;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HtmlReportTest {
  private static final int FRAMES = 12;

  @TempDir Path folder;

  @Test
  void pageShowsFiguresNumbersAndLinks() throws IOException {
    Files.writeString(folder.resolve("mesh.ply"), "ply");
    List<TimedPose> truth = circle(SE3.IDENTITY);
    List<TimedPose> estimate = circle(SE3.fromRotationVector(0, 1, 0, 2, 0, 0));
    ReportData data =
        new ReportData(
            "a <clip>",
            summary(),
            frames(),
            estimate,
            truth,
            Optional.of(AbsoluteTrajectoryError.of(estimate, truth)),
            List.of(view("frame 0"), view("frame 6")),
            List.of(MeshPicture.overview("from above", triangle(), estimate)));
    Path page = HtmlReport.write(folder.resolve("."), data);
    String html = Files.readString(page);
    assertThat(html)
        .contains("a &lt;clip&gt;", "track_ms.median", "12.50", "href=\"mesh.ply\"", "frame 6")
        .contains("11 of 12 frames were tracked well.", "Lost: frame 3.")
        .doesNotContain("mesh.glb", "There is no error against ground truth", "{{");
    List<Path> images = images(html);
    assertThat(images).hasSize(5 + 2 + 1); // charts, views, mesh picture
    for (Path image : images) {
      BufferedImage read = ImageIO.read(image.toFile());
      assertThat(read.getWidth()).isGreaterThan(500);
    }
  }

  @Test
  void sequenceWithoutTruthViewsOrMeshIsReported() throws IOException {
    ReportData data =
        new ReportData(
            "bare",
            summary(),
            frames().subList(0, 1),
            circle(SE3.IDENTITY).subList(0, 1),
            List.of(),
            Optional.empty(),
            List.of(),
            List.of());
    String html = Files.readString(HtmlReport.write(folder, data));
    assertThat(html)
        .contains("There is no error against ground truth", "No views were rendered")
        .contains("No mesh and no trajectory were written");
    assertThat(images(html)).hasSize(4);
  }

  @Test
  void sequenceWithoutATrackedFrameIsReported() throws IOException {
    ReportData data =
        new ReportData(
            "none",
            new ObjectMapper().createObjectNode(),
            List.of(),
            List.of(),
            List.of(),
            Optional.empty(),
            List.of(),
            List.of());
    String html = Files.readString(HtmlReport.write(folder, data));
    assertThat(html).contains("No frame was tracked.");
    assertThat(images(html)).isEmpty();
  }

  @Test
  void lossesThatAreNotNumbersAreLeftOut() throws IOException {
    List<FrameReport> frames = new ArrayList<>();
    for (int i = 0; i < FRAMES; i++) {
      frames.add(
          new FrameReport(
              i,
              TrackingStatus.TRACKING_STATUS_TRACKING,
              "",
              Double.NaN,
              i > 5 ? 1 : Double.NaN,
              20));
    }
    ReportData data =
        new ReportData(
            "gaps",
            summary(),
            frames,
            List.of(),
            List.of(),
            Optional.empty(),
            List.of(),
            List.of());
    assertThat(images(Files.readString(HtmlReport.write(folder, data)))).hasSize(2);
  }

  private List<Path> images(String html) {
    List<Path> images = new ArrayList<>();
    Matcher matcher = Pattern.compile("<img src=\"([^\"]+)\"").matcher(html);
    while (matcher.find()) {
      Path image = folder.resolve(matcher.group(1));
      assertThat(image).exists();
      images.add(image);
    }
    return images;
  }

  private static ObjectNode summary() {
    ObjectNode summary = new ObjectMapper().createObjectNode();
    summary.put("frames", FRAMES).put("ate_rmse_cm", 0.61234);
    summary.putObject("track_ms").put("median", 12.5);
    return summary;
  }

  private static List<FrameReport> frames() {
    List<FrameReport> frames = new ArrayList<>();
    for (int i = 0; i < FRAMES; i++) {
      boolean lost = i == 3;
      frames.add(
          new FrameReport(
              i,
              lost ? TrackingStatus.TRACKING_STATUS_LOST : TrackingStatus.TRACKING_STATUS_TRACKING,
              lost ? "the depth image is empty" : "",
              0.01,
              0.05,
              20 + i));
    }
    return frames;
  }

  private static List<TimedPose> circle(SE3 world) {
    List<TimedPose> poses = new ArrayList<>();
    for (int i = 0; i < FRAMES; i++) {
      SE3 pose = SE3.fromRotationVector(0, 0, 0, Math.cos(i), 0, Math.sin(i));
      poses.add(new TimedPose(i * 33_333_333L, pose).in(world));
    }
    return poses;
  }

  private static ViewComparison view(String title) {
    PinholeCamera camera = new PinholeCamera(32, 24, 30, 30, 15.5, 11.5);
    int pixels = camera.width() * camera.height();
    return new ViewComparison(
        title,
        camera.width(),
        camera.height(),
        new float[pixels],
        new float[pixels],
        new byte[3 * pixels],
        new byte[3 * pixels]);
  }

  private static TriangleMesh triangle() {
    return new TriangleMesh(
        new float[] {0, 0, 1, 1, 0, 1, 0, 1, 1}, null, null, new int[] {0, 1, 2});
  }
}
