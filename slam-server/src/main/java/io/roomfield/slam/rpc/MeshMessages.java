package io.roomfield.slam.rpc;

import com.google.protobuf.UnsafeByteOperations;
import io.roomfield.geometry.TriangleMesh;
import io.roomfield.slam.v1.ExtractMeshResponse;
import io.roomfield.slam.v1.MeshChunk;
import io.roomfield.slam.v1.MeshHeader;
import java.util.Iterator;
import java.util.NoSuchElementException;

/** A mesh as messages: the header, then its vertices, then its faces, each below 1 MiB. */
final class MeshMessages implements Iterator<ExtractMeshResponse> {
  static final int MAX_MESSAGE_BYTES = 1 << 20;

  /** More than the field tags and lengths of a chunk take. */
  private static final int FRAMING_BYTES = 64;

  private static final int VERTEX_BYTES = 3 * Float.BYTES + 3 * Float.BYTES + 3;
  private static final int FACE_BYTES = 3 * Integer.BYTES;
  private static final int CHUNK_VERTICES = (MAX_MESSAGE_BYTES - FRAMING_BYTES) / VERTEX_BYTES;
  private static final int CHUNK_FACES = (MAX_MESSAGE_BYTES - FRAMING_BYTES) / FACE_BYTES;

  private final TriangleMesh mesh;
  private boolean headerSent;
  private int nextVertex;
  private int nextFace;

  /**
   * @param mesh with normals
   */
  MeshMessages(TriangleMesh mesh) {
    this.mesh = mesh;
  }

  @Override
  public boolean hasNext() {
    return !headerSent || nextVertex < mesh.vertexCount() || nextFace < mesh.faceCount();
  }

  @Override
  public ExtractMeshResponse next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    ExtractMeshResponse.Builder message = ExtractMeshResponse.newBuilder();
    if (!headerSent) {
      headerSent = true;
      message.setHeader(
          MeshHeader.newBuilder().setVertices(mesh.vertexCount()).setFaces(mesh.faceCount()));
    } else if (nextVertex < mesh.vertexCount()) {
      message.setChunk(vertices());
    } else {
      message.setChunk(faces());
    }
    return message.build();
  }

  private MeshChunk vertices() {
    int from = 3 * nextVertex;
    nextVertex = Math.min(nextVertex + CHUNK_VERTICES, mesh.vertexCount());
    int to = 3 * nextVertex;
    MeshChunk.Builder chunk =
        MeshChunk.newBuilder()
            .setPositions(ProtoConverter.floats(mesh.positions(), from, to))
            .setNormals(ProtoConverter.floats(mesh.normals(), from, to));
    if (mesh.colours() != null) {
      chunk.setColours(UnsafeByteOperations.unsafeWrap(mesh.colours(), from, to - from));
    }
    return chunk.build();
  }

  private MeshChunk faces() {
    int from = 3 * nextFace;
    nextFace = Math.min(nextFace + CHUNK_FACES, mesh.faceCount());
    return MeshChunk.newBuilder()
        .setFaces(ProtoConverter.ints(mesh.faces(), from, 3 * nextFace))
        .build();
  }
}
