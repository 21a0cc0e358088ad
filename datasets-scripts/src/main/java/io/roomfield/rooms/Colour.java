package io.roomfield.rooms;

/** A colour as displayed (sRGB values), each channel nominally 0 to 1. */
public record Colour(double red, double green, double blue) {
  private static final int MAX_BYTE = 255;

  /** From 0xRRGGBB. */
  public static Colour of(int rgb) {
    return new Colour(
        (rgb >> 16 & MAX_BYTE) / (double) MAX_BYTE,
        (rgb >> 8 & MAX_BYTE) / (double) MAX_BYTE,
        (rgb & MAX_BYTE) / (double) MAX_BYTE);
  }

  /** Every channel multiplied. */
  public Colour times(double factor) {
    return new Colour(red * factor, green * factor, blue * factor);
  }

  /** This at share 0, other at share 1. */
  public Colour mix(Colour other, double share) {
    return new Colour(
        red + share * (other.red - red),
        green + share * (other.green - green),
        blue + share * (other.blue - blue));
  }

  /** Writes three bytes, clamped. */
  void write(byte[] rgb, int at) {
    rgb[at] = toByte(red);
    rgb[at + 1] = toByte(green);
    rgb[at + 2] = toByte(blue);
  }

  private static byte toByte(double value) {
    return (byte) Math.clamp(Math.round(value * MAX_BYTE), 0, MAX_BYTE);
  }
}
