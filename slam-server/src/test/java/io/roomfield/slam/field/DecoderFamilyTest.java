package io.roomfield.slam.field;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.roomfield.geometry.InvalidValueException;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DecoderFamilyTest {
  /** So that a family is no burden to whoever clones the project. */
  private static final long MAX_FILE_BYTES = 1_000_000;

  @TempDir private Path folder;

  @ParameterizedTest
  @MethodSource("io.roomfield.slam.field.DecoderFamily#names")
  void everyFamilyLoadsUnderItsOwnName(String name) {
    assertThat(DecoderFamily.load(name).name()).isEqualTo(name);
  }

  @Test
  void theIndexListsTheFilesAndTheyAreSmall() {
    // The sources: a folder of classes may hold what an earlier build left.
    File[] files =
        Path.of("src/main/resources/decoders")
            .toFile()
            .listFiles(file -> file.getName().endsWith(".safetensors"));
    assertThat(Stream.of(files).map(file -> file.getName().replace(".safetensors", "")))
        .containsExactlyInAnyOrderElementsOf(DecoderFamily.names());
    assertThat(files).allSatisfy(file -> assertThat(file.length()).isLessThan(MAX_FILE_BYTES));
  }

  @Test
  void niceHasThePapersShapes() {
    DecoderFamily nice = DecoderFamily.load(DecoderFamily.NICE);
    assertThat(nice.mid().shape()).isEqualTo(new Decoder.Shape(93, 32, 32, 5, 2, 1));
    assertThat(nice.fine().shape()).isEqualTo(new Decoder.Shape(93, 64, 32, 5, 2, 1));
    assertThat(nice.colour()).isEqualTo(new Decoder.Shape(93, 32, 32, 5, 2, 3));
    for (FieldLevel level : List.of(FieldLevel.MID, FieldLevel.FINE, FieldLevel.COLOUR)) {
      assertThat(nice.channels(level)).isEqualTo(32);
    }
  }

  /** NICE-SLAM's iMAP*: no skip, features neither; 4 hidden layers of 256. */
  @Test
  void imapIsOneNetworkOfThePosition() {
    DecoderFamily imap = DecoderFamily.load("imap");
    assertThat(imap.isJoint()).isTrue();
    assertThat(imap.colour()).isEqualTo(new Decoder.Shape(93, 0, 256, 4, Decoder.NO_SKIP, 4));
    assertThat(Arrays.stream(FieldLevel.values()).map(imap::channels)).containsOnly(0);
    long multiplyAdds = 256 * (93 + 3 * 256 + 4);
    assertThat(imap.colour().weightCount()).isEqualTo(multiplyAdds + 4 * 256 + 4);
    for (FieldStage stage : List.of(FieldStage.MID, FieldStage.FINE, FieldStage.COLOUR)) {
      assertThat(imap.multiplyAdds(stage)).isEqualTo(multiplyAdds);
    }
  }

  @Test
  void aJointFamilyHasAllOfItInOneNetwork() {
    Decoder mid = SmallFamily.network(6, 8, 0, 1);
    Decoder.Shape joint = new Decoder.Shape(6, 0, 8, 2, 0, 4);
    Decoder.Shape reading = new Decoder.Shape(6, 8, 8, 2, 0, 4);
    assertThatThrownBy(() -> new DecoderFamily("x", null, mid, null, joint, null, null, null))
        .hasMessage("mid without fine (expected: both or neither)");
    assertThatThrownBy(
            () -> new DecoderFamily("x", null, null, null, SmallFamily.COLOUR, null, null, null))
        .hasMessage("colour: outputs: 3 (expected: 4)");
    assertThatThrownBy(() -> new DecoderFamily("x", null, null, null, reading, null, null, null))
        .hasMessage("colour: features: 8 (expected: 0)");
  }

  @Test
  void aStageCostsWhatItsDecodersCost() {
    DecoderFamily family = SmallFamily.withoutOptional();
    long mid = family.mid().shape().multiplyAdds();
    long fine = family.fine().shape().multiplyAdds();
    assertThat(family.multiplyAdds(FieldStage.COARSE)).isZero();
    assertThat(family.multiplyAdds(FieldStage.MID)).isEqualTo(mid);
    assertThat(family.multiplyAdds(FieldStage.FINE)).isEqualTo(mid + fine);
    assertThat(family.multiplyAdds(FieldStage.COLOUR))
        .isEqualTo(mid + fine + family.colour().multiplyAdds());
    assertThat(SmallFamily.complete().multiplyAdds(FieldStage.COARSE)).isPositive();
  }

  @Test
  void unknownFamilyListsTheKnownOnes() {
    assertThatThrownBy(() -> DecoderFamily.load("tiny"))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageStartingWith("decoders: tiny (expected: one of nice");
  }

  @Test
  void whatIsWrittenIsRead() throws IOException {
    DecoderFamily written = SmallFamily.complete();
    Path file = folder.resolve("small.safetensors");
    written.write(file, Map.of("command", "test"));

    DecoderFamily read = DecoderFamily.read(file);

    assertThat(read.name()).isEqualTo("small");
    assertThat(read.colour()).isEqualTo(written.colour());
    assertSame(read.coarse(), written.coarse());
    assertSame(read.mid(), written.mid());
    assertSame(read.fine(), written.fine());
    assertSame(read.coarseEncoder(), written.coarseEncoder());
    assertSame(read.midEncoder(), written.midEncoder());
    assertSame(read.fineEncoder(), written.fineEncoder());
    assertThat(Arrays.stream(FieldLevel.values()).map(read::channels))
        .as("channels of the coarse, mid, fine and colour grids")
        .containsExactly(4, 8, 12, 16);
  }

  private static void assertSame(Decoder read, Decoder written) {
    assertThat(read.shape()).isEqualTo(written.shape());
    assertThat(read.encoding()).isEqualTo(written.encoding());
    assertThat(read.weights()).isEqualTo(written.weights());
  }

  @Test
  void whatIsMissingStaysMissing() throws IOException {
    Path file = folder.resolve("small.safetensors");
    SmallFamily.withoutOptional().write(file, Map.of());
    DecoderFamily read = DecoderFamily.read(file);
    assertThat(read.coarse()).isNull();
    assertThat(read.coarseEncoder()).isNull();
    assertThat(read.midEncoder()).isNull();
    assertThat(read.fineEncoder()).isNull();
    assertThat(read.channels(FieldLevel.COARSE)).isZero();
  }

  @Test
  void theSameFamilyGivesTheSameBytes() throws IOException {
    Path first = folder.resolve("first");
    Path second = folder.resolve("second");
    SmallFamily.complete().write(first, new TreeMap<>(Map.of("a", "1", "b", "2")));
    Map<String, String> reversed = new LinkedHashMap<>();
    reversed.put("b", "2");
    reversed.put("a", "1");
    SmallFamily.complete().write(second, reversed);
    assertThat(second).hasSameBinaryContentAs(first);
  }

  @Test
  void nothingUnreadableIsWritten() {
    Path file = folder.resolve("small.safetensors");
    DecoderFamily family = SmallFamily.complete();
    assertThatThrownBy(() -> family.write(file, Map.of("sha256", "0")))
        .hasMessage("metadata sha256: \"0\" (expected: a key that the format does not use)");
    family.mid().weights()[0] = Float.POSITIVE_INFINITY;
    assertThatThrownBy(() -> family.write(file, Map.of()))
        .hasMessage("mid.block.0.weight: has a value Infinity (expected: finite)");
    assertThat(Files.exists(file)).isFalse();
  }

  @Test
  void networksFitEachOther() {
    Decoder mid = SmallFamily.network(6, 8, 0, 1);
    Decoder fine = SmallFamily.network(6, 20, 0, 1);
    assertRefused(mid, mid, null, "fine: features: 8 (expected: more than the mid features");
    assertRefused(SmallFamily.network(6, 8, 0, 2), fine, null, "mid: outputs: 2 (expected: 1)");
    int inputs = DecoderFamily.ENCODER_INPUTS;
    assertThat(inputs).isEqualTo(250);
    assertRefused(
        mid, fine, SmallFamily.encoder(inputs, 8), "encoder.fine: outputs: 8 (expected: 12)");
    assertRefused(
        mid, fine, SmallFamily.encoder(54, 12), "encoder.fine: features: 54 (expected: 250)");
    assertRefused(
        mid,
        fine,
        SmallFamily.network(6, inputs, 0, 12),
        "encoder.fine: encoding: 6 (expected: 0)");
    Decoder.Shape colour = SmallFamily.COLOUR;
    assertThatThrownBy(() -> new DecoderFamily("x", null, mid, fine, mid.shape(), null, null, null))
        .hasMessage("colour: outputs: 1 (expected: 3)");
    assertThatThrownBy(
            () ->
                new DecoderFamily(
                    "x", null, mid, fine, colour, SmallFamily.encoder(16, 4), null, null))
        .as("an encoder of a level that the family has not")
        .hasMessage("encoder.coarse: outputs: 4 (expected: 0)");
    assertThatThrownBy(() -> new DecoderFamily("../x", null, mid, fine, colour, null, null, null))
        .hasMessage("family: \"../x\" (expected: small letters, digits and hyphens)");
  }

  private static void assertRefused(Decoder mid, Decoder fine, Decoder encoder, String message) {
    assertThatThrownBy(
            () -> new DecoderFamily("x", null, mid, fine, SmallFamily.COLOUR, null, null, encoder))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(message);
  }
}
