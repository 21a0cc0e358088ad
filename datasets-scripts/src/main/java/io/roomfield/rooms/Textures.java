package io.roomfield.rooms;

/**
 * Procedural textures, band-limited by the pixel's footprint so that they do not shimmer when the
 * camera moves. Sizes in metres on the surface.
 */
final class Textures {
  private Textures() {}

  /**
   * Fractal noise between two colours: plaster, cloth, cardboard, leaves.
   *
   * @param wavelength of the largest patches
   */
  record Mottle(Colour dark, Colour light, double wavelength, long seed) implements Texture {
    /** Fractal noise seldom reaches its bounds: stretched, so that both colours show. */
    private static final double CONTRAST = 1.8;

    @Override
    public Colour colour(SurfacePoint p) {
      double n = ValueNoise.fractal(p.u(), p.v(), wavelength, p.footprint(), seed);
      return dark.mix(light, Math.clamp(0.5 + 0.5 * CONTRAST * n, 0.0, 1.0));
    }
  }

  /** Wood whose grain runs along u, or along v where {@code upright}. */
  record Wood(Colour dark, Colour light, boolean upright, long seed) implements Texture {
    private static final double STRETCH = 10;
    private static final double WAVELENGTH = 0.06;

    @Override
    public Colour colour(SurfacePoint p) {
      double along = upright ? p.v() : p.u();
      double across = upright ? p.u() : p.v();
      return dark.mix(light, grain(along, across, p.footprint(), seed));
    }

    static double grain(double along, double across, double footprint, long seed) {
      double n = ValueNoise.fractal(along / STRETCH, across, WAVELENGTH, footprint, seed);
      return Math.clamp(0.5 + 0.8 * n, 0.0, 1.0);
    }
  }

  /** Floor boards along u, each of its own tone, with dark joints. */
  record Planks(Colour dark, Colour light, double boardWidth, long seed) implements Texture {
    private static final double LENGTH_IN_WIDTHS = 7;
    private static final double JOINT_HALF_WIDTH = 0.0025;
    private static final double JOINT_TONE = 0.35;

    @Override
    public Colour colour(SurfacePoint p) {
      double length = boardWidth * LENGTH_IN_WIDTHS;
      long row = (long) Math.floor(p.v() / boardWidth);
      double along = p.u() + length * ValueNoise.cell(row, 0, seed);
      long board = (long) Math.floor(along / length);
      double tone = ValueNoise.cell(row, board + 1, seed);
      double grain = Wood.grain(along, p.v(), p.footprint(), seed + row + board);
      double joint =
          Math.max(
              line(p.v(), boardWidth, JOINT_HALF_WIDTH, p.footprint()),
              line(along, length, JOINT_HALF_WIDTH, p.footprint()));
      Colour wood = dark.mix(light, 0.6 * tone + 0.4 * grain);
      return wood.times(1 - joint * (1 - JOINT_TONE));
    }
  }

  /** Bricks in running bond, each of its own tone, with mortar between. */
  record Bricks(Colour dark, Colour light, Colour mortar, long seed) implements Texture {
    private static final double LENGTH = 0.25;
    private static final double HEIGHT = 0.085;
    private static final double MORTAR_HALF_WIDTH = 0.006;
    private static final double GRAIN = 0.05;

    @Override
    public Colour colour(SurfacePoint p) {
      long row = (long) Math.floor(p.v() / HEIGHT);
      double along = p.u() + (row % 2 == 0 ? 0 : LENGTH / 2);
      double tone = ValueNoise.cell((long) Math.floor(along / LENGTH), row, seed);
      double n = ValueNoise.fractal(p.u(), p.v(), GRAIN, p.footprint(), seed);
      double joint =
          Math.max(
              line(p.v(), HEIGHT, MORTAR_HALF_WIDTH, p.footprint()),
              line(along, LENGTH, MORTAR_HALF_WIDTH, p.footprint()));
      Colour brick = dark.mix(light, Math.clamp(0.8 * tone + 0.1 + 0.4 * n, 0.0, 1.0));
      return brick.mix(mortar.times(1 + 0.3 * n), joint);
    }
  }

  /** A checker board of cloth. */
  record Checker(Colour dark, Colour light, double square, long seed) implements Texture {
    private static final double WEAVE = 0.02;

    @Override
    public Colour colour(SurfacePoint p) {
      double wave = squareWave(p.u(), square, p.footprint());
      double board = wave * squareWave(p.v(), square, p.footprint());
      double weave = ValueNoise.fractal(p.u(), p.v(), WEAVE, p.footprint(), seed);
      return dark.mix(light, 0.5 + 0.5 * board).times(1 + 0.25 * weave);
    }
  }

  /** Upright stripes with a blot on every second one: wallpaper. */
  record Wallpaper(Colour ground, Colour stripe, Colour blot, long seed) implements Texture {
    private static final double PITCH = 0.16;
    private static final double BLOT_RADIUS = 0.035;
    private static final double BLOT_SPACING = 0.22;
    private static final double UNEVENNESS = 0.5;

