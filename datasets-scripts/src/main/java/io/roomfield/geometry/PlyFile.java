package io.roomfield.geometry;

import io.roomfield.geometry.PlyHeader.Element;
import io.roomfield.geometry.PlyHeader.NumberType;
import io.roomfield.geometry.PlyHeader.Property;
import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * Triangle meshes as PLY files. Written: binary, little-endian, with normals and colours where the
 * mesh has them. Read: binary little-endian and ascii, positions as any number type, normals
 * ({@code nx ny nz}) and 8-bit colours ({@code red green blue}) where present, faces as lists of
 * three or more vertices (more are split into a fan); other properties and elements are skipped.
 */
public final class PlyFile {
  private static final List<String> VERTEX_PROPERTIES =
      List.of("x", "y", "z", "nx", "ny", "nz", "red", "green", "blue");
  private static final int FIRST_NORMAL = 3;
  private static final int FIRST_COLOUR = 6;
  private static final List<String> FACE_PROPERTIES = List.of("vertex_indices", "vertex_index");

  /** The largest byte array that every Java machine can hold. */
  private static final int MAX_FILE_BYTES = Integer.MAX_VALUE - 8;

  private PlyFile() {}

  /**
   * Writes {@code mesh}, replacing the file if there is one.
   *
   * @throws IOException if the file cannot be written
   */
  public static void write(Path file, TriangleMesh mesh) throws IOException {
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
      out.write(header(mesh).getBytes(StandardCharsets.US_ASCII));
      boolean normals = mesh.normals() != null;
      boolean colours = mesh.colours() != null;
      int rowBytes = 3 * Float.BYTES * (normals ? 2 : 1) + (colours ? 3 : 0);
      ByteBuffer row = ByteBuffer.allocate(rowBytes).order(ByteOrder.LITTLE_ENDIAN);
      for (int v = 0; v < mesh.positions().length; v += 3) {
        putFloats(row.clear(), mesh.positions(), v);
        if (normals) {
          putFloats(row, mesh.normals(), v);
        }
        if (colours) {
          row.put(mesh.colours(), v, 3);
        }
        out.write(row.array());
      }
      ByteBuffer face = ByteBuffer.allocate(1 + 3 * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      for (int f = 0; f < mesh.faces().length; f += 3) {
        face.clear().put((byte) 3);
        face.putInt(mesh.faces()[f]).putInt(mesh.faces()[f + 1]).putInt(mesh.faces()[f + 2]);
        out.write(face.array());
      }
    }
  }

  private static void putFloats(ByteBuffer row, float[] values, int at) {
    row.putFloat(values[at]).putFloat(values[at + 1]).putFloat(values[at + 2]);
  }

  private static String header(TriangleMesh mesh) {
    StringBuilder text = new StringBuilder("ply\nformat binary_little_endian 1.0\n");
    text.append("comment Roomfield, metres\nelement vertex ").append(mesh.vertexCount());
    text.append("\nproperty float x\nproperty float y\nproperty float z\n");
    if (mesh.normals() != null) {
      text.append("property float nx\nproperty float ny\nproperty float nz\n");
    }
    if (mesh.colours() != null) {
      text.append("property uchar red\nproperty uchar green\nproperty uchar blue\n");
    }
    text.append("element face ").append(mesh.faceCount());
    return text.append("\nproperty list uchar int vertex_indices\nend_header\n").toString();
  }

