package io.roomfield.slam.client.report;

import io.roomfield.slam.client.eval.AbsoluteTrajectoryError;
import io.roomfield.slam.v1.TrackingStatus;
import java.awt.Color;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Values over a sequence's frames; uncertain and lost frames are marked. */
final class FrameCharts {
  private static final int WIDTH = 900;
  private static final int HEIGHT = 320;
  private static final float LINE_WIDTH = 1.5f;
  private static final double CM_PER_METRE = 100;
  private static final double NANOS_PER_SECOND = 1e9;

  private FrameCharts() {}

  /** Distance to the truth after alignment over the time since the first pose. */
  static XYChart error(AbsoluteTrajectoryError error) {
    XYChart chart = ChartStyle.chart(WIDTH, HEIGHT, "Position error after alignment");
    chart.setXAxisTitle("seconds since the first pose");
    chart.setYAxisTitle("cm");
    long start = error.timestampsNanos()[0];
    double[] seconds =
        Arrays.stream(error.timestampsNanos())
            .mapToDouble(t -> (t - start) / NANOS_PER_SECOND)
            .toArray();
    double[] cm = Arrays.stream(error.errors()).map(e -> CM_PER_METRE * e).toArray();
    addLine(chart, "error", seconds, cm);
    double rmse = CM_PER_METRE * error.rmse();
    XYSeries level =
        chart.addSeries(
            "root mean square",
            new double[] {0, seconds[seconds.length - 1]},
            new double[] {rmse, rmse});
    level.setMarker(SeriesMarkers.NONE).setLineColor(ChartStyle.TRUTH);
    chart.getStyler().setYAxisMin(0.0);
    return chart;
  }

  /** Time that tracking took. */
  static Optional<XYChart> trackingMillis(List<FrameReport> frames) {
    return overFrames(frames, "Tracking time", "ms", FrameReport::trackingMillis);
  }

  /** Mean depth difference between frame and map at the tracked pose. */
  static Optional<XYChart> depthLoss(List<FrameReport> frames) {
    return overFrames(
        frames, "Depth loss at the tracked pose", "cm", f -> CM_PER_METRE * f.depthLossMetres());
  }

  /** Mean colour difference between frame and map at the tracked pose. */
  static Optional<XYChart> colourLoss(List<FrameReport> frames) {
    return overFrames(
        frames, "Colour loss at the tracked pose", "per channel, 0 to 1", FrameReport::colourLoss);
  }

  /** Frames without a finite value are left out; without any there is no chart. */
  private static Optional<XYChart> overFrames(
      List<FrameReport> frames, String title, String unit, ToDoubleFunction<FrameReport> value) {
    List<FrameReport> drawn =
        frames.stream().filter(f -> Double.isFinite(value.applyAsDouble(f))).toList();
    if (drawn.isEmpty()) {
      return Optional.empty();
    }
    XYChart chart = ChartStyle.chart(WIDTH, HEIGHT, title);
    chart.setXAxisTitle("frame");
    chart.setYAxisTitle(unit);
    addLine(
        chart,
        "tracked",
        drawn.stream().mapToDouble(FrameReport::sequenceNumber).toArray(),
        drawn.stream().mapToDouble(value).toArray());
    addMarks(chart, drawn, TrackingStatus.TRACKING_STATUS_UNCERTAIN, value);
    addMarks(chart, drawn, TrackingStatus.TRACKING_STATUS_LOST, value);
    chart.getStyler().setYAxisMin(0.0);
    return Optional.of(chart);
  }

  private static void addLine(XYChart chart, String name, double[] x, double[] y) {
    chart
        .addSeries(name, x, y)
        .setMarker(SeriesMarkers.NONE)
        .setLineColor(ChartStyle.ESTIMATE)
        .setLineWidth(LINE_WIDTH);
    // XChart labels data values where those are equally spaced (0, 27, 54, ...) and round numbers
    // otherwise: one undrawn point half a step in makes it the latter
    double step = x.length > 1 ? x[1] - x[0] : 1;
    chart
        .addSeries("undrawn", new double[] {x[0] + step / 2}, new double[] {y[0]})
        .setMarker(SeriesMarkers.NONE)
        .setShowInLegend(false);
  }

  private static void addMarks(
      XYChart chart,
      List<FrameReport> frames,
      TrackingStatus status,
      ToDoubleFunction<FrameReport> value) {
    List<FrameReport> marked = frames.stream().filter(f -> f.status() == status).toList();
    if (!marked.isEmpty()) {
      boolean lost = status == TrackingStatus.TRACKING_STATUS_LOST;
      Color colour = lost ? ChartStyle.LOST : ChartStyle.UNCERTAIN;
      XYSeries series =
          chart.addSeries(
              lost ? "lost" : "uncertain",
              marked.stream().mapToDouble(FrameReport::sequenceNumber).toArray(),
              marked.stream().mapToDouble(value).toArray());
      series.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Scatter);
      series.setMarker(SeriesMarkers.CIRCLE).setMarkerColor(colour);
    }
  }
}
