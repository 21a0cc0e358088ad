package io.roomfield.slam.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomfield.slam.SmallRoom;
import io.roomfield.slam.compute.ComputeBackend;
import io.roomfield.slam.config.GridConfig;
import io.roomfield.slam.field.DecoderFamily;
import io.roomfield.slam.field.FeatureGrid;
import io.roomfield.slam.field.FieldLevel;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A mapper that encodes. */
class MapperEncodingTest {
  private final ComputeBackend backend = SmallRoom.backend();

  @AfterEach
  void close() {
    backend.close();
  }

  private Mapper mapper(boolean encode, int iterations) {
    GridConfig grid = new GridConfig(DecoderFamily.NICE, 2, 0.32, 0.16, 25, true);
    return new Mapper(
        SmallRoom.mapping(iterations, iterations, encode),
        grid,
        SmallRoom.SETTINGS,
        SmallRoom.CAMERA,
        backend,
        SmallRoom.SEED);
  }

  private static FeatureGrid map(Mapper mapper, int frame, FieldLevel level) {
    mapper.map(
        mapper.keyframes().add(SmallRoom.frame(frame), SmallRoom.pose(frame)),
        SmallRoom.pose(frame));
    return mapper.map().orElseThrow().field().grid(level);
  }

  @Test
  void midAndFineFeaturesStartEncoded() {
    for (FieldLevel level : List.of(FieldLevel.MID, FieldLevel.FINE)) {
      FeatureGrid random = map(mapper(false, 1), 0, level);
      FeatureGrid encoded = map(mapper(true, 1), 0, level);
      assertThat(encoded.blockCount()).isEqualTo(random.blockCount());
      for (int block = 0; block < encoded.blockCount(); block++) {
        assertThat(encoded.block(block)).as("%s", level).isNotEqualTo(random.block(block));
      }
    }
  }

  /** Its blocks do not come from rays, and no iteration changes them. */
  @Test
  void theCoarseLevelFollowsTheFusedDepthAlone() {
    FeatureGrid few = map(mapper(true, 1), 0, FieldLevel.COARSE);
    FeatureGrid many = map(mapper(true, 5), 0, FieldLevel.COARSE);
    assertThat(many.blockCount()).isEqualTo(few.blockCount()).isPositive();
    boolean encoded = false;
    for (int block = 0; block < few.blockCount(); block++) {
      float[] features = many.block(block);
      assertThat(features).isEqualTo(few.block(block));
      float first = features[0];
      int channels = many.channels();
      for (int i = 0; i < features.length; i += channels) {
        encoded |= features[i] != first;
      }
    }
    assertThat(encoded).as("vertices differ").isTrue();
  }

  @Test
  void publishedFeaturesNeverChange() {
    Mapper mapper = mapper(true, 2);
    FeatureGrid fine = map(mapper, 0, FieldLevel.FINE);
    float[][] before = new float[fine.blockCount()][];
    Arrays.setAll(before, block -> fine.block(block).clone());
    FeatureGrid later = map(mapper, 4, FieldLevel.FINE);
    int changed = 0;
    for (int block = 0; block < before.length; block++) {
      assertThat(fine.block(block)).isEqualTo(before[block]);
      changed += Arrays.equals(before[block], later.block(block)) ? 0 : 1;
    }
    assertThat(changed).isPositive();
  }
}
