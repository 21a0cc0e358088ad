package io.roomfield.slam.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.roomfield.geometry.PinholeCamera;
import io.roomfield.slam.v1.ColourEncoding;
import io.roomfield.slam.v1.DepthEncoding;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class FrameDecoderTest {
  private static final int WIDTH = 24;
  private static final int HEIGHT = 16;
  private static final double DEPTH_SCALE = 1000;
  private static final int JPEG = ColourEncoding.COLOUR_ENCODING_JPEG_VALUE;
  private static final int PNG = ColourEncoding.COLOUR_ENCODING_PNG_VALUE;
  private static final int RGB8 = ColourEncoding.COLOUR_ENCODING_RGB8_VALUE;
  private static final int PNG16 = DepthEncoding.DEPTH_ENCODING_PNG16_VALUE;
  private static final int RAW16 = DepthEncoding.DEPTH_ENCODING_RAW16_VALUE;

  /** Quality 0.75 on a gentle ramp: block quantisation stays well below this many of 255 levels. */
  private static final int JPEG_TOLERANCE = 24;

  private final FrameDecoder decoder =
      new FrameDecoder(
          new PinholeCamera(WIDTH, HEIGHT, 20, 20, WIDTH / 2.0, HEIGHT / 2.0), DEPTH_SCALE);

  @Test
  void colourPngComesOutAsRgb() {
    RgbdFrame frame = decodeColour(PNG, TestImages.encode(ramp(BufferedImage.TYPE_INT_RGB), "png"));

    assertThat(frame.rgb()).hasSize(3 * WIDTH * HEIGHT);
    for (int y = 0; y < HEIGHT; y++) {
      for (int x = 0; x < WIDTH; x++) {
        for (int band = 0; band < 3; band++) {
          assertThat(Byte.toUnsignedInt(frame.rgb()[3 * (y * WIDTH + x) + band]))
              .isEqualTo(TestImages.sample(x, y, band));
        }
      }
    }
  }

  @Test
  void jpegComesOutAsRgb() {
    BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_3BYTE_BGR);
    for (int y = 0; y < HEIGHT; y++) {
      for (int x = 0; x < WIDTH; x++) {
        image.setRGB(x, y, 0xC86432); // red 200, green 100, blue 50
      }
    }

    RgbdFrame frame = decodeColour(JPEG, TestImages.encode(image, "jpg"));

    int[] expected = {200, 100, 50};
    for (int i = 0; i < frame.rgb().length; i++) {
      assertThat(Math.abs(Byte.toUnsignedInt(frame.rgb()[i]) - expected[i % 3]))
          .isLessThan(JPEG_TOLERANCE);
    }
  }

  @Test
  void depthIsValueOverScaleInEitherEncoding() {
    BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_USHORT_GRAY);
    image.getRaster().setSample(3, 2, 0, 65535); // above 32767: unsigned
    image.getRaster().setSample(4, 2, 0, 1500);
    byte[] raw = new byte[2 * WIDTH * HEIGHT];
    int at = 2 * (2 * WIDTH + 3);
    raw[at] = (byte) 0xFF;
    raw[at + 1] = (byte) 0xFF;
    raw[at + 2] = (byte) 0xDC; // 0x05DC = 1500, little endian
    raw[at + 3] = 0x05;

    float[] fromPng = decodeDepth(PNG16, TestImages.encode(image, "png")).depthMetres();
    float[] fromRaw = decodeDepth(RAW16, raw).depthMetres();

    assertThat(fromPng).isEqualTo(fromRaw).hasSize(WIDTH * HEIGHT);
    assertThat(fromPng[2 * WIDTH + 3]).isEqualTo(65.535f);
    assertThat(fromPng[2 * WIDTH + 4]).isEqualTo(1.5f);
    assertThat(fromPng[0]).isZero();
  }

  @Test
  void keepsTheImagesAsSent() {
    RgbdFrame.EncodedImages sent = TestImages.raw(WIDTH, HEIGHT, 2000);

    RgbdFrame frame = decoder.decode(7, 70, sent);

    assertThat(frame.encoded()).isSameAs(sent);
    assertThat(frame.sequenceNumber()).isEqualTo(7);
    assertThat(frame.timestampNanos()).isEqualTo(70);
  }

  @Test
  void refusesAnotherSizeThanTheSessions() {
    byte[] depth =
        TestImages.encode(TestImages.image(20, 10, BufferedImage.TYPE_USHORT_GRAY), "png");

    assertRefused(() -> decodeDepth(PNG16, depth), "frame.depth.data", "20x10")
        .hasMessage("frame 1: depth image is 20x10 (expected: 24x16 as declared in the session)");
    byte[] colour = TestImages.encode(TestImages.image(20, 10, BufferedImage.TYPE_INT_RGB), "jpg");
    assertRefused(() -> decodeColour(JPEG, colour), "frame.colour.data", "20x10");
  }

  /** The size in the header of a PNG is raised to the largest there is; the data stays tiny. */
  @Test
  void refusesAHugeImageBeforeDecodingIt() {
    byte[] png = TestImages.encode(ramp(BufferedImage.TYPE_INT_RGB), "png");
    int widthAt = 16; // 8 bytes of signature, 4 of length, 4 of "IHDR"
    ByteBuffer.wrap(png).putInt(widthAt, Integer.MAX_VALUE).putInt(widthAt + 4, Integer.MAX_VALUE);

    assertRefused(
        () -> decodeColour(PNG, png),
        "frame.colour.data",
        Integer.MAX_VALUE + "x" + Integer.MAX_VALUE);
  }

  /** As of a PNG: the size in the frame header (SOF0) is raised to the largest there is. */
  @Test
  void refusesAHugeJpegBeforeDecodingIt() {
    byte[] jpeg = TestImages.encode(ramp(BufferedImage.TYPE_3BYTE_BGR), "jpg");
    int frameHeader = 0;
    while (jpeg[frameHeader] != (byte) 0xFF || jpeg[frameHeader + 1] != (byte) 0xC0) {
      frameHeader++;
    }
    int heightAt = frameHeader + 5; // 2 of marker, 2 of length, 1 of precision
    short largest = (short) 65_500; // to libjpeg
    ByteBuffer.wrap(jpeg).putShort(heightAt, largest).putShort(heightAt + 2, largest);

    assertRefused(() -> decodeColour(JPEG, jpeg), "frame.colour.data", "65500x65500");
  }

  /** The decoder behind would allocate, and fill, what the chunk says that it holds. */
  @Test
  void refusesAPngChunkThatClaimsGigabytes() {
    for (String type : new String[] {"IDAT", "tEXt", "PLTE", "aaAa"}) {
      byte[] chunk = ByteBuffer.allocate(12).putInt(0xFFFF_FF00).put(ascii(type)).array();
      byte[] png = withChunk(TestImages.encode(ramp(BufferedImage.TYPE_INT_RGB), "png"), chunk);

      assertRefused(
          () -> decodeColour(PNG, png), "frame.colour.data", png.length + " undecodable bytes");
    }
  }

  /** Texts that grow a thousandfold, colour profiles, animations: pixels are all that is taken. */
  @Test
  void takesOnlyThePixelsOfAPng() {
    byte[] plain = TestImages.encode(ramp(BufferedImage.TYPE_INT_RGB), "png");
    byte[] expected = decodeColour(PNG, plain).rgb();
    for (String type : new String[] {"zTXt", "iTXt", "iCCP", "tEXt", "acTL", "fcTL", "aaAa"}) {
      byte[] content = new byte[26];
      Arrays.fill(content, (byte) 0x7F); // of a frame's control: far outside the image
      byte[] png = withChunk(plain, chunk(type, content));

      assertThat(decodeColour(PNG, png).rgb()).as(type).isEqualTo(expected);
    }
  }

  /** 64 MB of zeros behind the last row, in 64 kB: decoded, if at all, without them. */
  @Test
  void dataBehindTheLastRowIsNotKept() throws IOException {
    byte[] header =
        ByteBuffer.allocate(13)
            .putInt(WIDTH)
            .putInt(HEIGHT)
            .put(8, (byte) 8)
            .put(9, (byte) 2)
            .array();
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    try (OutputStream deflated = new DeflaterOutputStream(data)) {
      deflated.write(new byte[64 << 20]);
    }
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    png.write(TestImages.encode(ramp(BufferedImage.TYPE_INT_RGB), "png"), 0, 8);
    png.write(chunk("IHDR", header));
    png.write(chunk("IDAT", data.toByteArray()));
    png.write(chunk("IEND", new byte[0]));

    assertThat(png.size()).isLessThan(100_000);
    assertThat(decodeColour(PNG, png.toByteArray()).rgb()).containsOnly(0);
  }

  private static byte[] chunk(String type, byte[] content) {
    CRC32 sum = new CRC32();
    sum.update(ascii(type));
    sum.update(content);
    return ByteBuffer.allocate(12 + content.length)
        .putInt(content.length)
        .put(ascii(type))
        .put(content)
        .putInt((int) sum.getValue())
        .array();
  }

  /** Puts a chunk behind the header. */
  private static byte[] withChunk(byte[] png, byte[] chunk) {
    int headerEnd = 8 + 25; // signature; length, type, 13 bytes and check sum of IHDR
    return ByteBuffer.allocate(png.length + chunk.length)
        .put(png, 0, headerEnd)
        .put(chunk)
        .put(png, headerEnd, png.length - headerEnd)
        .array();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @Test
  void refusesRawDataOfAnotherLength() {
    assertRefused(() -> decodeColour(RGB8, new byte[10]), "frame.colour.data", "10 bytes")
        .hasMessageContaining("1152 bytes");
    assertRefused(() -> decodeDepth(RAW16, new byte[10]), "frame.depth.data", "10 bytes")
        .hasMessageContaining("768 bytes");
  }

  @Test
  void refusesBytesThatAreNoImage() {
    byte[] noise = new byte[500];
    Arrays.fill(noise, (byte) 0x5A);

    assertRefused(() -> decodeColour(JPEG, noise), "frame.colour.data", "500 undecodable bytes");
    assertRefused(() -> decodeColour(PNG, noise), "frame.colour.data", "500 undecodable bytes");
    assertRefused(() -> decodeDepth(PNG16, noise), "frame.depth.data", "500 undecodable bytes");
    assertRefused(() -> decodeDepth(PNG16, new byte[0]), "frame.depth.data", "0 undecodable bytes");
  }

  @Test
  void refusesTruncatedImages() {
    byte[] jpeg = TestImages.encode(ramp(BufferedImage.TYPE_3BYTE_BGR), "jpg");
    byte[] png = TestImages.encode(ramp(BufferedImage.TYPE_USHORT_GRAY), "png");

    assertRefused(
        () -> decodeColour(JPEG, Arrays.copyOf(jpeg, jpeg.length * 3 / 4)),
        "frame.colour.data",
        jpeg.length * 3 / 4 + " undecodable bytes");
    assertRefused(
        () -> decodeDepth(PNG16, Arrays.copyOf(png, png.length * 3 / 4)),
        "frame.depth.data",
        png.length * 3 / 4 + " undecodable bytes");
  }

  @Test
  void refusesTheOtherFormatThanDeclared() {
    byte[] png = TestImages.encode(ramp(BufferedImage.TYPE_INT_RGB), "png");

    assertRefused(
        () -> decodeColour(JPEG, png), "frame.colour.data", png.length + " undecodable bytes");
  }

  @Test
  void refusesOtherPixelTypes() {
    byte[] grey8 = TestImages.encode(ramp(BufferedImage.TYPE_BYTE_GRAY), "png");
    byte[] grey16 = TestImages.encode(ramp(BufferedImage.TYPE_USHORT_GRAY), "png");
    byte[] rgb = TestImages.encode(ramp(BufferedImage.TYPE_INT_RGB), "png");
    byte[] rgba = TestImages.encode(ramp(BufferedImage.TYPE_4BYTE_ABGR), "png");
    byte[] greyJpeg = TestImages.encode(ramp(BufferedImage.TYPE_BYTE_GRAY), "jpg");

    assertRefused(() -> decodeDepth(PNG16, grey8), "frame.depth.data", "8-bit, 1 channel")
        .hasMessage("frame 1: depth pixel type is 8-bit, 1 channel (expected: 16-bit, 1 channel)");
    assertRefused(() -> decodeDepth(PNG16, rgb), "frame.depth.data", "8-bit, 3 channels");
    assertRefused(() -> decodeColour(PNG, grey16), "frame.colour.data", "16-bit, 1 channel");
    assertRefused(() -> decodeColour(PNG, rgba), "frame.colour.data", "8-bit, 4 channels");
    assertRefused(() -> decodeColour(JPEG, greyJpeg), "frame.colour.data", "8-bit, 1 channel");
  }

  @Test
  void refusesUnknownEncodings() {
    assertRefused(() -> decodeColour(0, new byte[1]), "frame.colour.encoding", "0");
    assertRefused(() -> decodeColour(99, new byte[1]), "frame.colour.encoding", "99");
    assertRefused(() -> decodeDepth(0, new byte[1]), "frame.depth.encoding", "0");
  }

  private static BufferedImage ramp(int type) {
    return TestImages.image(WIDTH, HEIGHT, type);
  }

  private RgbdFrame decodeColour(int encoding, byte[] data) {
    byte[] depth = TestImages.rawDepth(WIDTH, HEIGHT, 1);
    return decoder.decode(1, 1, new RgbdFrame.EncodedImages(encoding, data, RAW16, depth));
  }

  private RgbdFrame decodeDepth(int encoding, byte[] data) {
    byte[] colour = new byte[3 * WIDTH * HEIGHT];
    return decoder.decode(1, 1, new RgbdFrame.EncodedImages(RGB8, colour, encoding, data));
  }

  private static org.assertj.core.api.AbstractThrowableAssert<?, ?> assertRefused(
      ThrowingCallable call, String field, String got) {
    return assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            BadInputException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(BadInputException.Kind.INVALID);
              assertThat(e.field()).isEqualTo(field);
              assertThat(e.got()).isEqualTo(got);
            });
  }
}
