package io.roomfield.slam.compute.scalar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.roomfield.slam.field.DecoderFamily;
import io.roomfield.slam.field.FeatureGrid;
import io.roomfield.slam.field.FieldLevel;
import io.roomfield.slam.field.FieldStage;
import io.roomfield.slam.field.SceneField;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * Families of decoders give what NICE-SLAM's own decoders give: the outputs were computed from the
 * original weights by NumPy and by torch (datasets-scripts/src/test/python).
 */
class DecoderOutputsTest {
  /**
   * Both sides compute in double from the same float32 weights; what differs is the order of sums,
   * and the logit that comes back as float (1e-7 of about 1).
   */
  private static final double TOLERANCE = 1e-5;

  private static final int SAMPLES = 5;

  /** Edge of a voxel: the blocks about the origin hold every point of the fixtures, within 3 m. */
  private static final double VOXEL = 0.5;

  @Test
  void plainAgreesWithNumpyOnTheStudysArchive() throws IOException {
    DecoderFamily family = DecoderFamily.load("plain");
    JsonNode fixture = fixture("decoders/plain.json");
    assertOutputs(family, fixture, FieldStage.MID, "mid");
    assertOutputs(family, fixture, FieldStage.FINE, "mid", "fine");
  }

  @Test
  void aConvertedCheckpointAgreesWithTorch() throws IOException, URISyntaxException {
    Path file = Path.of(loader().getResource("decoders/converted/tiny.safetensors").toURI());
    DecoderFamily family = DecoderFamily.read(file);
    JsonNode fixture = fixture("decoders/converted/tiny.json");
    assertOutputs(family, fixture, FieldStage.COARSE, "coarse");
    assertOutputs(family, fixture, FieldStage.MID, "mid");
    assertOutputs(family, fixture, FieldStage.FINE, "mid", "fine");
  }

  /** The stage's logit is the sum of these networks' outputs. */
  private static void assertOutputs(
      DecoderFamily family, JsonNode fixture, FieldStage stage, String... networks) {
    try (ScalarBackend backend = new ScalarBackend()) {
      for (int i = 0; i < SAMPLES; i++) {
        float[] logit = new float[1];
        float[] point = floats(fixture.get("points").get(i));
        backend.evaluate(field(family, fixture, i), stage, point, 1, logit, null);
        double expected = 0;
        for (String network : networks) {
          expected += fixture.get(network + "Outputs").get(i).asDouble();
        }
        assertThat((double) logit[0]).as("%s, %d", stage, i).isCloseTo(expected, within(TOLERANCE));
      }
    }
  }

  /** A field whose levels have the features of one sample everywhere. */
  private static SceneField field(DecoderFamily family, JsonNode fixture, int sample) {
    return new SceneField(
        grid(family, FieldLevel.COARSE, fixture.path("coarseFeatures").path(sample)),
        grid(family, FieldLevel.MID, fixture.get("midFeatures").get(sample)),
        grid(family, FieldLevel.FINE, fixture.get("fineFeatures").get(sample)),
        null,
        family.coarse(),
        family.mid(),
        family.fine(),
        null);
  }

  private static FeatureGrid grid(DecoderFamily family, FieldLevel level, JsonNode features) {
    if (family.channels(level) == 0) {
      return null;
    }
    float[] feature = floats(features);
    FeatureGrid grid = new FeatureGrid(VOXEL, family.channels(level), 0, 0);
    for (int corner = 0; corner < 8; corner++) {
      float[] block =
          grid.block(grid.allocate((corner & 1) - 1, (corner >> 1 & 1) - 1, (corner >> 2) - 1));
      for (int at = 0; at < block.length; at += feature.length) {
        System.arraycopy(feature, 0, block, at, feature.length);
      }
    }
    return grid;
  }

  private static float[] floats(JsonNode array) {
    float[] values = new float[array.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) array.get(i).asDouble();
    }
    return values;
  }

  private static JsonNode fixture(String resource) throws IOException {
    try (InputStream in = loader().getResourceAsStream(resource)) {
      return new ObjectMapper().readTree(in);
    }
  }

  private static ClassLoader loader() {
    return DecoderOutputsTest.class.getClassLoader();
  }
}
