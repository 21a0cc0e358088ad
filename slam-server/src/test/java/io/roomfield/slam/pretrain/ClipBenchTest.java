package io.roomfield.slam.pretrain;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomfield.slam.SmallRoom;
import io.roomfield.slam.compute.ComputeBackend;
import io.roomfield.slam.config.SlamConfig;
import io.roomfield.slam.field.DecoderFamily;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Two keyframes of the small room, and the frame between them. */
class ClipBenchTest {
  private static final int ITERATIONS = 60;
  private static final BenchProtocol PROTOCOL =
      new BenchProtocol(200, 300, List.of(0, ITERATIONS), ITERATIONS);
  private static final SlamConfig CONFIG = SmallRoom.config(SlamConfig.SyncMode.STRICT);
  private static final Clip CLIP =
      new Clip("small room", Clip.Kind.ROOM, List.of(view(0), view(6)), List.of(view(3)));

  private static ComputeBackend backend;
  private static ClipFigures figures;

  @BeforeAll
  static void run() {
    backend = SmallRoom.backend();
    figures = bench().run(CLIP, SmallRoom.SEED);
  }

  @AfterAll
  static void close() {
    backend.close();
  }

  @Test
  void mappingBringsDepthNearerToTheReadings() {
    assertThat(figures.iterations()).containsOnlyKeys(0, ITERATIONS);
    ClipFigures.AtCount before = figures.iterations().get(0);
    ClipFigures.AtCount after = figures.iterations().get(ITERATIONS);
    // Mapping two views of a plain room for 60 iterations leaves a small part of the error; half
    // of it is far more than chance leaves.
    assertThat(after.keyframes().all().depthMeanCm())
        .isLessThan(0.5 * before.keyframes().all().depthMeanCm());
    assertThat(after.between().supported().depthMedianCm())
        .isLessThan(0.5 * before.between().supported().depthMedianCm());
    assertThat(before.iterationMillis()).isZero();
    assertThat(after.iterationMillis()).isPositive();
  }

  @Test
  void trackingEndsNearerThanItsFarthestStart() {
    assertThat(figures.tracking())
        .containsOnlyKeys("1 cm, 0.5 degrees", "2 cm, 1.0 degrees", "5 cm, 3.0 degrees");
    TrackingBasin.Figures far = figures.tracking().get("5 cm, 3.0 degrees");
    // Forty steps on a map of 16 cm voxels come nearer than they started.
    assertThat(far.positionMedianCm()).isLessThan(5);
    assertThat(far.rotationMedianDegrees()).isLessThan(3);
    assertThat(far.lostShare()).isZero();
  }

  @Test
  void fusedDepthIsMeasuredBesideTheMaps() {
    // Exact readings in voxels of 8 cm.
    assertThat(figures.fused().keyframes().all().error().medianCm()).isLessThan(2);
    // Steep surface and the images' border have cells with corners that were not seen.
    assertThat(figures.fused().between().all().missShare()).isLessThan(0.5);
  }

  @Test
  void figuresRepeatExactly() {
    ClipFigures again = bench().run(CLIP, SmallRoom.SEED);
    assertThat(again.tracking()).isEqualTo(figures.tracking());
    assertThat(again.fused()).isEqualTo(figures.fused());
    for (int count : PROTOCOL.iterations()) {
      assertThat(again.iterations().get(count).between())
          .isEqualTo(figures.iterations().get(count).between());
    }
  }

  @Test
  void aRandomStartHasTheStagesOfAMappingRoundWithoutColour() {
    List<String> stages =
        IntStream.range(0, 10).mapToObj(i -> start().stage(i, 10).name()).distinct().toList();
    assertThat(stages).containsExactly("MID", "FINE");
    assertThat(start().stage(3, 10).name()).isEqualTo("MID");
    assertThat(start().stage(4, 10).name()).isEqualTo("FINE");
  }

  private static ClipBench bench() {
    return new ClipBench(backend, CONFIG, start(), PROTOCOL);
  }

  private static FieldStart start() {
    return new RandomStart(
        CONFIG.grid(),
        DecoderFamily.load(SmallRoom.GRID.decoders()),
        CONFIG.mapping(),
        ClipBench.settings(CONFIG));
  }

  private static View view(int number) {
    return View.of(SmallRoom.CAMERA, SmallRoom.frame(number), SmallRoom.pose(number));
  }
}
