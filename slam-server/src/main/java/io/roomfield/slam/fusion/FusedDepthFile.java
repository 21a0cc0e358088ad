package io.roomfield.slam.fusion;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * The stored form of a {@link FusedDepth}, little-endian: magic and version; voxel edge and
 * truncation (doubles, metres) and number of blocks; then the blocks in order of their numbers,
 * three block coordinates, 4096 distances and 4096 weights each. Sizes and blocks each end in a
 * CRC32C.
 */
final class FusedDepthFile {
  /** "RFFD" as bytes in this order. */
  private static final int MAGIC = 'R' | 'F' << 8 | 'F' << 16 | 'D' << 24;

  private static final int VERSION = 1;
  private static final int SIZES_BYTES = 2 * Integer.BYTES + 2 * Double.BYTES;
  private static final int BLOCK_BYTES =
      4 * Integer.BYTES + 2 * FusedDepth.BLOCK_VOXELS * Float.BYTES;

  private FusedDepthFile() {}

  static void write(FusedDepth map, OutputStream out) throws IOException {
    byte[] form = new byte[2 * Integer.BYTES];
    littleEndian(form).putInt(MAGIC).putInt(VERSION);
    out.write(form);
    byte[] sizes = new byte[SIZES_BYTES];
    littleEndian(sizes)
        .putDouble(map.voxelEdge())
        .putDouble(map.truncation())
        .putInt(map.blockCount());
    writeChecked(sizes, out);
    byte[] blockBytes = new byte[BLOCK_BYTES];
    ByteBuffer bytes = littleEndian(blockBytes);
    for (int block = 0; block < map.blockCount(); block++) {
      bytes.clear();
      bytes.putInt(map.blockX(block)).putInt(map.blockY(block)).putInt(map.blockZ(block));
      bytes.asFloatBuffer().put(map.distances(block)).put(map.weights(block));
      writeChecked(blockBytes, out);
    }
  }

  static FusedDepth read(InputStream in) throws IOException {
    checkForm(in);
    ByteBuffer sizes = readChecked(SIZES_BYTES, "sizes", in);
    double voxelEdge = sizes.getDouble();
    double truncation = sizes.getDouble();
    int blocks = sizes.getInt();
    FusedDepth map = new FusedDepth(voxelEdge, truncation);
    for (int block = 0; block < blocks; block++) {
      String what = "block %d of %d".formatted(block, blocks);
      ByteBuffer bytes = readChecked(BLOCK_BYTES, what, in);
      int number = map.allocate(bytes.getInt(), bytes.getInt(), bytes.getInt());
      check(what + ": number at its coordinates", number, block);
      bytes.asFloatBuffer().get(map.distances(number)).get(map.weights(number));
    }
    return map;
  }

  /** Before any checksum, so that another kind of file is told from a damaged one. */
  private static void checkForm(InputStream in) throws IOException {
    byte[] bytes = in.readNBytes(2 * Integer.BYTES);
    ByteBuffer form = littleEndian(Arrays.copyOf(bytes, 2 * Integer.BYTES));
    check("magic", form.getInt(), MAGIC);
    check("version", form.getInt(), VERSION);
  }

  private static ByteBuffer littleEndian(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Fills in the checksum, the last four bytes, and writes. */
  private static void writeChecked(byte[] bytes, OutputStream out) throws IOException {
    littleEndian(bytes).putInt(bytes.length - Integer.BYTES, checksum(bytes));
    out.write(bytes);
  }

  private static ByteBuffer readChecked(int length, String what, InputStream in)
      throws IOException {
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException(
          "fused depth: %s ends after %d bytes (expected: %d)"
              .formatted(what, bytes.length, length));
    }
    ByteBuffer buffer = littleEndian(bytes);
    int stored = buffer.getInt(length - Integer.BYTES);
    check(what + ": CRC32C", stored, checksum(bytes));
    return buffer;
  }

  private static int checksum(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, bytes.length - Integer.BYTES);
    return (int) crc.getValue();
  }

  private static void check(String what, int came, int expected) throws IOException {
    if (came != expected) {
      throw new IOException(
          "fused depth: %s is %08x (expected: %08x)".formatted(what, came, expected));
    }
  }
}
