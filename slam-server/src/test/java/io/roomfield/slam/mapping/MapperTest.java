package io.roomfield.slam.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomfield.geometry.SE3;
import io.roomfield.slam.SmallRoom;
import io.roomfield.slam.compute.ComputeBackend;
import io.roomfield.slam.config.GridConfig;
import io.roomfield.slam.field.FeatureGrid;
import io.roomfield.slam.field.FieldLevel;
import io.roomfield.slam.field.SceneField;
import io.roomfield.slam.ingest.RgbdFrame;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MapperTest {
  private static final FieldLevel[] LEVELS = {FieldLevel.MID, FieldLevel.FINE, FieldLevel.COLOUR};

  private final ComputeBackend backend = SmallRoom.backend();
  private final RgbdFrame frame = SmallRoom.frame(0);
  private final SE3 pose = SmallRoom.pose(0);

  @AfterEach
  void close() {
    backend.close();
  }

  @Test
  void theLossFallsOverARound() {
    Mapper mapper = SmallRoom.mapper(SmallRoom.mapping(1, 30), backend);
    // A round of one iteration tells the loss of the map it began with.
    MappingResult untrained = mapper.map(frame, pose);
    MappingResult trained = mapper.map(mapper.keyframes().add(frame, pose), pose);
    assertThat(untrained.colourLoss()).as("the mid stage has none").isNaN();
    // Depths are 1 to 2.5 m; 30 iterations come to some 10 cm.
    assertThat(trained.depthLoss()).isLessThan(0.25 * untrained.depthLoss());
    MappingResult again = mapper.map(mapper.keyframes().add(frame, pose), pose);
    assertThat(again.colourLoss()).isPositive().isLessThan(trained.colourLoss());
    assertThat(trained.sequenceNumber()).isEqualTo(frame.sequenceNumber());
  }

  /** iMAP's map: one network, every weight of which is learned. */
  @Test
  void theLossOfAJointFieldFallsAndPublishedWeightsStay() {
    GridConfig joint = new GridConfig("imap", 2, 0.32, 0.16, 2.5, false);
    Mapper mapper =
        new Mapper(
            SmallRoom.jointMapping(1, 40),
            joint,
            SmallRoom.SETTINGS,
            SmallRoom.CAMERA,
            backend,
            SmallRoom.SEED);
    MappingResult untrained = mapper.map(mapper.keyframes().add(frame, pose), pose);
    SceneField first = mapper.map().orElseThrow().field();
    float[] weights = first.colourDecoder().weights().clone();
    MappingResult trained = mapper.map(frame, pose);
    SceneField second = mapper.map().orElseThrow().field();
    // Depths are 1 to 2.5 m; 40 iterations come to some 10 cm.
    assertThat(trained.depthLoss()).isLessThan(0.25 * untrained.depthLoss());
    assertThat(trained.colourLoss()).isLessThan(0.5 * untrained.colourLoss());
    assertThat(first.colourDecoder().weights()).isEqualTo(weights);
    assertThat(changed(weights, second.colourDecoder().weights()))
        .as("share of the weights that changed; inactive units have no gradient")
        .isGreaterThan(0.9);
    assertThat(second.colour().blockCount()).as("blocks tell what was seen").isPositive();
    assertThat(second.bytes()).isEqualTo(4L * (weights.length + 3 * 93));
  }

  private static double changed(float[] before, float[] after) {
    int changed = 0;
    for (int i = 0; i < before.length; i++) {
      changed += before[i] == after[i] ? 0 : 1;
    }
    return (double) changed / before.length;
  }

  @Test
  void aPublishedMapNeverChangesAndSharesWhatStays() {
    Mapper mapper = SmallRoom.mapper(SmallRoom.mapping(2, 4), backend);
    assertThat(mapper.map()).isEmpty();
    mapper.map(mapper.keyframes().add(frame, pose), pose);
    MapSnapshot first = mapper.map().orElseThrow();
    Map<FieldLevel, float[][]> before = copy(first.field());
    float[] weights = first.field().colourDecoder().weights().clone();

    SE3 turned = pose.times(SE3.fromRotationVector(0, Math.PI / 2, 0, 0, 0, 0));
    mapper.map(SmallRoom.frame(1, turned), turned);
    MapSnapshot second = mapper.map().orElseThrow();
    assertThat(first.version()).isEqualTo(1);
    assertThat(second.version()).isEqualTo(2);
    assertThat(first.field().colourDecoder().weights()).isEqualTo(weights);
    assertThat(second.field().colourDecoder().weights()).isNotEqualTo(weights);
    for (FieldLevel level : LEVELS) {
      assertSharesWhatStays(
          level, before.get(level), first.field().grid(level), second.field().grid(level));
    }
  }

  private static void assertSharesWhatStays(
      FieldLevel level, float[][] before, FeatureGrid first, FeatureGrid second) {
    assertThat(first.blockCount()).as("%s", level).isEqualTo(before.length);
    assertThat(second.blockCount()).as("%s grows", level).isGreaterThan(before.length);
    int shared = 0;
    int changed = 0;
    for (int block = 0; block < before.length; block++) {
      assertThat(first.block(block)).as("%s block %d", level, block).isEqualTo(before[block]);
      shared += first.block(block) == second.block(block) ? 1 : 0;
      changed += Arrays.equals(first.block(block), second.block(block)) ? 0 : 1;
    }
    assertThat(shared).as("%s blocks out of view", level).isPositive();
    assertThat(changed).as("%s blocks in view", level).isPositive();
  }

  private static Map<FieldLevel, float[][]> copy(SceneField field) {
    Map<FieldLevel, float[][]> copies = new EnumMap<>(FieldLevel.class);
    for (FieldLevel level : LEVELS) {
      float[][] blocks = new float[field.grid(level).blockCount()][];
      Arrays.setAll(blocks, block -> field.grid(level).block(block).clone());
      copies.put(level, blocks);
    }
    return copies;
  }

  @Test
  void keepsTheFramesItIsToldToAndAdjustsAllPosesButTheOldest() {
    Mapper mapper = SmallRoom.mapper(SmallRoom.mapping(5, 5), backend);
    mapper.map(mapper.keyframes().add(frame, pose), pose);
    mapper.map(mapper.keyframes().add(SmallRoom.frame(2), SmallRoom.pose(2)), SmallRoom.pose(2));
    assertThat(mapper.keyframes().all()).extracting(Keyframe::id).containsExactly(0, 1);
    assertThat(mapper.keyframes().all().getLast().worldFromCamera())
        .as("with one keyframe there is no bundle adjustment")
        .isEqualTo(SmallRoom.pose(2));

    MappingResult result = mapper.map(SmallRoom.frame(4), SmallRoom.pose(4));
    assertThat(mapper.keyframes().size()).isEqualTo(2);
    assertThat(mapper.keyframes().all().getFirst().worldFromCamera()).isEqualTo(pose);
    // Two colour iterations of Adam at 1 mm: no more than 2 mm along each axis.
    assertMovedAtMost(0.0035, SmallRoom.pose(2), mapper.keyframes().all().get(1).worldFromCamera());
    assertMovedAtMost(0.0035, SmallRoom.pose(4), result.worldFromCamera());
  }

  private static void assertMovedAtMost(double metres, SE3 from, SE3 to) {
    assertThat(from.inverse().times(to).translationNorm()).isPositive().isLessThan(metres);
  }

  @Test
  void theCoarseLevelHasItsOwnOptimisation() {
    GridConfig withCoarse = new GridConfig(SmallRoom.GRID.decoders(), 2, 0.32, 0.16, 25, true);
    Mapper mapper =
        new Mapper(
            SmallRoom.mapping(1, 1),
            withCoarse,
            SmallRoom.SETTINGS,
            SmallRoom.CAMERA,
            backend,
            SmallRoom.SEED);
    mapper.map(mapper.keyframes().add(frame, pose), pose);
    FeatureGrid first = mapper.map().orElseThrow().field().coarse();
    mapper.map(frame, pose);
    FeatureGrid second = mapper.map().orElseThrow().field().coarse();
    assertThat(second.blockCount()).isEqualTo(first.blockCount()).isPositive();
    int changed = 0;
    for (int block = 0; block < first.blockCount(); block++) {
      changed += Arrays.equals(first.block(block), second.block(block)) ? 0 : 1;
    }
    assertThat(changed).as("coarse blocks changed").isPositive();
  }

  @Test
  void refinementChangesColourAndKeepsPoses() {
    Mapper mapper = SmallRoom.mapper(SmallRoom.mapping(1, 1), backend);
    mapper.refine();
    assertThat(mapper.map()).as("nothing to refine").isEmpty();
    mapper.map(mapper.keyframes().add(frame, pose), pose);
    float[] weights = mapper.map().orElseThrow().field().colourDecoder().weights();
    mapper.refine();
    MapSnapshot refined = mapper.map().orElseThrow();
    assertThat(refined.version()).isEqualTo(2);
    assertThat(refined.field().colourDecoder().weights()).isNotEqualTo(weights);
    assertThat(mapper.keyframes().all().getFirst().worldFromCamera()).isEqualTo(pose);
  }
}
