package io.roomfield.slam.compute.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomfield.cuda.EmulatedDriver;
import io.roomfield.slam.compute.ComputeBackend;
import io.roomfield.slam.compute.FieldOptimizer;
import io.roomfield.slam.compute.OptimizerContract;
import io.roomfield.slam.compute.TestField;
import io.roomfield.slam.field.FeatureGrid;
import io.roomfield.slam.field.FieldLevel;
import io.roomfield.slam.field.FieldStage;
import io.roomfield.slam.field.SceneField;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CudaOptimizerTest extends OptimizerContract {
  @Override
  protected ComputeBackend backend() {
    EmulatedDriver.use();
    return CudaBackend.open(1);
  }

  /** As when mapping is interrupted: the host's features are what counts. */
  @Test
  void aRoundThatDoesNotFinishLeavesNothing() {
    SceneField field = TestField.LIGHT.complete().create(5);
    float[] points = TestField.points(20, 5);
    float[] before = new float[20];
    float[] within = new float[20];
    float[] after = new float[20];
    try (FieldOptimizer optimizer = backend.optimizer(field, true)) {
      backend.evaluate(field, FieldStage.MID, points, 20, before, null);
      FeatureGrid mid = field.mid();
      float[][] host = new float[mid.blockCount()][];
      Arrays.setAll(host, block -> mid.block(block).clone());
      long[][] all = new long[mid.blockCount()][8];
      for (long[] words : all) {
        Arrays.fill(words, -1L);
      }
      optimizer.begin(Map.of(FieldLevel.MID, all));
      optimizer.prepare(List.of(FieldLevel.MID), false);
      backend.occupancyBackward(
          field, FieldStage.MID, TestField.targets(50, 5), optimizer.gradient());
      optimizer.step(Map.of(FieldLevel.MID, 0.1), 0);
      backend.evaluate(field, FieldStage.MID, points, 20, within, null);
      assertThat(within).isNotEqualTo(before);
      optimizer.begin(Map.of(FieldLevel.MID, all));
      backend.evaluate(field, FieldStage.MID, points, 20, after, null);
      assertThat(after).isEqualTo(before);
      for (int block = 0; block < host.length; block++) {
        assertThat(mid.block(block)).isEqualTo(host[block]);
      }
    }
  }
}
