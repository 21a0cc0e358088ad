package io.roomfield.slam.pretrain;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Draws a training's curves: a row of panels a stage, a line a figure. */
final class CurvesChart {
  private static final int PANEL_WIDTH = 640;
  private static final int PANEL_HEIGHT = 480;

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

    boolean shows(CurvePoint point) {
      return point.kind() == kind && names.matcher(point.name()).matches();
    }
  }

  private CurvesChart() {}

  /** Writes a PNG; values that are not finite are left out. */
  static void write(List<CurvePoint> points, Path file) throws IOException {
    Map<String, List<CurvePoint>> stages =
        points.stream()
            .filter(point -> Double.isFinite(point.value()))
            .collect(
                Collectors.groupingBy(CurvePoint::stage, LinkedHashMap::new, Collectors.toList()));
    List<XYChart> charts = new ArrayList<>();
    stages.forEach(
        (stage, ofStage) -> {
          for (Panel panel : Panel.values()) {
            charts.add(chart(stage, panel, ofStage));
          }
        });
    try (OutputStream out = Files.newOutputStream(file)) {
      BitmapEncoder.saveBitmap(
          charts, stages.size(), Panel.values().length, out, BitmapEncoder.BitmapFormat.PNG);
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
        .setLocale(Locale.ROOT)
        .setLegendPosition(Styler.LegendPosition.OutsideS)
        .setLegendLayout(Styler.LegendLayout.Horizontal);
    Map<String, List<CurvePoint>> lines =
        points.stream()
            .filter(panel::shows)
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