    @Override
    public Colour colour(SurfacePoint p) {
      double wave = squareWave(p.u(), PITCH, p.footprint());
      double uneven = ValueNoise.fractal(p.u(), p.v(), UNEVENNESS, p.footprint(), seed);
      double du = nearestMultiple(p.u() - PITCH / 2, 2 * PITCH);
      long column = Math.round((p.u() - PITCH / 2) / (2 * PITCH));
      double dv =
          nearestMultiple(p.v() + BLOT_SPACING * ValueNoise.cell(column, 0, seed), BLOT_SPACING);
      double radius = BLOT_RADIUS * (0.6 + 0.4 * Math.cos(5 * Math.atan2(dv, du)));
      double inside = Math.clamp((radius - Math.hypot(du, dv)) / p.footprint() + 0.5, 0.0, 1.0);
      Colour paper = ground.mix(stripe, 0.5 + 0.5 * wave);
      return paper.mix(blot, inside).times(1 + 0.15 * uneven);
    }
  }

  /**
   * A landscape or a composition of rectangles and discs.
   *
   * @param width of the picture
   * @param height of the picture
   */
  record Picture(double width, double height, long seed) implements Texture {
    private static final int SHAPES = 14;
    private static final double MUTED = 0.3;
    private static final int NUMBERS = 8;

    @Override
    public Colour colour(SurfacePoint p) {
      double u = p.u() / width;
      double v = p.v() / height;
      double edge = p.footprint() / Math.min(width, height);
      double n = ValueNoise.fractal(p.u(), p.v(), height / 3, p.footprint(), seed);
      Colour colour = random(0).mix(random(1), Math.clamp(0.5 + v + 0.3 * n, 0.0, 1.0));
      for (int shape = 2; shape < SHAPES; shape++) {
        double du = Math.abs(u - (number(shape, 0) - 0.5));
        double dv = Math.abs(v - (number(shape, 1) - 0.5));
        double size = 0.05 + 0.2 * number(shape, 2);
        double outside =
            number(shape, 3) < 0.5
                ? Math.max(du - size, dv - size * (0.3 + number(shape, 4)))
                : Math.hypot(du, dv) - size;
        colour = colour.mix(random(shape), Math.clamp(0.5 - outside / edge, 0.0, 1.0));
      }
      return colour.times(1 + 0.2 * n);
    }

    private double number(int shape, int which) {
      return ValueNoise.cell(shape, which, seed);
    }

    private Colour random(int shape) {
      Colour vivid =
          new Colour(
              number(shape, NUMBERS), number(shape, NUMBERS + 1), number(shape, NUMBERS + 2));
      double grey = number(shape, NUMBERS + 3);
      return vivid.mix(new Colour(grey, grey, grey), MUTED);
    }
  }

  /** A book: cloth with bands and a title across its spine, by height. */
  record Book(Colour cloth, Colour print, double height, long seed) implements Texture {
    private static final double BAND_HALF_WIDTH = 0.004;
    private static final double TITLE_HALF_HEIGHT = 0.16;
    private static final double LETTERS = 0.012;

    @Override
    public Colour colour(SurfacePoint p) {
      double band = 0;
      for (int i = 0; i < 3; i++) {
        double at = height * (0.8 * ValueNoise.cell(i, 0, seed) - 0.4);
        band = Math.max(band, covered(p.z() - at, BAND_HALF_WIDTH, p.footprint()));
      }
      double title = covered(p.z(), TITLE_HALF_HEIGHT * height, p.footprint());
      double letters = ValueNoise.fractal(p.u(), p.v(), LETTERS, p.footprint(), seed);
      double ink = Math.max(band, title * Math.clamp(2 * letters, 0.0, 1.0));
      return cloth.mix(print, ink);
    }
  }

  /** Share of a pixel that a band of this half width about 0 covers. */
  private static double covered(double fromCentre, double halfWidth, double footprint) {
    double share = Math.clamp((halfWidth - Math.abs(fromCentre)) / footprint + 0.5, 0.0, 1.0);
    return Math.min(share, 2 * halfWidth / footprint);
  }

  /** Share of a pixel that lines at every multiple of the spacing cover. */
  private static double line(double x, double spacing, double halfWidth, double footprint) {
    double near = covered(nearestMultiple(x, spacing), halfWidth, footprint);
    return Math.max(near, Math.min(1, footprint / spacing) * 2 * halfWidth / spacing);
  }

  private static double nearestMultiple(double x, double spacing) {
    return x - spacing * Math.rint(x / spacing);
  }

  /** 1 and -1 in turn for a length each, averaged over the footprint. */
  private static double squareWave(double x, double length, double footprint) {
    double fromEdge = nearestMultiple(x, length);
    double sign = Math.floorMod(Math.round(x / length), 2) == 0 ? 1 : -1;
    double seen = Math.clamp(2 - footprint / length, 0.0, 1.0);
    return seen * sign * Math.clamp(2 * fromEdge / footprint, -1.0, 1.0);
  }
}
