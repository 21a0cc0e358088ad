package io.roomfield.rooms;

import io.roomfield.geometry.SE3;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Parts being put together in a frame of their own; for furniture: x along the wall, y away from
 * it, z up, the origin on the floor at the wall. Metres.
 */
final class Assembly {
  private static final int[][] WOODS = {
    {0x4a2c17, 0xa8743f}, {0x6b4a2b, 0xd2a56d}, {0x3a2318, 0x7d5233}, {0x8d6a45, 0xe6c79a},
  };
  private static final int[][] CLOTHS = {
    {0x1f3a5f, 0x6f93bf},
    {0x6e1f28, 0xc96a62},
    {0x2f4f32, 0x8fb07a},
    {0x4a4238, 0xa99c86},
    {0x7a4f12, 0xe0b054},
  };
  private static final double MUTED = 0.4;
  private static final double WEAVE = 0.05;
  private static final double BRUSHED = 0.08;
  private static final double METAL_TINT = 0.6;

  private final SE3 worldFromPiece;
  private final SplittableRandom random;
  private final List<SceneObject> parts = new ArrayList<>();

  Assembly(SE3 worldFromPiece, SplittableRandom random) {
    this.worldFromPiece = worldFromPiece;
    this.random = random;
  }

  /** Turned about the vertical by {@code yaw} radians, then moved. */
  static SE3 placed(double x, double y, double z, double yaw) {
    return SE3.fromRotationVector(0, 0, yaw, x, y, z);
  }

  /** Adds an upright part whose centre is at (x, y, z). */
  void add(Shape shape, double x, double y, double z, Texture texture) {
    add(shape, placed(x, y, z, 0), texture);
  }

  void add(Shape shape, SE3 pieceFromPart, Texture texture) {
    parts.add(new SceneObject(shape, worldFromPiece.times(pieceFromPart), texture));
  }

  /** Adds a thin round bar between two points {@code {x, y, z}}. */
  void rod(double[] from, double[] to, double radius, Texture texture) {
    double[] along = {to[0] - from[0], to[1] - from[1], to[2] - from[2]};
    double length = Math.sqrt(along[0] * along[0] + along[1] * along[1] + along[2] * along[2]);
    double[] middle = {
      (from[0] + to[0]) / 2, (from[1] + to[1]) / 2, (from[2] + to[2]) / 2,
    };
    boolean upright = Math.abs(along[2]) > Math.hypot(along[0], along[1]);
    double[] aside = upright ? new double[] {1, 0, 0} : new double[] {0, 0, 1};
    add(new Shape.Cylinder(radius, length), SE3.lookAt(middle, to, aside), texture);
  }

  List<SceneObject> parts() {
    return parts;
  }

  SplittableRandom random() {
    return random;
  }

  double between(double from, double to) {
    return random.nextDouble(from, to);
  }

  int below(int bound) {
    return random.nextInt(bound);
  }

  boolean chance(double probability) {
    return random.nextDouble() < probability;
  }

  long seed() {
    return random.nextLong();
  }

  Texture wood(boolean upright) {
    int[] tones = WOODS[below(WOODS.length)];
    return new Textures.Wood(Colour.of(tones[0]), Colour.of(tones[1]), upright, seed());
  }

  Texture cloth() {
    int[] tones = CLOTHS[below(CLOTHS.length)];
    return new Textures.Mottle(Colour.of(tones[0]), Colour.of(tones[1]), WEAVE, seed());
  }

  /** A random colour, muted as dyes are. */
  Colour anyColour() {
    double grey = between(0.15, 0.9);
    Colour vivid = new Colour(between(0.05, 0.95), between(0.05, 0.95), between(0.05, 0.95));
    return vivid.mix(new Colour(grey, grey, grey), MUTED);
  }

  /** Two tones of one random colour. */
  Texture mottle(double wavelength) {
    Colour colour = anyColour();
    return new Textures.Mottle(colour.times(0.55), colour, wavelength, seed());
  }

  /** Painted or blank metal. */
  Texture metal() {
    double grey = between(0.1, 0.9);
    Colour colour = new Colour(grey, grey, grey).mix(anyColour(), between(0, METAL_TINT));
    return new Textures.Mottle(colour.times(0.8), colour, BRUSHED, seed());
  }

  /** Any covering that furniture has. */
  Texture covering() {
    return switch (below(4)) {
      case 0 -> wood(true);
      case 1 -> wood(false);
      case 2 -> cloth();
      default -> mottle(between(0.05, 0.4));
    };
  }
}
