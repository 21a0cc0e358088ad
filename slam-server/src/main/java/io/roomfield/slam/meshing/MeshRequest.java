package io.roomfield.slam.meshing;

/**
 * What surface is wanted.
 *
 * @param resolutionMetres edge of the lattice
 * @param boxMin {@code [3]} world metres; null, with {@code boxMax}, for the whole map
 * @param boxMax {@code [3]} world metres
 * @param colours whether vertices get colours
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record MeshRequest(
    double resolutionMetres, double[] boxMin, double[] boxMax, boolean colours) {
  public static final double MIN_RESOLUTION = 0.005;
  public static final double MAX_RESOLUTION = 0.5;
}
