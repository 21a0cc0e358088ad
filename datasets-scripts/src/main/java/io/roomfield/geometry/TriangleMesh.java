package io.roomfield.geometry;

/**
 * A triangle mesh in world metres.
 *
 * @param positions {@code [vertices, 3]}
 * @param normals {@code [vertices, 3]}, unit length, towards free space; or null
 * @param colours {@code [vertices, 3]} red, green, blue; or null
 * @param faces {@code [faces, 3]} vertex indices, counter-clockwise seen from free space
 */
public record TriangleMesh(float[] positions, float[] normals, byte[] colours, int[] faces) {
  /**
   * @throws IllegalArgumentException if the arrays' lengths do not agree
   */
  public TriangleMesh {
    check("positions", positions.length, positions.length % 3 == 0);
    check("faces", faces.length, faces.length % 3 == 0);
    check("normals", length(normals), normals == null || normals.length == positions.length);
    check("colours", length(colours), colours == null || colours.length == positions.length);
  }

  public int vertexCount() {
    return positions.length / 3;
  }

  public int faceCount() {
    return faces.length / 3;
  }

  private static int length(Object array) {
    return array == null ? 0 : java.lang.reflect.Array.getLength(array);
  }

  private static void check(String name, int length, boolean ok) {
    if (!ok) {
      throw new IllegalArgumentException(
          "%s: %d values (expected: 3 per vertex or face)".formatted(name, length));
    }
  }
}
