package io.roomfield.slam.store;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/** CRC-32C of a row's columns, as schema.sql defines it. */
final class RowChecksum {
  private static final long NULL_LENGTH = -1;

  private RowChecksum() {}

  /**
   * @param columns numbers, strings, byte arrays and nulls
   */
  static long of(Object... columns) {
    CRC32C crc = new CRC32C();
    ByteBuffer word = ByteBuffer.wrap(new byte[Long.BYTES]).order(ByteOrder.LITTLE_ENDIAN);
    for (Object column : columns) {
      switch (column) {
        case null -> update(crc, word, NULL_LENGTH);
        case Double real -> update(crc, word, Double.doubleToLongBits(real));
        case Number integer -> update(crc, word, integer.longValue());
        case String text -> update(crc, word, text.getBytes(StandardCharsets.UTF_8));
        case byte[] bytes -> update(crc, word, bytes);
        default -> throw new IllegalArgumentException("a column of " + column.getClass());
      }
    }
    return crc.getValue();
  }

  private static void update(CRC32C crc, ByteBuffer word, byte[] bytes) {
    update(crc, word, bytes.length);
    crc.update(bytes);
  }

  private static void update(CRC32C crc, ByteBuffer word, long value) {
    crc.update(word.putLong(0, value).rewind());
  }
}
