package io.roomfield.rooms;

/**
 * A point of a solid's surface in the solid's own frame, metres.
 *
 * @param x position
 * @param nx outward unit normal
 * @param footprint size of a pixel on the surface in metres: detail finer than it is left out
 */
public record SurfacePoint(
    double x, double y, double z, double nx, double ny, double nz, double footprint) {

  /** First coordinate across the face that the normal points out of most. */
  public double u() {
    return Math.abs(nx) > Math.abs(ny) && Math.abs(nx) > Math.abs(nz) ? y : x;
  }

  /** Second coordinate across that face: z on upright faces, y on level ones. */
  public double v() {
    return Math.abs(nz) >= Math.abs(nx) && Math.abs(nz) >= Math.abs(ny) ? y : z;
  }
}
