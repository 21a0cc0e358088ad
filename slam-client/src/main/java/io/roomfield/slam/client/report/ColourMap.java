package io.roomfield.slam.client.report;

/** Numbers from 0 to 1 as colours, {@code 0xRRGGBB}. */
enum ColourMap {
  /**
   * From dark blue over green to dark red: A. Mikhailov, "Turbo, an improved rainbow colormap for
   * visualization", Google 2019, in the polynomial approximation published with it.
   */
  TURBO {
    @Override
    int rgb(double value) {
      double x = Math.clamp(value, 0.0, 1.0);
      return packed(polynomial(RED, x), polynomial(GREEN, x), polynomial(BLUE, x));
    }
  },
  /** From blue (0) over white (0.5) to red (1), for signed differences. */
  BLUE_WHITE_RED {
    @Override
    int rgb(double value) {
      double signed = 2 * Math.clamp(value, 0.0, 1.0) - 1;
      double pale = 1 - Math.abs(signed);
      return packed(signed > 0 ? 1 : pale, pale, signed < 0 ? 1 : pale);
    }
  };

  private static final double[] RED = {
    0.13572138, 4.61539260, -42.66032258, 132.13108234, -152.94239396, 59.28637943
  };
  private static final double[] GREEN = {
    0.09140261, 2.19418839, 4.84296658, -14.18503333, 4.27729857, 2.82956604
  };
  private static final double[] BLUE = {
    0.10667330, 12.64194608, -60.58204836, 110.36276771, -89.90310912, 27.34824973
  };

  /** The colour of {@code value}, which is held between 0 and 1. */
  abstract int rgb(double value);

  private static double polynomial(double[] coefficients, double x) {
    double sum = 0;
    for (int i = coefficients.length - 1; i >= 0; i--) {
      sum = sum * x + coefficients[i];
    }
    return sum;
  }

  private static int packed(double red, double green, double blue) {
    return channel(red) << 16 | channel(green) << 8 | channel(blue);
  }

  private static int channel(double value) {
    return (int) Math.round(255 * Math.clamp(value, 0.0, 1.0));
  }
}
