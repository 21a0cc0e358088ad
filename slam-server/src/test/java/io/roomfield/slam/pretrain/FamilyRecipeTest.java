package io.roomfield.slam.pretrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.roomfield.geometry.InvalidValueException;
import io.roomfield.slam.field.Decoder;
import io.roomfield.slam.field.DecoderFamily;
import io.roomfield.slam.field.FieldLevel;
import io.roomfield.slam.fusion.RoomReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FamilyRecipeTest {
  private static final int MEGABYTE = 1_000_000;

  @TempDir private Path directory;

  /** Of a point's decoding: every weight that is no bias, and the encoding's. */
  private static int multiplyAdds(Decoder.Shape shape) {
    int sum = 3 * shape.encodingSize() + shape.outputs() * shape.outputInputs();
    for (int block = 0; block < shape.blocks(); block++) {
      sum += shape.hidden() * shape.blockInputs(block);
      sum += shape.injectsFeatures() ? shape.hidden() * shape.featureChannels() : 0;
    }
    return sum;
  }

  /** At the colour stage three decoders read each point. */
  private static int multiplyAdds(FamilyRecipe recipe) {
    return multiplyAdds(recipe.mid()) + multiplyAdds(recipe.fine()) + multiplyAdds(recipe.colour());
  }

  @Test
  void compactTakesAnEighthOfTheArithmeticAtMost() {
    assertThat(8 * multiplyAdds(FamilyRecipe.COMPACT)).isLessThan(multiplyAdds(FamilyRecipe.NICE));
  }

  @ParameterizedTest
  @ValueSource(strings = {"nice", "compact"})
  void aFamilysFileIsSmallAndHoldsIt(String name) throws IOException {
    DecoderFamily family = FamilyRecipe.named(name).untrained(5);
    Path file = directory.resolve(name + ".safetensors");
    family.write(file, Map.of("note", "untrained"));
    assertThat(Files.size(file)).isLessThan(MEGABYTE);
    DecoderFamily read = DecoderFamily.read(file);
    assertThat(read.name()).isEqualTo(name);
    assertThat(read.fineEncoder().weights()).isEqualTo(family.fineEncoder().weights());
    assertThat(read.coarseEncoder().shape().featureChannels()).isEqualTo(RoomReader.INPUTS);
  }

  @Test
  void niceHasThePublishedChannels() {
    DecoderFamily family = FamilyRecipe.NICE.untrained(1);
    assertThat(FieldLevel.values()).allMatch(level -> family.channels(level) == 32);
    DecoderFamily compact = FamilyRecipe.COMPACT.untrained(1);
    assertThat(FieldLevel.values()).allMatch(level -> compact.channels(level) == 16);
  }

  @Test
  void networksDifferAndFollowFromTheSeed() {
    DecoderFamily family = FamilyRecipe.COMPACT.untrained(1);
    DecoderFamily again = FamilyRecipe.COMPACT.untrained(1);
    assertThat(again.mid().weights()).isEqualTo(family.mid().weights());
    assertThat(again.coarseEncoder().weights()).isEqualTo(family.coarseEncoder().weights());
    assertThat(FamilyRecipe.COMPACT.untrained(2).mid().weights())
        .isNotEqualTo(family.mid().weights());
    assertThat(family.midEncoder().weights()).isNotEqualTo(family.fineEncoder().weights());
  }

  @Test
  void anUnknownRecipeIsRefused() {
    assertThatThrownBy(() -> FamilyRecipe.named("huge"))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageContaining("huge")
        .hasMessageContaining("nice or compact");
  }
}
