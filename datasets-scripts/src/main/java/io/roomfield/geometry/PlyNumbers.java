package io.roomfield.geometry;

import io.roomfield.geometry.PlyHeader.NumberType;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** The numbers of a PLY file's body, one after the other. */
sealed interface PlyNumbers {
  /**
   * The next number.
   *
   * @throws EOFException if the file ends before it
   * @throws IOException if what comes is no number
   */
  double next(NumberType type) throws IOException;

  /** Bytes that are left. */
  int remaining();

  /** The body that {@code header} announces. */
  static PlyNumbers of(PlyHeader header, byte[] file) {
    ByteBuffer body =
        ByteBuffer.wrap(file, header.bodyOffset(), file.length - header.bodyOffset())
            .order(ByteOrder.LITTLE_ENDIAN);
    return header.binary() ? new Binary(body) : new Ascii(body);
  }

  /** Little-endian binary. */
  record Binary(ByteBuffer body) implements PlyNumbers {
    @Override
    public double next(NumberType type) throws IOException {
      if (body.remaining() < type.bytes) {
        throw new EOFException();
      }
      return switch (type) {
        case INT8 -> body.get();
        case UINT8 -> Byte.toUnsignedInt(body.get());
        case INT16 -> body.getShort();
        case UINT16 -> Short.toUnsignedInt(body.getShort());
        case INT32 -> body.getInt();
        case UINT32 -> Integer.toUnsignedLong(body.getInt());
        case FLOAT32 -> body.getFloat();
        case FLOAT64 -> body.getDouble();
      };
    }

    @Override
    public int remaining() {
      return body.remaining();
    }
  }

  /** Words between white space. */
  record Ascii(ByteBuffer body) implements PlyNumbers {
    @Override
    public double next(NumberType type) throws IOException {
      int at = body.position();
      int end = body.limit();
      while (at < end && body.get(at) <= ' ') {
        at++;
      }
      int start = at;
      while (at < end && body.get(at) > ' ') {
        at++;
      }
      body.position(at);
      if (start == at) {
        throw new EOFException();
      }
      byte[] characters = new byte[at - start];
      body.get(start, characters);
      String word = new String(characters, StandardCharsets.US_ASCII);
      try {
        return Double.parseDouble(word);
      } catch (NumberFormatException e) {
        throw new IOException("'%s' (expected: a number)".formatted(word), e);
      }
    }

    @Override
    public int remaining() {
      return body.remaining() + 1; // the last row may go without its line end
    }
  }
}
