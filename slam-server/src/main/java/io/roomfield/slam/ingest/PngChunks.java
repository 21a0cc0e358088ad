package io.roomfield.slam.ingest;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/**
 * PNGs as the decoder gets them: only the chunks that make the pixels. The decoder allocates what a
 * chunk's header says before it looks whether that much is there, decompresses texts and colour
 * profiles, and composes animations; none of that is wanted of a camera's image.
 */
final class PngChunks {
  private static final int SIGNATURE_BYTES = 8;
  private static final int TYPE_OFFSET = Integer.BYTES;
  private static final int TYPE_BYTES = 4;

  /** Length, type and check sum. */
  private static final int FRAMING_BYTES = TYPE_OFFSET + TYPE_BYTES + Integer.BYTES;

  private static final Set<String> MAKE_PIXELS = Set.of("IHDR", "PLTE", "tRNS", "IDAT", "IEND");

  private PngChunks() {}

  /**
   * The same image without what does not belong to its pixels.
   *
   * @throws IOException if the file ends before a chunk does
   */
  static byte[] pixelsOnly(byte[] png) throws IOException {
    ByteArrayOutputStream kept = new ByteArrayOutputStream(png.length);
    kept.write(png, 0, Math.min(png.length, SIGNATURE_BYTES));
    ByteBuffer lengths = ByteBuffer.wrap(png);
    int at = SIGNATURE_BYTES;
    while (at + FRAMING_BYTES <= png.length) {
      long bytes = FRAMING_BYTES + Integer.toUnsignedLong(lengths.getInt(at));
      if (bytes > png.length - at) {
        throw new EOFException(
            "a chunk of %d bytes (expected: at most %d)".formatted(bytes, png.length - at));
      }
      String type = new String(png, at + TYPE_OFFSET, TYPE_BYTES, StandardCharsets.ISO_8859_1);
      if (MAKE_PIXELS.contains(type)) {
        kept.write(png, at, (int) bytes);
      }
      at += (int) bytes;
    }
    return kept.toByteArray();
  }
}
