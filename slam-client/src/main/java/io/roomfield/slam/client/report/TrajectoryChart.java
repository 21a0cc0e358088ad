package io.roomfield.slam.client.report;

import io.roomfield.geometry.SE3;
import io.roomfield.geometry.TimedPose;
import java.awt.Color;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** A trajectory from above, estimate over truth, with the same scale on both axes. */
final class TrajectoryChart {
  private static final int WIDTH = 900;
  private static final int HEIGHT = 680;

  /** Free space around the trajectory as a share of its size, and at least this many metres. */
  private static final double MARGIN_SHARE = 0.06;

  private static final double MIN_MARGIN_METRES = 0.02;

  /** Fitting the axes changes the width of their labels, which changes the fit a little. */
  private static final int FIT_PASSES = 3;

  private TrajectoryChart() {}

  /**
   * Draws both trajectories in the horizontal plane of the estimate.
   *
   * @param estimate one or more poses in the truth's world
   * @param truth poses, or none
   */
  static XYChart draw(List<TimedPose> estimate, List<TimedPose> truth) {
    PlanView plan = PlanView.of(truth.isEmpty() ? estimate : truth);
    XYChart chart = ChartStyle.chart(WIDTH, HEIGHT, "Trajectory from above");
    chart.setXAxisTitle("metres right of the first view");
    chart.setYAxisTitle("metres forward");
    double[] range = {
      Double.POSITIVE_INFINITY,
      Double.POSITIVE_INFINITY,
      Double.NEGATIVE_INFINITY,
      Double.NEGATIVE_INFINITY
    };
    if (!truth.isEmpty()) {
      addPath(chart, "ground truth", truth, plan, range).setLineColor(ChartStyle.TRUTH);
    }
    addPath(chart, "estimate", estimate, plan, range).setLineColor(ChartStyle.ESTIMATE);
    addMark(chart, "start", estimate.getFirst(), plan, ChartStyle.START);
    addMark(chart, "end", estimate.getLast(), plan, ChartStyle.END);
    fitEqualScale(chart, range);
    return chart;
  }

  private static XYSeries addPath(
      XYChart chart, String name, List<TimedPose> poses, PlanView plan, double[] range) {
    double[] x = project(poses, plan::metresRight);
    double[] y = project(poses, plan::metresForward);
    for (int i = 0; i < x.length; i++) {
      range[0] = Math.min(range[0], x[i]);
      range[1] = Math.min(range[1], y[i]);
      range[2] = Math.max(range[2], x[i]);
      range[3] = Math.max(range[3], y[i]);
    }
    XYSeries series = chart.addSeries(name, x, y);
    series.setMarker(SeriesMarkers.NONE);
    return series;
  }

  private static double[] project(List<TimedPose> poses, ToDoubleFunction<SE3> axis) {
    return poses.stream().mapToDouble(p -> axis.applyAsDouble(p.worldFromCamera())).toArray();
  }

  private static void addMark(
      XYChart chart, String name, TimedPose pose, PlanView plan, Color colour) {
    double[] x = {plan.metresRight(pose.worldFromCamera())};
    double[] y = {plan.metresForward(pose.worldFromCamera())};
    XYSeries series = chart.addSeries(name, x, y);
    series.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Scatter);
    series.setMarker(SeriesMarkers.CIRCLE).setMarkerColor(colour);
  }

  /** Sets the axes' ranges so that a metre is as many pixels on the one as on the other. */
  private static void fitEqualScale(XYChart chart, double[] range) {
    double sizeX = range[2] - range[0];
    double sizeY = range[3] - range[1];
    double margin = Math.max(MIN_MARGIN_METRES, MARGIN_SHARE * Math.max(sizeX, sizeY));
    double centreX = (range[0] + range[2]) / 2;
    double centreY = (range[1] + range[3]) / 2;
    double halfX = sizeX / 2 + margin;
    double halfY = sizeY / 2 + margin;
    setRange(chart, centreX, halfX, centreY, halfY);
    for (int pass = 0; pass < FIT_PASSES; pass++) {
      double[] pixelsPerMetre = pixelsPerMetre(chart, centreX, centreY);
      double scale =
          Math.min(
              pixelsPerMetre[0] * axisHalf(chart, true) / (sizeX / 2 + margin),
              pixelsPerMetre[1] * axisHalf(chart, false) / (sizeY / 2 + margin));
      halfX = pixelsPerMetre[0] * axisHalf(chart, true) / scale;
      halfY = pixelsPerMetre[1] * axisHalf(chart, false) / scale;
      setRange(chart, centreX, halfX, centreY, halfY);
    }
  }

  private static void setRange(XYChart chart, double x, double halfX, double y, double halfY) {
    chart.getStyler().setXAxisMin(x - halfX).setXAxisMax(x + halfX);
    chart.getStyler().setYAxisMin(y - halfY).setYAxisMax(y + halfY);
  }

  /** Half the length of an axis in metres. */
  private static double axisHalf(XYChart chart, boolean horizontal) {
    var style = chart.getStyler();
    return horizontal
        ? (style.getXAxisMax() - style.getXAxisMin()) / 2
        : (style.getYAxisMax() - style.getYAxisMin()) / 2;
  }

  /** Along x and y, in the chart as it is now. */
  static double[] pixelsPerMetre(XYChart chart, double x, double y) {
    BitmapEncoder.getBufferedImage(chart); // lays the chart out
    return new double[] {
      Math.abs(chart.getScreenXFromChart(x + 1) - chart.getScreenXFromChart(x)),
      Math.abs(chart.getScreenYFromChart(y + 1) - chart.getScreenYFromChart(y))
    };
  }
}
