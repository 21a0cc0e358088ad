package io.roomfield.slam.render;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class RaySamplerTest {
  /** Float rounding of depths of a few metres. */
  private static final Offset<Float> ROUNDING = Offset.offset(1e-5f);

  private static final float FRAME_MAX = 4f;

  @Test
  void stratifiedSamplesGoEvenlyFromNearToTheFramesFar() {
    float[] z = sample(batch(2f), 0, new RenderSettings(5, 0, 0, false, false));
    // near = 0.01 D = 0.02; far = 1.2 * 4 = 4.8.
    assertThat(z).containsExactly(new float[] {0.02f, 1.215f, 2.41f, 3.605f, 4.8f}, ROUNDING);
  }

  @Test
  void farIsTheRaysOwnWhereTheSettingsSaySo() {
    RenderSettings settings = new RenderSettings(3, 0, 0, false, true);
    assertThat(sample(batch(2f), 0, settings))
        .containsExactly(new float[] {0.02f, 1.21f, 2.4f}, ROUNDING);
    // Without a reading there is only the frame's.
    assertThat(sample(batch(0f), 0, settings))
        .containsExactly(new float[] {0.04f, 2.42f, 4.8f}, ROUNDING);
  }

  @Test
  void surfaceSamplesLieWithinFivePercentOfTheReading() {
    float[] z = sample(batch(2f), 0, new RenderSettings(2, 5, 0, false, false));
    assertThat(z)
        .containsExactly(new float[] {0.02f, 1.9f, 1.95f, 2f, 2.05f, 2.1f, 4.8f}, ROUNDING);
    float[] one = sample(batch(2f), 0, new RenderSettings(2, 1, 0, false, false));
    assertThat(one).containsExactly(new float[] {0.02f, 2f, 4.8f}, ROUNDING);
  }

  @Test
  void withoutAReadingSurfaceSamplesReachFromAMillimetreToTheFramesDepth() {
    float[] z = sample(batch(0f), 0, new RenderSettings(2, 3, 0, false, false));
    assertThat(z).containsExactly(new float[] {0.001f, 0.04f, 2.0005f, 4f, 4.8f}, ROUNDING);
  }

  @Test
  void perturbedSamplesStayOrderedInTheirIntervals() {
    RenderSettings plain = new RenderSettings(32, 0, 0, false, false);
    RenderSettings perturbed = new RenderSettings(32, 0, 0, true, false);
    RayBatch rays = batch(2f, 1f, 3f);
    float[] even = sample(rays, 1, plain);
    float[] z = sample(rays, 1, perturbed);
    float half = (even[1] - even[0]) / 2;
    assertThat(z).isSorted().isNotEqualTo(even);
    for (int i = 0; i < z.length; i++) {
      assertThat(z[i]).isBetween(even[i] - half - 1e-5f, even[i] + half + 1e-5f);
    }
    assertThat(z[0]).isGreaterThanOrEqualTo(even[0]);
    assertThat(z[31]).isLessThanOrEqualTo(even[31]);
  }

  @Test
  void jitterDependsOnTheSeedAndTheRay() {
    RenderSettings settings = new RenderSettings(16, 0, 0, true, false);
    RayBatch rays = batch(2f, 2f);
    float[] first = sample(rays, 0, settings);
    assertThat(sample(rays, 0, settings)).isEqualTo(first);
    assertThat(sample(rays, 1, settings)).isNotEqualTo(first);
    rays.seed++;
    assertThat(sample(rays, 0, settings)).isNotEqualTo(first);
  }

  @Test
  void uniformNumbersAreUniform() {
    int[] tenths = new int[10];
    for (int ray = 0; ray < 100; ray++) {
      for (int i = 0; i < 100; i++) {
        float u = RaySampler.uniform(3, ray, i);
        assertThat(u).isGreaterThanOrEqualTo(0f).isLessThan(1f);
        tenths[(int) (10 * u)]++;
      }
    }
    for (int count : tenths) {
      // Binomial(10000, 0.1): 1000 with standard deviation 30; five of them.
      assertThat(count).isBetween(850, 1150);
    }
  }

  @Test
  void aRayDoesNotDependOnItsBatchMates() {
    RenderSettings settings = new RenderSettings(9, 4, 0, true, false);
    RayBatch one = batch(2f, 0f, 1f);
    RayBatch other = batch(2f, 3f, 3.9f);
    assertThat(sample(other, 0, settings)).isEqualTo(sample(one, 0, settings));
  }

  @Test
  void samplesAreWrittenWhereAsked() {
    float[] z = new float[20];
    Arrays.fill(z, -1f);
    RayBatch rays = batch(2f);
    RenderSettings settings = new RenderSettings(5, 2, 0, false, false);
    RaySampler.sample(rays, 0, settings, z, 6);
    assertThat(Arrays.copyOfRange(z, 6, 13)).isEqualTo(sample(rays, 0, settings));
    assertThat(Arrays.copyOfRange(z, 0, 6)).containsOnly(-1f);
    assertThat(Arrays.copyOfRange(z, 13, 20)).containsOnly(-1f);
  }

  @Test
  void importanceSamplesGoWhereTheWeightIs() {
    float[] z = {0, 1, 2, 3, 4, -1, -1, -1, -1};
    float[] weights = {0, 0, 1, 0, 0};
    RaySampler.resample(z, 0, 5, 4, weights, 0);
    assertThat(z).isSorted();
    // The weight's trapezoids lie over [1, 3], a half each: the quantiles 1/8, 3/8, 5/8, 7/8. The
    // 1e-5 that every segment is given moves them by about as much.
    assertThat(z)
        .containsExactly(new float[] {0, 1, 1.25f, 1.75f, 2, 2.25f, 2.75f, 3, 4}, within(1e-4f));
  }

  @Test
  void importanceSamplesOfAnEmptyRayAreSpreadEvenly() {
    float[] z = {9, 0, 1, 2, 3, -1, -1, -1, 9};
    float[] weights = {9, 9, 0, 0, 0, 0};
    RaySampler.resample(z, 1, 4, 3, weights, 2);
    assertThat(z).containsExactly(new float[] {9, 0, 0.5f, 1, 1.5f, 2, 2.5f, 3, 9}, within(1e-4f));
  }

  private static Offset<Float> within(float tolerance) {
    return Offset.offset(tolerance);
  }

  private static float[] sample(RayBatch rays, int ray, RenderSettings settings) {
    float[] z = new float[settings.firstPassSamples()];
    RaySampler.sample(rays, ray, settings, z, 0);
    return z;
  }

  private static RayBatch batch(float... depths) {
    RayBatch rays = new RayBatch(depths.length);
    rays.count = depths.length;
    rays.frameMaxDepth = new float[] {FRAME_MAX};
    System.arraycopy(depths, 0, rays.depth, 0, depths.length);
    return rays;
  }
}
