package io.roomfield.slam.field;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.roomfield.slam.field.SafetensorsFile.Tensor;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a file says of itself, and which files are refused. */
class DecoderFamilyFileTest {
  private final SafetensorsFile good =
      DecoderFamilyFile.of(SmallFamily.complete(), Map.of("command", "test"));
  private final Map<String, String> metadata = new LinkedHashMap<>(good.metadata());
  private final Map<String, Tensor> tensors = new LinkedHashMap<>(good.tensors());

  @Test
  void aFileSaysWhatItHolds() {
    assertThat(metadata)
        .containsEntry("format", "roomfield-decoders/1")
        .containsEntry("family", "small")
        .containsEntry("fine.shape", "encoding=6 features=20 hidden=8 blocks=2 skip=-1 outputs=1")
        .containsEntry(
            "encoder.mid.shape", "encoding=0 features=250 hidden=8 blocks=2 skip=-1 outputs=8")
        .containsEntry("colour.shape", "encoding=6 features=16 hidden=8 blocks=2 skip=0 outputs=3")
        .containsEntry("sha256", good.dataSha256())
        .containsEntry("command", "test");
    assertThat(tensors)
        .containsKeys(
            "coarse.block.0.weight",
            "mid.encoding",
            "mid.inject.1.bias",
            "fine.output.weight",
            "encoder.coarse.output.bias",
            "encoder.fine.block.1.bias")
        .doesNotContainKeys("coarse.encoding", "encoder.mid.inject.0.weight");
  }

  @Test
  void aCorruptFileIsRefused() throws IOException {
    byte[] bytes = bytes(good);
    bytes[bytes.length - 7] ^= 1;
    assertThatThrownBy(() -> read(bytes))
        .isInstanceOf(IOException.class)
        .hasMessageMatching(
            "f: metadata sha256: %s \\(expected: [0-9a-f]{64}\\)".formatted(good.dataSha256()));
  }

  @Test
  void aTruncatedFileIsRefused() throws IOException {
    byte[] bytes = bytes(good);
    assertThatThrownBy(() -> read(Arrays.copyOf(bytes, bytes.length - 1)))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("f: damaged: ");
    assertThatThrownBy(() -> read(Arrays.copyOf(bytes, bytes.length + 1)))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("f: damaged: ");
  }

  @Test
  void aMissingTensorIsRefused() {
    tensors.remove("fine.inject.1.bias");
    assertRefused("f: fine.inject.1.bias: missing (expected: shape [8])");
  }

  @Test
  void aTensorOfAnotherShapeIsRefused() {
    tensors.put("mid.block.1.bias", new Tensor(new int[] {7}, new float[7]));
    assertRefused("f: mid.block.1.bias: shape [7] (expected: [8])");
  }

  @Test
  void aTensorThatIsNotFiniteIsRefused() {
    tensors.put("coarse.output.bias", new Tensor(new int[] {1}, new float[] {Float.NaN}));
    assertRefused("f: coarse.output.bias: has a value NaN (expected: finite)");
  }

  @Test
  void tensorsOfNoNetworkAreRefused() {
    metadata.remove("encoder.coarse.shape");
    assertRefused("f: encoder.coarse.block.0.bias, encoder.coarse.block.0.weight, ");
  }

  @Test
  void wrongMetadataIsRefused() {
    metadata.put("mid.shape", "encoding=6 features=8 hidden=9 blocks=2 skip=0 outputs=1");
    assertRefused("f: metadata mid.shape: decoder shape: encoding 6, features 8, hidden 9, ");
    metadata.put("mid.shape", "features=8");
    assertRefused("f: metadata mid.shape: \"features=8\" (expected: as \"encoding=93 features=32");
    metadata.remove("mid.shape");
    assertRefused("f: metadata mid.shape: missing (expected: as ");
    metadata.put("family", "No Name");
    metadata.put("mid.shape", good.metadata().get("mid.shape"));
    assertRefused("f: family: \"No Name\" (expected: small letters, digits and hyphens)");
    metadata.put("format", "roomfield-decoders/2");
    assertRefused("f: metadata format: roomfield-decoders/2 (expected: roomfield-decoders/1)");
  }

  @Test
  void networksThatDoNotFitAreRefused() {
    metadata.put("colour.shape", metadata.get("mid.shape"));
    assertRefused("f: colour: outputs: 1 (expected: 3)");
  }

  @Test
  void anotherFamilysFileIsRefused() throws IOException {
    byte[] bytes = bytes(good);
    assertThatThrownBy(() -> DecoderFamilyFile.read("f", "other", new ByteArrayInputStream(bytes)))
        .isInstanceOf(IOException.class)
        .hasMessage("f: metadata family: small (expected: other)");
  }

  /** Refused though its checksum is right. */
  private void assertRefused(String message) {
    metadata.put("sha256", new SafetensorsFile(Map.of(), tensors).dataSha256());
    assertThatThrownBy(() -> read(bytes(new SafetensorsFile(metadata, tensors))))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(message);
  }

  private static DecoderFamily read(byte[] bytes) throws IOException {
    return DecoderFamilyFile.read("f", new ByteArrayInputStream(bytes));
  }

  private static byte[] bytes(SafetensorsFile file) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    file.write(out);
    return out.toByteArray();
  }
}
