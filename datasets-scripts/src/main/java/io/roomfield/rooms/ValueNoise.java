package io.roomfield.rooms;

/** Smooth random functions of the plane, and random numbers of its cells; by seed. */
final class ValueNoise {
  private static final int OCTAVES = 5;

  /** Amplitude of an octave, as a share of the one before. */
  private static final double PERSISTENCE = 0.65;

  /** Shortest wave that pixels can show, in pixels (Nyquist). */
  private static final double NYQUIST = 2;

  // Odd 64-bit constants of SplitMix64 (Steele et al. 2014) and of the golden ratio.
  private static final long MIX_1 = 0xBF58476D1CE4E5B9L;
  private static final long MIX_2 = 0x94D049BB133111EBL;
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private ValueNoise() {}

  /** A random number in [0, 1) for a cell of the integer lattice. */
  static double cell(long i, long j, long seed) {
    long h = seed + i * GOLDEN;
    h = (h ^ (h >>> 30)) * MIX_1 + j * MIX_2;
    h = (h ^ (h >>> 27)) * MIX_2;
    h = (h ^ (h >>> 31)) * MIX_1;
    return (h >>> 11) * 0x1p-53;
  }

  /** Lattice values in [-1, 1], blended with the quintic of Perlin (2002). */
  static double smooth(double u, double v, long seed) {
    long i = (long) Math.floor(u);
    long j = (long) Math.floor(v);
    double a = fade(u - i);
    double b = fade(v - j);
    double low = cell(i, j, seed) * (1 - a) + cell(i + 1, j, seed) * a;
    double high = cell(i, j + 1, seed) * (1 - a) + cell(i + 1, j + 1, seed) * a;
    return 2 * (low * (1 - b) + high * b) - 1;
  }

  /**
   * A sum of octaves in [-1, 1], from the wavelength down, without those finer than pixels.
   *
   * @param wavelength of the coarsest octave, in the unit of u and v
   * @param footprint a pixel, in the same unit
   */
  static double fractal(double u, double v, double wavelength, double footprint, long seed) {
    double sum = 0;
    double total = 0;
    double amplitude = 1;
    double wave = wavelength;
    for (int octave = 0; octave < OCTAVES; octave++) {
      double seen = Math.clamp((wave / footprint - NYQUIST) / NYQUIST, 0.0, 1.0);
      if (seen > 0) {
        sum += seen * amplitude * smooth(u / wave, v / wave, seed + octave);
      }
      total += amplitude;
      amplitude *= PERSISTENCE;
      wave /= 2;
    }
    return sum / total;
  }

  private static double fade(double t) {
    return t * t * t * (t * (6 * t - 15) + 10);
  }
}
