package io.roomfield.slam.pretrain;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomfield.slam.SmallRoom;
import io.roomfield.slam.compute.ComputeBackend;
import io.roomfield.slam.field.DecoderFamily;
import io.roomfield.slam.field.FeatureGrid;
import io.roomfield.slam.field.SceneField;
import io.roomfield.slam.mapping.MappingStage;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EncodedStartTest {
  private static final List<View> KEYFRAMES = List.of(view(0), view(6));

  private static View view(int number) {
    return View.of(SmallRoom.CAMERA, SmallRoom.frame(number), SmallRoom.pose(number));
  }

  @Test
  void featuresComeFromTheKeyframesDepth() {
    DecoderFamily family = EmptyRoom.family();
    RandomStart random =
        new RandomStart(SmallRoom.GRID, family, SmallRoom.mapping(1, 1), SmallRoom.SETTINGS);
    try (ComputeBackend backend = SmallRoom.backend()) {
      EncodedStart start = new EncodedStart(random, backend);
      assertThat(start.name()).isEqualTo("encoded");
      SceneField field = start.start(KEYFRAMES, 1);
      SceneField other = start.start(KEYFRAMES, 2);
      SceneField unencoded = random.start(KEYFRAMES, 1);
      assertThat(field.fine().blockCount()).isEqualTo(unencoded.fine().blockCount());
      for (int block = 0; block < field.fine().blockCount(); block++) {
        assertThat(field.fine().block(block))
            .as("nothing random is left")
            .isEqualTo(other.fine().block(block))
            .isNotEqualTo(unencoded.fine().block(block));
      }
      for (int block = 0; block < field.mid().blockCount(); block++) {
        assertThat(field.mid().block(block)).isEqualTo(other.mid().block(block));
      }
      assertThat(distinctFeatures(field.mid())).isGreaterThan(100);
      assertThat(IntStream.range(0, 10).mapToObj(i -> start.stage(i, 10)))
          .containsOnly(MappingStage.FINE);
    }
  }

  private static long distinctFeatures(FeatureGrid grid) {
    return IntStream.range(0, grid.blockCount() * FeatureGrid.BLOCK_VOXELS)
        .mapToObj(
            i ->
                grid.block(i / FeatureGrid.BLOCK_VOXELS)[
                    i % FeatureGrid.BLOCK_VOXELS * grid.channels()])
        .distinct()
        .count();
  }
}
