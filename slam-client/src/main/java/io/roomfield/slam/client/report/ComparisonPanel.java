package io.roomfield.slam.client.report;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.IntUnaryOperator;

/**
 * Sensor and map beside each other as one image: colours and their difference above, depths and
 * their difference below, with the scales. All panels share the same ranges.
 */
final class ComparisonPanel {
  private static final int CELL_WIDTH = 400;
  private static final int GAP = 12;
  private static final int LABEL_HEIGHT = 24;
  private static final int BAR_HEIGHT = 12;
  private static final int NO_READING = 0x202020;
  private static final double DEPTH_PERCENTILE = 0.98;
  private static final double DEPTH_STEP_METRES = 0.5;

  /** Ends of the difference scales. */
  private static final double DEPTH_DIFFERENCE_METRES = 0.1;

  private static final double COLOUR_DIFFERENCE = 0.5;

  private ComparisonPanel() {}

  /**
   * A far end for the depth scale of all {@code views}: 98 of 100 readings lie below it; a multiple
   * of half a metre.
   */
  static double depthRangeMetres(List<ViewComparison> views) {
    int readings = 0;
    for (ViewComparison view : views) {
      readings += view.sensorDepth().length;
    }
    float[] all = new float[readings];
    int count = 0;
    for (ViewComparison view : views) {
      for (float depth : view.sensorDepth()) {
        if (depth > 0) {
          all[count++] = depth;
        }
      }
    }
    Arrays.sort(all, 0, count);
    double far = count == 0 ? 0 : all[(int) (DEPTH_PERCENTILE * (count - 1))];
    return Math.max(1, Math.ceil(far / DEPTH_STEP_METRES)) * DEPTH_STEP_METRES;
  }

  /** Draws a view with depths from 0 to {@code depthRangeMetres}. */
  static BufferedImage draw(ViewComparison view, double depthRangeMetres) {
    int cellHeight = (int) Math.round((double) CELL_WIDTH * view.height() / view.width());
    int width = 3 * CELL_WIDTH + 4 * GAP;
    int height = 2 * (LABEL_HEIGHT + cellHeight) + GAP + BAR_HEIGHT + LABEL_HEIGHT + 2 * GAP;
    BufferedImage panel = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D g = whiteCanvas(panel);
    int colourY = GAP;
    cell(g, view, 0, colourY, "sensor colour", i -> rgb(view.sensorRgb(), i));
    cell(g, view, 1, colourY, "rendered colour", i -> rgb(view.renderedRgb(), i));
    cell(
        g,
        view,
        2,
        colourY,
        String.format(
            Locale.ROOT, "colour difference, 0 (dark blue) to %.1f (red)", COLOUR_DIFFERENCE),
        i -> ColourMap.TURBO.rgb(colourDifference(view, i) / COLOUR_DIFFERENCE));
    int depthY = colourY + LABEL_HEIGHT + cellHeight + GAP;
    cell(g, view, 0, depthY, "sensor depth", i -> depth(view.sensorDepth()[i], depthRangeMetres));
    cell(
        g,
        view,
        1,
        depthY,
        "rendered depth",
        i -> depth(view.renderedDepth()[i], depthRangeMetres));
    cell(g, view, 2, depthY, "rendered minus sensor depth", i -> depthDifference(view, i));
    int barY = depthY + LABEL_HEIGHT + cellHeight + GAP / 2;
    bar(g, GAP, barY, 2 * CELL_WIDTH + GAP, ColourMap.TURBO);
    labels(g, GAP, barY, 2 * CELL_WIDTH + GAP, "0 m (black: no reading)", metres(depthRangeMetres));
    int left = 3 * GAP + 2 * CELL_WIDTH;
    bar(g, left, barY, CELL_WIDTH, ColourMap.BLUE_WHITE_RED);
    labels(g, left, barY, CELL_WIDTH, "10 cm too near", "10 cm too far");
    g.dispose();
    return panel;
  }

  private static Graphics2D whiteCanvas(BufferedImage panel) {
    Graphics2D g = panel.createGraphics();
    g.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    g.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
    g.setColor(Color.WHITE);
    g.fillRect(0, 0, panel.getWidth(), panel.getHeight());
    g.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 14));
    return g;
  }

  private static void cell(
      Graphics2D g, ViewComparison view, int column, int y, String label, IntUnaryOperator rgb) {
    BufferedImage image =
        new BufferedImage(view.width(), view.height(), BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < view.width() * view.height(); i++) {
      image.setRGB(i % view.width(), i / view.width(), rgb.applyAsInt(i));
    }
    int x = GAP + column * (CELL_WIDTH + GAP);
    int height = (int) Math.round((double) CELL_WIDTH * view.height() / view.width());
    g.setColor(Color.DARK_GRAY);
    g.drawString(label, x, y + LABEL_HEIGHT - 8);
    g.drawImage(image, x, y + LABEL_HEIGHT, CELL_WIDTH, height, null);
  }

  private static void bar(Graphics2D g, int x, int y, int width, ColourMap map) {
    for (int i = 0; i < width; i++) {
      g.setColor(new Color(map.rgb((double) i / (width - 1))));
      g.fillRect(x + i, y, 1, BAR_HEIGHT);
    }
  }

  private static void labels(Graphics2D g, int x, int y, int width, String least, String largest) {
    g.setColor(Color.DARK_GRAY);
    int baseline = y + BAR_HEIGHT + LABEL_HEIGHT - 8;
    g.drawString(least, x, baseline);
    g.drawString(largest, x + width - g.getFontMetrics().stringWidth(largest), baseline);
  }

  private static String metres(double value) {
    return String.format(Locale.ROOT, "%.1f m", value);
  }

  private static int rgb(byte[] image, int pixel) {
    return channel(image, 3 * pixel) << 16
        | channel(image, 3 * pixel + 1) << 8
        | channel(image, 3 * pixel + 2);
  }

  private static int channel(byte[] image, int at) {
    return Byte.toUnsignedInt(image[at]);
  }

  private static double colourDifference(ViewComparison view, int pixel) {
    double sum = 0;
    for (int at = 3 * pixel; at < 3 * pixel + 3; at++) {
      sum += Math.abs(channel(view.sensorRgb(), at) - channel(view.renderedRgb(), at));
    }
    return sum / (3 * 255);
  }

  private static int depth(float metres, double rangeMetres) {
    return metres > 0 ? ColourMap.TURBO.rgb(metres / rangeMetres) : NO_READING;
  }

  private static int depthDifference(ViewComparison view, int pixel) {
    double rendered = view.renderedDepth()[pixel];
    double sensor = view.sensorDepth()[pixel];
    return rendered > 0 && sensor > 0
        ? ColourMap.BLUE_WHITE_RED.rgb(0.5 + (rendered - sensor) / (2 * DEPTH_DIFFERENCE_METRES))
        : NO_READING;
  }
}
