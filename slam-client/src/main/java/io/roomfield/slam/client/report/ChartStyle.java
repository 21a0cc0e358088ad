package io.roomfield.slam.client.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.util.Locale;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler;

/** How all charts of a report look. */
final class ChartStyle {
  static final Color ESTIMATE = new Color(0x1f6fb4);
  static final Color TRUTH = new Color(0x9a9a9a);
  static final Color START = new Color(0x2ca02c);
  static final Color END = new Color(0x202020);
  static final Color UNCERTAIN = new Color(0xe08a00);
  static final Color LOST = new Color(0xc62828);

  private static final int TITLE_SIZE = 16;
  private static final int TEXT_SIZE = 13;
  private static final int MARKER_SIZE = 8;

  /** Pixels between the marks of the x axis: room for a label of four digits. */
  private static final int TICK_SPACING = 90;

  private ChartStyle() {}

  /** An empty chart, size in pixels. */
  static XYChart chart(int width, int height, String title) {
    XYChart chart = new XYChartBuilder().width(width).height(height).title(title).build();
    Font text = new Font(Font.SANS_SERIF, Font.PLAIN, TEXT_SIZE);
    chart
        .getStyler()
        .setLocale(Locale.ROOT)
        .setDecimalPattern("0.######")
        .setLegendPosition(Styler.LegendPosition.OutsideS)
        .setLegendLayout(Styler.LegendLayout.Horizontal)
        .setLegendFont(text)
        .setLegendBorderColor(Color.WHITE)
        .setChartTitleFont(new Font(Font.SANS_SERIF, Font.BOLD, TITLE_SIZE))
        .setChartTitleBoxVisible(false)
        .setChartBackgroundColor(Color.WHITE)
        .setPlotBackgroundColor(Color.WHITE)
        .setPlotBorderColor(Color.LIGHT_GRAY)
        .setMarkerSize(MARKER_SIZE);
    chart
        .getStyler()
        .setXAxisTickMarkSpacingHint(TICK_SPACING)
        .setAxisTitleFont(text)
        .setAxisTickLabelsFont(text)
        .setPlotGridLinesColor(new Color(0xe4e4e4))
        .setPlotGridLinesStroke(new BasicStroke(1));
    return chart;
  }
}