  /**
   * Reads a mesh.
   *
   * @throws IOException naming the file and the row, what was expected and what came, if the file
   *     cannot be read, is damaged, or has no vertices with positions
   */
  public static TriangleMesh read(Path file) throws IOException {
    if (Files.size(file) > MAX_FILE_BYTES) {
      throw new IOException(
          "%s: %d bytes (expected: at most %d)".formatted(file, Files.size(file), MAX_FILE_BYTES));
    }
    byte[] bytes = Files.readAllBytes(file);
    try {
      PlyHeader header = PlyHeader.parse(bytes);
      PlyNumbers numbers = PlyNumbers.of(header, bytes);
      Vertices vertices = null;
      int[] faces = {};
      for (Element element : header.elements()) {
        checkCount(element, header.binary(), numbers.remaining());
        if (element.name().equals("vertex")) {
          vertices = new Vertices(element);
          readRows(element, numbers, vertices);
        } else if (element.name().equals("face") && vertices != null) {
          Faces rows = new Faces(element, vertices.count);
          readRows(element, numbers, rows);
          faces = Arrays.copyOf(rows.indices, rows.size);
        } else {
          readRows(element, numbers, (row, property, values) -> {});
        }
      }
      if (vertices == null) {
        throw new IOException("no element 'vertex' before the faces (expected: one)");
      }
      return new TriangleMesh(vertices.positions, vertices.normals, vertices.colours, faces);
    } catch (IOException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  private static void checkCount(Element element, boolean binary, int remaining)
      throws IOException {
    long least = (long) element.count() * element.minRowBytes(binary);
    if (least > remaining) {
      throw new IOException(
          "element %s: %d rows need %d bytes or more (expected: at most the %d left in the file)"
              .formatted(element.name(), element.count(), least, remaining));
    }
  }

  /** Takes the values of one property of one row. */
  private interface RowSink {
    void accept(int row, int property, double[] values) throws IOException;
  }

  private static void readRows(Element element, PlyNumbers numbers, RowSink sink)
      throws IOException {
    List<Property> properties = element.properties();
    if (properties.isEmpty()) {
      return; // any number of rows of nothing
    }
    double[] single = new double[1];
    for (int row = 0; row < element.count(); row++) {
      try {
        for (int p = 0; p < properties.size(); p++) {
          Property property = properties.get(p);
          if (property.isList()) {
            sink.accept(row, p, readList(property, numbers));
          } else {
            single[0] = numbers.next(property.type());
            sink.accept(row, p, single);
          }
        }
      } catch (EOFException e) {
        throw new IOException(
            "the file ends in %s %d (expected: %d of them)"
                .formatted(element.name(), row, element.count()),
            e);
      } catch (IOException e) {
        throw new IOException("%s %d: %s".formatted(element.name(), row, e.getMessage()), e);
      }
    }
  }

  private static double[] readList(Property property, PlyNumbers numbers) throws IOException {
    double length = numbers.next(property.countType());
    if (!(length >= 0 && length <= numbers.remaining()) || length != Math.rint(length)) {
      throw new IOException(
          "%s: a list of %s values (expected: a whole number, at most the bytes left)"
              .formatted(property.name(), length));
    }
    double[] values = new double[(int) length];
    for (int i = 0; i < values.length; i++) {
      values[i] = numbers.next(property.type());
    }
    return values;
  }

  /** Gathers positions, normals and colours. */
  private static final class Vertices implements RowSink {
    private final int count;
    private final int[] slots;
    private final float[] positions;
    private final float[] normals;
    private final byte[] colours;

    Vertices(Element element) throws IOException {
      count = element.count();
      slots = new int[element.properties().size()];
      int found = 0;
      for (int p = 0; p < slots.length; p++) {
        Property property = element.properties().get(p);
        int slot = property.isList() ? -1 : VERTEX_PROPERTIES.indexOf(property.name());
        boolean skipped = slot >= FIRST_COLOUR && property.type() != NumberType.UINT8;
        slots[p] = skipped ? -1 : slot;
        found |= slots[p] < 0 ? 0 : 1 << slots[p];
      }
      if ((found & 0b111) != 0b111) {
        throw new IOException("element vertex: has not all of x, y, z (expected: positions)");
      }
      boolean hasNormals = ((found >> FIRST_NORMAL) & 0b111) == 0b111;
      boolean hasColours = ((found >> FIRST_COLOUR) & 0b111) == 0b111;
      positions = new float[Math.multiplyExact(3, count)];
      normals = hasNormals ? new float[positions.length] : null;
      colours = hasColours ? new byte[positions.length] : null;
    }

    @Override
    public void accept(int row, int property, double[] values) throws IOException {
      int slot = slots[property];
      if (slot < 0) {
        return;
      }
      double value = values[0];
      if (!Double.isFinite(value)) {
        throw new IOException(
            "%s is %s (expected: finite)".formatted(VERTEX_PROPERTIES.get(slot), value));
      }
      if (slot < FIRST_NORMAL) {
        positions[3 * row + slot] = (float) value;
      } else if (slot < FIRST_COLOUR && normals != null) {
        normals[3 * row + slot - FIRST_NORMAL] = (float) value;
      } else if (slot >= FIRST_COLOUR && colours != null) {
        colours[3 * row + slot - FIRST_COLOUR] = (byte) (int) value;
      }
    }
  }

  /** Gathers triangles; a polygon (a, b, c, d, ...) becomes the fan (a, b, c), (a, c, d), ... */
  private static final class Faces implements RowSink {
    private final int vertexCount;
    private final int indexProperty;
    private int[] indices;
    private int size;

    Faces(Element element, int vertexCount) throws IOException {
      this.vertexCount = vertexCount;
      List<String> names = element.properties().stream().map(Property::name).toList();
      int index = names.indexOf(FACE_PROPERTIES.get(0));
      indexProperty = index >= 0 ? index : names.indexOf(FACE_PROPERTIES.get(1));
      if (indexProperty < 0 || !element.properties().get(indexProperty).isList()) {
        throw new IOException(
            "element face: has %s (expected: property list ... vertex_indices)".formatted(names));
      }
      indices = new int[Math.multiplyExact(3, element.count())];
    }

    @Override
    public void accept(int row, int property, double[] values) throws IOException {
      if (property != indexProperty) {
        return;
      }
      if (values.length < 3) {
        throw new IOException("%d vertices (expected: 3 or more)".formatted(values.length));
      }
      for (double value : values) {
        if (!(value >= 0 && value < vertexCount) || value != Math.rint(value)) {
          throw new IOException(
              "vertex index %s (expected: 0 to %d)".formatted(value, vertexCount - 1));
        }
      }
      for (int i = 2; i < values.length; i++) {
        add((int) values[0], (int) values[i - 1], (int) values[i]);
      }
    }

    private void add(int a, int b, int c) {
      if (size + 3 > indices.length) {
        indices = Arrays.copyOf(indices, Math.multiplyExact(2, size + 3));
      }
      indices[size++] = a;
      indices[size++] = b;
      indices[size++] = c;
    }
  }
}
