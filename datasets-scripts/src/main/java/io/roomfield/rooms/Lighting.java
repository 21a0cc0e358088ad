package io.roomfield.rooms;

import java.util.List;

/**
 * Fixed diffuse light, independent of the view: an ambient part, stronger from above and weaker in
 * corners, and lamps (Lambert).
 *
 * @param lamps may be empty
 */
public record Lighting(List<Lamp> lamps) {
  private static final double AMBIENT = 0.5;
  private static final double AMBIENT_FROM_ABOVE = 0.08;

  /** Distance from the surface at which ambient light is looked for, in metres. */
  private static final double OCCLUSION_REACH = 0.15;

  /** Share of the ambient light that a fully closed corner loses. */
  private static final double OCCLUSION = 0.55;

  /** A lamp's light halves at this distance, in metres. */
  private static final double HALF_DISTANCE = 2.5;

  /** A point light at world metres. */
  public record Lamp(double x, double y, double z, double intensity) {}

  public Lighting {
    lamps = List.copyOf(lamps);
  }

  /** Lit colour of a surface point with this normal. */
  Colour shade(SignedDistanceScene scene, double[] point, double[] normal, Colour unlit) {
    double open =
        scene.distanceWithin(
                OCCLUSION_REACH,
                point[0] + OCCLUSION_REACH * normal[0],
                point[1] + OCCLUSION_REACH * normal[1],
                point[2] + OCCLUSION_REACH * normal[2])
            / OCCLUSION_REACH;
    double openness = 1 - OCCLUSION * (1 - Math.clamp(open, 0.0, 1.0));
    double light = AMBIENT + AMBIENT_FROM_ABOVE * normal[2];
    for (Lamp lamp : lamps) {
      double lx = lamp.x - point[0];
      double ly = lamp.y - point[1];
      double lz = lamp.z - point[2];
      double squared = lx * lx + ly * ly + lz * lz;
      double facing = lx * normal[0] + ly * normal[1] + lz * normal[2];
      double falloff = 1 / (1 + squared / (HALF_DISTANCE * HALF_DISTANCE));
      light += lamp.intensity * Math.max(0, facing) / Math.sqrt(squared) * falloff;
    }
    return unlit.times(light * openness);
  }
}
