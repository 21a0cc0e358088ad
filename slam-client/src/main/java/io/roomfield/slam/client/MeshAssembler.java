package io.roomfield.slam.client;

import com.google.protobuf.ByteString;
import io.roomfield.geometry.TriangleMesh;
import io.roomfield.slam.v1.MeshChunk;
import io.roomfield.slam.v1.MeshHeader;
import java.nio.ByteOrder;

/** Puts a mesh together from the header and the chunks of ExtractMesh. */
final class MeshAssembler {
  private static final int PER_ELEMENT = 3;

  private final float[] positions;
  private final float[] normals;
  private final byte[] colours;
  private final int[] faces;
  private int positionsFilled;
  private int normalsFilled;
  private int coloursFilled;
  private int facesFilled;

  MeshAssembler(MeshHeader header, boolean withColours) {
    positions = new float[Math.multiplyExact(header.getVertices(), PER_ELEMENT)];
    normals = new float[positions.length];
    colours = withColours ? new byte[positions.length] : null;
    faces = new int[Math.multiplyExact(header.getFaces(), PER_ELEMENT)];
  }

  void add(MeshChunk chunk) {
    positionsFilled = append(chunk.getPositions(), "positions", positions, positionsFilled);
    normalsFilled = append(chunk.getNormals(), "normals", normals, normalsFilled);
    if (colours != null) {
      int count = chunk.getColours().size();
      checkRoom("colours", coloursFilled + count, colours.length);
      chunk.getColours().copyTo(colours, coloursFilled);
      coloursFilled += count;
    }
    int count = chunk.getFaces().size() / Integer.BYTES;
    checkRoom("faces", facesFilled + count, faces.length);
    chunk
        .getFaces()
        .asReadOnlyByteBuffer()
        .order(ByteOrder.LITTLE_ENDIAN)
        .asIntBuffer()
        .get(faces, facesFilled, count);
    facesFilled += count;
  }

  /**
   * @throws SlamClientException if the stream ended before everything announced had come
   */
  TriangleMesh finish() {
    checkComplete("positions", positionsFilled, positions.length);
    checkComplete("normals", normalsFilled, normals.length);
    checkComplete("colours", coloursFilled, colours == null ? 0 : colours.length);
    checkComplete("faces", facesFilled, faces.length);
    return new TriangleMesh(positions, normals, colours, faces);
  }

  private static int append(ByteString bytes, String name, float[] target, int filled) {
    float[] values = ProtoConverter.floats(bytes);
    checkRoom(name, filled + values.length, target.length);
    System.arraycopy(values, 0, target, filled, values.length);
    return filled + values.length;
  }

  private static void checkRoom(String name, int filled, int announced) {
    if (filled > announced) {
      throw wrongCount(name, "at least " + filled, announced);
    }
  }

  private static void checkComplete(String name, int filled, int announced) {
    if (filled != announced) {
      throw wrongCount(name, Integer.toString(filled), announced);
    }
  }

  private static SlamClientException wrongCount(String name, String came, int announced) {
    return SlamClientException.badAnswer(
        "ExtractMesh",
        "%s: %s values (expected: %d as the header said)".formatted(name, came, announced));
  }
}
