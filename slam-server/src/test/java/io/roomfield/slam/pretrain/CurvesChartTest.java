package io.roomfield.slam.pretrain;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CurvesChartTest {
  @TempDir Path folder;

  @Test
  void aStageIsARowOfPanels() throws IOException {
    List<CurvePoint> points = new ArrayList<>();
    for (int step = 1; step <= 3; step++) {
      add(points, "geometry", CurvePoint.Kind.TRAINING, step, "depth_m", 1.0 / step);
      add(points, "geometry", CurvePoint.Kind.VALIDATION, step, "l1_mean_cm@0", 9 - step);
      add(points, "geometry", CurvePoint.Kind.VALIDATION, step, "front_5cm@0", 0.1);
    }
    BufferedImage one = draw(points);
    add(points, "coarse", CurvePoint.Kind.VALIDATION, 1, "coarse_cm", Double.NaN);
    add(points, "coarse", CurvePoint.Kind.TRAINING, 1, "depth_m", 1);
    BufferedImage two = draw(points);
    assertThat(two.getWidth()).isEqualTo(one.getWidth()).isGreaterThan(2 * one.getHeight());
    assertThat(two.getHeight()).isEqualTo(2 * one.getHeight());
  }

  private BufferedImage draw(List<CurvePoint> points) throws IOException {
    Path file = folder.resolve("curves.png");
    CurvesChart.write(points, file);
    return ImageIO.read(file.toFile());
  }

  private static void add(
      List<CurvePoint> points,
      String stage,
      CurvePoint.Kind kind,
      int step,
      String name,
      double value) {
    points.add(new CurvePoint(step, stage, kind, step, name, value));
  }
}
