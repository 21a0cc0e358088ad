package io.roomfield.slam.mapping;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A block of the map, taken out of it to be kept: what it holds, and what mapping remembers of it.
 * Arrays are empty where a part has nothing of the kind.
 *
 * @param part which part of the map it belongs to
 * @param number in order of allocation
 * @param x block coordinates
 * @param anchor id of the keyframe with which it moves; 0 where blocks have none
 * @param steps that Adam has taken
 * @param values features; distances, then weights, of fused depth; weights of the decoder
 * @param first first moments
 * @param second second moments
 * @param meanDistances of what vertices were encoded from
 * @param seenPoints of what vertices were encoded from
 * @param rounds in which vertices took part since
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record MapBlock(
    Part part,
    int number,
    int x,
    int y,
    int z,
    int anchor,
    int steps,
    float[] values,
    float[] first,
    float[] second,
    float[] meanDistances,
    byte[] seenPoints,
    byte[] rounds) {

  /** The parts of a map. */
  public enum Part {
    COARSE,
    MID,
    FINE,
    COLOUR,
    /** The fused depth beside the grids. */
    FUSED,
    /** The colour decoder, as one block. */
    DECODER
  }

  static final float[] NO_FLOATS = {};
  static final byte[] NO_BYTES = {};

  private static final int ARRAYS = 6;

  /** Everything but its place: schema.sql, {@code blocks.content}. */
  public byte[] content() {
    int floats = values.length + first.length + second.length + meanDistances.length;
    byte[] content =
        new byte[(1 + ARRAYS + floats) * Integer.BYTES + seenPoints.length + rounds.length];
    ByteBuffer bytes = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putInt(steps);
    for (float[] array : new float[][] {values, first, second, meanDistances}) {
      bytes.putInt(array.length);
      bytes.asFloatBuffer().put(array);
      bytes.position(bytes.position() + array.length * Float.BYTES);
    }
    bytes.putInt(seenPoints.length).put(seenPoints);
    bytes.putInt(rounds.length).put(rounds);
    return content;
  }

  /**
   * A block from its {@link #content}.
   *
   * @throws IllegalArgumentException if it is no block's
   */
  public static MapBlock of(
      Part part, int number, int x, int y, int z, int anchor, byte[] content) {
    ByteBuffer bytes = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
    try {
      return new MapBlock(
          part,
          number,
          x,
          y,
          z,
          anchor,
          bytes.getInt(),
          floats(bytes),
          floats(bytes),
          floats(bytes),
          floats(bytes),
          bytes(bytes),
          bytes(bytes));
    } catch (BufferUnderflowException e) {
      throw new IllegalArgumentException(
          "%s block %d: %d bytes (expected: more)".formatted(part, number, content.length), e);
    }
  }

  private static float[] floats(ByteBuffer from) {
    float[] array = new float[length(from, Float.BYTES)];
    from.asFloatBuffer().get(array);
    from.position(from.position() + array.length * Float.BYTES);
    return array;
  }

  private static byte[] bytes(ByteBuffer from) {
    byte[] array = new byte[length(from, 1)];
    from.get(array);
    return array;
  }

  /** An array's length, that of one that can still come. */
  private static int length(ByteBuffer from, int size) {
    int length = from.getInt();
    if (length < 0 || length > from.remaining() / size) {
      throw new BufferUnderflowException();
    }
    return length;
  }
}
