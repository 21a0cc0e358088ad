package io.roomfield.slam.ingest;

import io.roomfield.geometry.PinholeCamera;
import io.roomfield.slam.v1.ColourEncoding;
import io.roomfield.slam.v1.DepthEncoding;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ShortBuffer;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;

/**
 * Turns a frame's images as sent into colours and depths in metres: {@code depth = value /
 * depthScale}. Stateless; callable from several threads.
 */
public final class FrameDecoder {
  private static final int RGB_CHANNELS = 3;
  private static final String PNG = "png";

  private final PinholeCamera camera;
  private final double depthScale;

  /**
   * @param camera whose images these are; decides their size
   * @param depthScale units of the depth images per metre, > 0
   */
  public FrameDecoder(PinholeCamera camera, double depthScale) {
    this.camera = camera;
    this.depthScale = depthScale;
  }

  /**
   * Decodes one frame.
   *
   * @throws BadInputException if an image has another size than the session's, another pixel type,
   *     number of channels or bit depth than its encoding says, or cannot be decoded
   */
  public RgbdFrame decode(
      long sequenceNumber, long timestampNanos, RgbdFrame.EncodedImages images) {
    Source colour = new Source(sequenceNumber, "colour", images.colour());
    Source depth = new Source(sequenceNumber, "depth", images.depth());
    byte[] rgb = decodeColour(colour, images.colourEncoding());
    float[] depthMetres = decodeDepth(depth, images.depthEncoding());
    return new RgbdFrame(
        sequenceNumber, timestampNanos, camera.width(), camera.height(), depthMetres, rgb, images);
  }

  private byte[] decodeColour(Source source, int encoding) {
    ColourEncoding known = ColourEncoding.forNumber(encoding);
    return switch (known == null ? ColourEncoding.UNRECOGNIZED : known) {
      case COLOUR_ENCODING_JPEG -> decodeRgb(source, "jpeg");
      case COLOUR_ENCODING_PNG -> decodeRgb(source, PNG);
      case COLOUR_ENCODING_RGB8 -> {
        source.requireLength(pixels() * RGB_CHANNELS, "width x height x 3");
        yield source.data.clone();
      }
      case COLOUR_ENCODING_UNSPECIFIED, UNRECOGNIZED ->
          throw source.refusal("encoding", "encoding", encoding, "JPEG, PNG or RGB8");
    };
  }

  private float[] decodeDepth(Source source, int encoding) {
    DepthEncoding known = DepthEncoding.forNumber(encoding);
    return switch (known == null ? DepthEncoding.UNRECOGNIZED : known) {
      case DEPTH_ENCODING_PNG16 -> decodePng16(source);
      case DEPTH_ENCODING_RAW16 -> {
        source.requireLength(pixels() * Short.BYTES, "width x height x 2");
        yield metres(ByteBuffer.wrap(source.data).order(ByteOrder.LITTLE_ENDIAN).asShortBuffer());
      }
      case DEPTH_ENCODING_UNSPECIFIED, UNRECOGNIZED ->
          throw source.refusal("encoding", "encoding", encoding, "PNG16 or RAW16");
    };
  }

  private byte[] decodeRgb(Source source, String format) {
    try (PointerScope _ = new PointerScope()) {
      Mat decoded = decodeImage(source, format, opencv_core.CV_8UC3, "8-bit, 3 channels");
      Mat rgb = new Mat();
      opencv_imgproc.cvtColor(decoded, rgb, opencv_imgproc.COLOR_BGR2RGB);
      byte[] bytes = new byte[pixels() * RGB_CHANNELS];
      rgb.data().get(bytes);
      return bytes;
    }
  }

  private float[] decodePng16(Source source) {
    try (PointerScope _ = new PointerScope()) {
      Mat decoded = decodeImage(source, PNG, opencv_core.CV_16UC1, "16-bit, 1 channel");
      return metres(decoded.<ShortBuffer>createBuffer());
    }
  }

  /** Decodes into the caller's scope; the image is continuous and of the session's size. */
  private Mat decodeImage(Source source, String format, int expectedType, String expected) {
    checkHeader(source, format);
    Mat decoded = decodeUnchanged(source, format);
    source.requireSize(decoded.cols(), decoded.rows(), camera);
    if (decoded.type() != expectedType) {
      int bits = Byte.SIZE * (int) decoded.elemSize1();
      throw source.refusal(
          "data",
          "pixel type",
          "%d-bit, %d channel%s"
              .formatted(bits, decoded.channels(), decoded.channels() == 1 ? "" : "s"),
          expected);
    }
    return decoded;
  }

  private static Mat decodeUnchanged(Source source, String format) {
    Mat decoded;
    try {
      byte[] image = format.equals(PNG) ? PngChunks.pixelsOnly(source.data) : source.data;
      // Unchanged: neither channels nor bit depth are converted, and no orientation tag is applied.
      decoded =
          opencv_imgcodecs.imdecode(
              new Mat(1, image.length, opencv_core.CV_8UC1, new BytePointer(image)),
              opencv_imgcodecs.IMREAD_UNCHANGED);
    } catch (IOException | RuntimeException e) {
      throw source.undecodable(format, e);
    }
    if (decoded.empty()) {
      throw source.undecodable(format, null);
    }
    return decoded;
  }

  /** Reads the size before anything is decoded: a small message must not make a big allocation. */
  private void checkHeader(Source source, String format) {
    ImageReader reader = ImageIO.getImageReadersByFormatName(format).next();
    int width;
    int height;
    try (var stream = new MemoryCacheImageInputStream(new ByteArrayInputStream(source.data))) {
      reader.setInput(stream, true, true);
      width = reader.getWidth(0);
      height = reader.getHeight(0);
    } catch (IOException | RuntimeException e) {
      throw source.undecodable(format, e);
    } finally {
      reader.dispose();
    }
    source.requireSize(width, height, camera);
  }

  private float[] metres(ShortBuffer values) {
    short[] units = new short[pixels()];
    values.get(0, units);
    float[] metres = new float[units.length];
    for (int i = 0; i < metres.length; i++) {
      metres[i] = (float) (Short.toUnsignedInt(units[i]) / depthScale);
    }
    return metres;
  }

  private int pixels() {
    return camera.width() * camera.height();
  }

  /** One image as sent, and how complaints about it read. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Source(long sequenceNumber, String name, byte[] data) {
    void requireLength(int expected, String formula) {
      if (data.length != expected) {
        throw refusal(
            "data",
            "data",
            data.length + " bytes",
            "%d bytes, %s of the session's image".formatted(expected, formula));
      }
    }

    void requireSize(int width, int height, PinholeCamera camera) {
      if (width != camera.width() || height != camera.height()) {
        String got = width + "x" + height;
        String expected =
            "%dx%d as declared in the session".formatted(camera.width(), camera.height());
        throw complaint("data", expected, got, "image is " + got);
      }
    }

    BadInputException undecodable(String format, Exception cause) {
      BadInputException refusal =
          refusal("data", "data", data.length + " undecodable bytes", "a whole " + format);
      refusal.initCause(cause);
      return refusal;
    }

    BadInputException refusal(String leaf, String what, Object got, String expected) {
      return complaint(leaf, expected, String.valueOf(got), what + " is " + got);
    }

    private BadInputException complaint(String leaf, String expected, String got, String what) {
      return new BadInputException(
          "frame." + name + "." + leaf,
          expected,
          got,
          "frame %s: %s %s (expected: %s)"
              .formatted(Long.toUnsignedString(sequenceNumber), name, what, expected));
    }
  }
}
