package io.roomfield.slam.pretrain;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.imageio.ImageIO;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * Draws a training's curves: a row of panels a stage, a line a figure. Losses and errors fall by
 * orders of magnitude, so their axes are logarithmic.
 */
final class CurvesChart {
  private static final int PANEL_WIDTH = 720;
  private static final int PANEL_HEIGHT = 480;

  /** Pixels between the marks of the x axis: room for a label of five digits. */
  private static final int TICK_SPACING = 100;

  /** What is drawn together: figures whose names have an ending in common, as that is the unit. */
  private enum Panel {
    LOSS("training losses", "metres, nats", CurvePoint.Kind.TRAINING, ".*"),
    ERROR("validation", "cm", CurvePoint.Kind.VALIDATION, ".*_cm(@\\d+)?"),
    SURFACE("validation", "share of rays", CurvePoint.Kind.VALIDATION, ".*_\\d+cm(@\\d+)?");

    private final String title;
    private final String unit;
    private final CurvePoint.Kind kind;
    private final Pattern names;

    Panel(String title, String unit, CurvePoint.Kind kind, String names) {
      this.title = title;
      this.unit = unit;
      this.kind = kind;
      this.names = Pattern.compile(names);
    }

    boolean isLogarithmic() {
      return this != SURFACE;
    }

    boolean shows(CurvePoint point) {
      return point.kind() == kind
          && names.matcher(point.name()).matches()
          && Double.isFinite(point.value())
          && (point.value() > 0 || !isLogarithmic());
    }
  }

  private CurvesChart() {}

  /** Writes a PNG; values that cannot be drawn, as NaN, are left out. */
  static void write(List<CurvePoint> points, Path file) throws IOException {
    Map<String, List<CurvePoint>> stages =
        points.stream()
            .collect(
                Collectors.groupingBy(CurvePoint::stage, LinkedHashMap::new, Collectors.toList()));
    BufferedImage image =
        new BufferedImage(
            Panel.values().length * PANEL_WIDTH,
            stages.size() * PANEL_HEIGHT,
            BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(Color.WHITE);
    graphics.fillRect(0, 0, image.getWidth(), image.getHeight());
    int y = 0;
    for (Map.Entry<String, List<CurvePoint>> stage : stages.entrySet()) {
      drawRow(stage.getKey(), stage.getValue(), graphics, y);
      y += PANEL_HEIGHT;
    }
    graphics.dispose();
    try (OutputStream out = Files.newOutputStream(file)) {
      ImageIO.write(image, "png", out);
    }
  }

  /** A panel that has nothing to show stays white. */
  private static void drawRow(String stage, List<CurvePoint> points, Graphics2D graphics, int y) {
    int x = 0;
    for (Panel panel : Panel.values()) {
      List<CurvePoint> shown = points.stream().filter(panel::shows).toList();
      if (!shown.isEmpty()) {
        graphics.drawImage(BitmapEncoder.getBufferedImage(chart(stage, panel, shown)), x, y, null);
      }
      x += PANEL_WIDTH;
    }
  }

  private static XYChart chart(String stage, Panel panel, List<CurvePoint> points) {
    XYChart chart =
        new XYChartBuilder()
            .width(PANEL_WIDTH)
            .height(PANEL_HEIGHT)
            .theme(Styler.ChartTheme.Matlab)
            .title(stage + ", " + panel.title)
            .xAxisTitle("step")
            .yAxisTitle(panel.unit)
            .build();
    chart
        .getStyler()
        .setYAxisLogarithmic(panel.isLogarithmic())
        .setXAxisTickMarkSpacingHint(TICK_SPACING);
    chart.getStyler().setLocale(Locale.ROOT).setLegendPosition(Styler.LegendPosition.OutsideE);
    Map<String, List<CurvePoint>> lines =
        points.stream()
            .collect(
                Collectors.groupingBy(CurvePoint::name, LinkedHashMap::new, Collectors.toList()));
    lines.forEach(
        (name, line) ->
            chart
                .addSeries(
                    name,
                    line.stream().mapToDouble(CurvePoint::step).toArray(),
                    line.stream().mapToDouble(CurvePoint::value).toArray())
                .setMarker(SeriesMarkers.NONE));
    return chart;
  }
}
