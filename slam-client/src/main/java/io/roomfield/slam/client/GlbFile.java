package io.roomfield.slam.client;

import de.javagl.jgltf.model.GltfConstants;
import de.javagl.jgltf.model.creation.AccessorModels;
import de.javagl.jgltf.model.creation.GltfModelBuilder;
import de.javagl.jgltf.model.creation.MaterialBuilder;
import de.javagl.jgltf.model.creation.MeshPrimitiveBuilder;
import de.javagl.jgltf.model.impl.DefaultMeshModel;
import de.javagl.jgltf.model.impl.DefaultNodeModel;
import de.javagl.jgltf.model.impl.DefaultSceneModel;
import de.javagl.jgltf.model.io.GltfModelWriter;
import io.roomfield.geometry.TriangleMesh;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Triangle meshes as binary glTF 2.0 files. glTF wants metres with y up; our world is the first
 * camera's frame with y down and z forward, so the file's one node turns the untouched positions by
 * 180 degrees about x.
 */
public final class GlbFile {
  /** Quaternion {@code x, y, z, w} of a turn by 180 degrees about x. */
  private static final float[] Y_UP_FROM_Y_DOWN = {1, 0, 0, 0};

  private static final int UNSIGNED_SHORT_MAX = 0xffff;

  private GlbFile() {}

  /**
   * Writes {@code mesh} with its normals and colours where it has them, replacing the file if there
   * is one. A mesh without faces becomes a scene with an empty node.
   *
   * @throws IOException if the file cannot be written
   */
  public static void write(Path file, TriangleMesh mesh) throws IOException {
    DefaultNodeModel node = new DefaultNodeModel();
    node.setName("Roomfield map");
    node.setRotation(Y_UP_FROM_Y_DOWN.clone());
    if (mesh.faceCount() > 0) {
      node.addMeshModel(meshModel(mesh));
    }
    DefaultSceneModel scene = new DefaultSceneModel();
    scene.addNode(node);
    GltfModelBuilder builder = GltfModelBuilder.create();
    builder.addSceneModel(scene);
    try (OutputStream out = Files.newOutputStream(file)) {
      new GltfModelWriter().writeBinary(builder.build(), out);
    }
  }

  private static DefaultMeshModel meshModel(TriangleMesh mesh) {
    MeshPrimitiveBuilder primitive =
        MeshPrimitiveBuilder.create()
            .setTriangles()
            .setIntIndices(IntBuffer.wrap(mesh.faces()))
            .addPositions3D(FloatBuffer.wrap(mesh.positions()));
    if (mesh.normals() != null) {
      primitive.addNormals3D(FloatBuffer.wrap(mesh.normals()));
    }
    if (mesh.colours() != null) {
      primitive.addAttribute(
          "COLOR_0",
          AccessorModels.create(
              GltfConstants.GL_UNSIGNED_SHORT, "VEC4", true, linearColours(mesh.colours())));
    }
    var model = primitive.build();
    model.setMaterialModel(
        MaterialBuilder.create().setMetallicRoughnessFactors(0, 1).setDoubleSided(true).build());
    DefaultMeshModel meshModel = new DefaultMeshModel();
    meshModel.addMeshPrimitiveModel(model);
    return meshModel;
  }

  /** {@code [vertices, 4]} 16-bit red, green, blue, alpha: glTF's vertex colours are linear. */
  private static ByteBuffer linearColours(byte[] srgb) {
    short[] linear = new short[256];
    for (int i = 0; i < linear.length; i++) {
      linear[i] = (short) Math.round(UNSIGNED_SHORT_MAX * linearFromSrgb(i / 255.0));
    }
    ByteBuffer rgba =
        ByteBuffer.allocateDirect(srgb.length / 3 * 4 * Short.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < srgb.length; i++) {
      rgba.putShort(linear[Byte.toUnsignedInt(srgb[i])]);
      if (i % 3 == 2) {
        rgba.putShort((short) UNSIGNED_SHORT_MAX);
      }
    }
    return rgba.flip();
  }

  /** The transfer function of IEC 61966-2-1, 0 to 1. */
  private static double linearFromSrgb(double value) {
    return value <= 0.04045 ? value / 12.92 : Math.pow((value + 0.055) / 1.055, 2.4);
  }
}
