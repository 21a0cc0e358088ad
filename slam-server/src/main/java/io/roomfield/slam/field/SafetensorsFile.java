package io.roomfield.slam.field;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Named float32 tensors and string metadata in the safetensors format: eight bytes header length
 * (little-endian), a JSON header {@code {"__metadata__": {key: text}, name: {"dtype": "F32",
 * "shape": [...], "data_offsets": [begin, end]}}}, then the values (little-endian, row by row).
 *
 * @param metadata what the file says of itself
 * @param tensors by name, in the order of the header
 */
public record SafetensorsFile(Map<String, String> metadata, Map<String, Tensor> tensors) {
  private static final int LENGTH_BYTES = Long.BYTES;
  private static final int HEADER_ALIGNMENT = 8;
  private static final String METADATA = "__metadata__";
  private static final String DTYPE = "F32";
  private static final ObjectMapper JSON =
      new ObjectMapper()
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  /**
   * @param shape lengths of the dimensions; empty for a scalar
   * @param values the product of {@code shape} numbers, row by row
   */
  @SuppressWarnings("ArrayRecordComponent") // compared by identity, never by value
  public record Tensor(int[] shape, float[] values) {
    /**
     * @throws IllegalArgumentException if the shape does not hold that many values
     */
    public Tensor {
      if (valueCount(shape) != values.length) {
        throw new IllegalArgumentException(
            "tensor of shape %s: %d values (expected: %d)"
                .formatted(Arrays.toString(shape), values.length, valueCount(shape)));
      }
    }

    private static long valueCount(int[] shape) {
      long product = 1;
      for (int edge : shape) {
        product = Math.multiplyExact(product, (long) edge);
      }
      return product;
    }
  }

  public SafetensorsFile {
    metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
  }

  /**
   * Reads a whole file.
   *
   * @param name of the file, for messages
   * @throws IOException if it cannot be read or is damaged: says which part, what was expected and
   *     what came
   */
  public static SafetensorsFile read(String name, InputStream in) throws IOException {
    byte[] bytes = in.readAllBytes();
    if (bytes.length < LENGTH_BYTES) {
      throw damaged(name, "%d bytes (expected: at least %d)".formatted(bytes.length, LENGTH_BYTES));
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    long headerLength = buffer.getLong();
    if (headerLength < 2 || headerLength > buffer.remaining()) {
      throw damaged(
          name,
          "header of %d bytes (expected: 2 to the %d that follow)"
              .formatted(headerLength, buffer.remaining()));
    }
    JsonNode header = parseHeader(name, bytes, (int) headerLength);
    ByteBuffer data =
        buffer
            .slice(LENGTH_BYTES + (int) headerLength, buffer.remaining() - (int) headerLength)
            .order(ByteOrder.LITTLE_ENDIAN);
    Map<String, String> metadata = new LinkedHashMap<>();
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    long described = 0;
    for (Map.Entry<String, JsonNode> entry : header.properties()) {
      if (entry.getKey().equals(METADATA)) {
        for (Map.Entry<String, JsonNode> item : entry.getValue().properties()) {
          metadata.put(item.getKey(), item.getValue().asText());
        }
      } else {
        Tensor tensor = tensor(name, entry.getKey(), entry.getValue(), data);
        tensors.put(entry.getKey(), tensor);
        described += (long) Float.BYTES * tensor.values().length;
      }
    }
    if (described != data.capacity()) {
      throw damaged(
          name,
          "%d bytes of data (expected: %d, what the tensors take)"
              .formatted(data.capacity(), described));
    }
    return new SafetensorsFile(metadata, tensors);
  }

  /** Writes the file; the values begin at a multiple of eight bytes. */
  public void write(OutputStream out) throws IOException {
    byte[] json = JSON.writeValueAsBytes(header());
    int padded = Math.ceilDiv(json.length, HEADER_ALIGNMENT) * HEADER_ALIGNMENT;
    ByteBuffer start =
        ByteBuffer.allocate(LENGTH_BYTES + padded).order(ByteOrder.LITTLE_ENDIAN).putLong(padded);
    Arrays.fill(start.array(), LENGTH_BYTES, LENGTH_BYTES + padded, (byte) ' ');
    out.write(start.put(json).array());
    out.write(data());
  }

  /** SHA-256 of the values as {@link #write} writes them, in hexadecimal. */
  public String dataSha256() {
    return sha256(data());
  }

  /** SHA-256 of bytes, in hexadecimal. */
  public static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private ObjectNode header() {
    ObjectNode header = JSON.createObjectNode();
    ObjectNode meta = header.putObject(METADATA);
    metadata.forEach(meta::put);
    int end = 0;
    for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
      ObjectNode node = header.putObject(entry.getKey()).put("dtype", DTYPE);
      node.set("shape", JSON.valueToTree(entry.getValue().shape()));
      int begin = end;
      end = Math.addExact(end, Float.BYTES * entry.getValue().values().length);
      node.set("data_offsets", JSON.valueToTree(new int[] {begin, end}));
    }
    return header;
  }

  /** The values of all tensors, one after the other. */
  private byte[] data() {
    int bytes = 0;
    for (Tensor tensor : tensors.values()) {
      bytes = Math.addExact(bytes, Float.BYTES * tensor.values().length);
    }
    ByteBuffer data = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (Tensor tensor : tensors.values()) {
      for (float value : tensor.values()) {
        data.putFloat(value);
      }
    }
    return data.array();
  }

  private static JsonNode parseHeader(String name, byte[] bytes, int length) throws IOException {
    try {
      JsonNode header = JSON.readTree(bytes, LENGTH_BYTES, length);
      if (!header.isObject()) {
        throw damaged(name, "header is no JSON object");
      }
      return header;
    } catch (JsonProcessingException e) {
      throw new IOException(name + ": damaged: header is no JSON: " + e.getOriginalMessage(), e);
    }
  }

  private static Tensor tensor(String file, String name, JsonNode node, ByteBuffer data)
      throws IOException {
    String dtype = node.path("dtype").asText();
    if (!dtype.equals(DTYPE)) {
      throw new IOException(
          "%s: %s: type \"%s\" (expected: %s)".formatted(file, name, dtype, DTYPE));
    }
    JsonNode edges = node.path("shape");
    int[] shape = new int[edges.size()];
    long bytes = Float.BYTES;
    for (int i = 0; i < shape.length; i++) {
      shape[i] = edges.get(i).asInt(-1);
      if (shape[i] < 0 || bytes * shape[i] > Integer.MAX_VALUE) {
        throw damaged(file, "%s: shape %s".formatted(name, edges));
      }
      bytes *= shape[i];
    }
    long begin = node.path("data_offsets").path(0).asLong(-1);
    long end = node.path("data_offsets").path(1).asLong(-1);
    if (begin < 0 || end > data.capacity() || end - begin != bytes) {
      throw damaged(
          file,
          "%s: shape %s at bytes %d to %d (expected: %d bytes within the %d of data)"
              .formatted(name, edges, begin, end, bytes, data.capacity()));
    }
    float[] values = new float[(int) (bytes / Float.BYTES)];
    for (int i = 0; i < values.length; i++) {
      values[i] = data.getFloat((int) begin + Float.BYTES * i);
    }
    return new Tensor(shape, values);
  }

  private static IOException damaged(String name, String message) {
    return new IOException(name + ": damaged: " + message);
  }
}
