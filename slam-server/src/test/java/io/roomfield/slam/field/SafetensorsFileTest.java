package io.roomfield.slam.field;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.roomfield.slam.field.SafetensorsFile.Tensor;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SafetensorsFileTest {
  @Test
  void whatIsWrittenIsRead() throws IOException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("b", new Tensor(new int[] {2, 3}, new float[] {1, 2, 3, 4, 5, -0f}));
    tensors.put("a", new Tensor(new int[0], new float[] {Float.MIN_VALUE}));
    tensors.put("none", new Tensor(new int[] {0, 4}, new float[0]));

    SafetensorsFile read = read(bytes(new SafetensorsFile(Map.of("level", "mid"), tensors)));

    assertThat(read.metadata()).containsExactly(Map.entry("level", "mid"));
    assertThat(read.tensors().keySet()).containsExactly("b", "a", "none");
    assertThat(read.tensors().get("b").shape()).containsExactly(2, 3);
    assertThat(read.tensors().get("b").values()).containsExactly(1, 2, 3, 4, 5, -0f);
    assertThat(read.tensors().get("a").shape()).isEmpty();
    assertThat(read.tensors().get("a").values()).containsExactly(Float.MIN_VALUE);
    assertThat(read.tensors().get("none").values()).isEmpty();
  }

  @Test
  void valuesBeginAtAMultipleOfEightBytes() throws IOException {
    byte[] bytes = bytes(new SafetensorsFile(Map.of("k", "x"), Map.of()));
    assertThat(bytes.length % 8).isZero();
  }

  @Test
  void checksumIsOfTheDataSection() throws IOException {
    SafetensorsFile file =
        new SafetensorsFile(
            Map.of("k", "x"), Map.of("w", new Tensor(new int[] {1}, new float[] {1})));
    // printf '\\x00\\x00\\x80\\x3f' | sha256sum
    assertThat(file.dataSha256())
        .isEqualTo("e00e5eb9444182f352323374ef4e08ebcb784725fdd4fd612d7730540b3e0c8c");
    assertThat(read(bytes(file)).dataSha256()).isEqualTo(file.dataSha256());
  }

  @Test
  void damagedFilesAreRefusedByNameAndPart() throws IOException {
    byte[] whole =
        bytes(
            new SafetensorsFile(
                Map.of(), Map.of("w", new Tensor(new int[] {2}, new float[] {1, 2}))));
    assertDamaged(new byte[5], "w.safetensors: damaged: 5 bytes (expected: at least 8)");
    assertDamaged(file(1000, "{}"), "header of 1000 bytes (expected: 2 to the 2 that follow)");
    assertDamaged(file(-1, "{}"), "header of -1 bytes");
    assertDamaged(file(2, "[]"), "header is no JSON object");
    assertDamaged(file(2, "{,"), "header is no JSON");
    assertDamaged(
        java.util.Arrays.copyOf(whole, whole.length - 1),
        "w: shape [2] at bytes 0 to 8 (expected: 8 bytes within the 7 of data)");
    assertDamaged(
        java.util.Arrays.copyOf(whole, whole.length + 4),
        "12 bytes of data (expected: 8, what the tensors take)");
    assertDamaged(header("{\"w\":{\"dtype\":\"F16\"}}"), "w: type \"F16\" (expected: F32)");
    assertDamaged(
        header("{\"w\":{\"dtype\":\"F32\",\"shape\":[65536,65536],\"data_offsets\":[0,0]}}"),
        "w: shape [65536,65536]");
    assertDamaged(
        header("{\"w\":{\"dtype\":\"F32\",\"shape\":[0]},\"w\":{\"dtype\":\"F32\"}}"),
        "header is no JSON: Duplicate field 'w'");
  }

  @Test
  void aTensorHoldsAsManyValuesAsItsShapeSays() {
    assertThatThrownBy(() -> new Tensor(new int[] {2, 2}, new float[3]))
        .hasMessage("tensor of shape [2, 2]: 3 values (expected: 4)");
  }

  private static void assertDamaged(byte[] bytes, String message) {
    assertThatThrownBy(() -> read(bytes))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("w.safetensors: ")
        .hasMessageContaining(message);
  }

  private static SafetensorsFile read(byte[] bytes) throws IOException {
    return SafetensorsFile.read("w.safetensors", new ByteArrayInputStream(bytes));
  }

  private static byte[] bytes(SafetensorsFile file) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    file.write(out);
    return out.toByteArray();
  }

  private static byte[] header(String json) {
    return file(json.length(), json);
  }

  private static byte[] file(long headerLength, String json) {
    byte[] text = json.getBytes(StandardCharsets.UTF_8);
    return java.nio.ByteBuffer.allocate(8 + text.length)
        .order(java.nio.ByteOrder.LITTLE_ENDIAN)
        .putLong(headerLength)
        .put(text)
        .array();
  }
}
