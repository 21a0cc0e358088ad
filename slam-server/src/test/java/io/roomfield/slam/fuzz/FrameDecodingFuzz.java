package io.roomfield.slam.fuzz;

import io.roomfield.geometry.PinholeCamera;
import io.roomfield.slam.ingest.BadInputException;
import io.roomfield.slam.ingest.FrameDecoder;
import io.roomfield.slam.ingest.RgbdFrame.EncodedImages;
import io.roomfield.slam.v1.ColourEncoding;
import io.roomfield.slam.v1.DepthEncoding;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;

/**
 * Frames of 16x16 pixels. An input's first byte is the image's encoding ({@link #DEPTH} added for a
 * depth image, {@link #REPAIR} for a PNG whose checksums are made right, so that more than they is
 * tried), the others are its data.
 */
public final class FrameDecodingFuzz {
  private static final int DEPTH = 0x10;
  private static final int REPAIR = 0x20;
  private static final int ENCODING = 0x0F;

  private static final int EDGE = 16;
  private static final byte[] COLOUR = new byte[EDGE * EDGE * 3];
  private static final byte[] DEPTHS = new byte[EDGE * EDGE * Short.BYTES];

  private static final int PNG_SIGNATURE_BYTES = 8;
  private static final int PNG_FRAMING_BYTES = 12;

  private static final FrameDecoder DECODER =
      new FrameDecoder(new PinholeCamera(EDGE, EDGE, EDGE, EDGE, EDGE / 2.0, EDGE / 2.0), 1000);

  /** An input has a few kilobytes; readers of headers take buffers of some hundred. */
  private static final Execution EXECUTION =
      new Execution(4 << 20, List.of(BadInputException.class));

  private FrameDecodingFuzz() {}

  /** Decodes a frame. */
  public static void fuzzerTestOneInput(byte[] input) {
    if (input.length == 0) {
      return;
    }
    int head = input[0];
    byte[] data = Arrays.copyOfRange(input, 1, input.length);
    if ((head & REPAIR) != 0) {
      repairChecksums(data);
    }
    EncodedImages images =
        (head & DEPTH) != 0
            ? new EncodedImages(
                ColourEncoding.COLOUR_ENCODING_RGB8_VALUE, COLOUR, head & ENCODING, data)
            : new EncodedImages(
                head & ENCODING, data, DepthEncoding.DEPTH_ENCODING_RAW16_VALUE, DEPTHS);
    EXECUTION.run(() -> DECODER.decode(1, 1, images));
  }

  private static void repairChecksums(byte[] png) {
    ByteBuffer buffer = ByteBuffer.wrap(png);
    int at = PNG_SIGNATURE_BYTES;
    while (at + PNG_FRAMING_BYTES <= png.length) {
      int length = buffer.getInt(at);
      if (length < 0 || length > png.length - at - PNG_FRAMING_BYTES) {
        return;
      }
      CRC32 crc = new CRC32();
      crc.update(png, at + Integer.BYTES, Integer.BYTES + length);
      buffer.putInt(at + 2 * Integer.BYTES + length, (int) crc.getValue());
      at += PNG_FRAMING_BYTES + length;
    }
  }
}
