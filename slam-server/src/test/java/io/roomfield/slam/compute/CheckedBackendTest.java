package io.roomfield.slam.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.roomfield.geometry.PinholeCamera;
import io.roomfield.geometry.SE3;
import io.roomfield.slam.compute.scalar.ScalarBackend;
import io.roomfield.slam.field.Decoder;
import io.roomfield.slam.field.FieldLevel;
import io.roomfield.slam.field.FieldStage;
import io.roomfield.slam.field.SceneField;
import io.roomfield.slam.fusion.DepthFrame;
import io.roomfield.slam.fusion.FusedDepth;
import io.roomfield.slam.isosurface.LatticeBox;
import io.roomfield.slam.isosurface.OccupancyLattice;
import io.roomfield.slam.optim.AdamStep;
import io.roomfield.slam.render.FieldGradient;
import io.roomfield.slam.render.Objective;
import io.roomfield.slam.render.OccupancyTargets;
import io.roomfield.slam.render.PoseGradient;
import io.roomfield.slam.render.RayBatch;
import io.roomfield.slam.render.RenderSettings;
import io.roomfield.slam.render.RenderedRays;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class CheckedBackendTest {
  private static final RenderSettings SETTINGS = new RenderSettings(5, 2, 0, false, false);
  private static final Objective MAPPING = Objective.mapping(0.2f);

  private final ComputeBackend backend = new CheckedBackend(new ScalarBackend());
  private final SceneField field = TestField.LIGHT.create(1);
  private final RayBatch rays = TestField.rays(4, 2, 1);

  @Test
  void delegatesWhatIsSound() {
    RenderedRays rendered = new RenderedRays(4);
    backend.render(field, FieldStage.COLOUR, rays, SETTINGS, rendered);
    assertThat(rendered.depth).doesNotContain(0f);
    FieldGradient gradient = TestField.gradient(field, 2);
    RenderedRays again = new RenderedRays(5);
    assertThat(
            backend
                .backward(
                    field,
                    FieldStage.COLOUR,
                    rays,
                    SETTINGS,
                    MAPPING,
                    gradient,
                    new PoseGradient(4),
                    again)
                .colourCount())
        .isEqualTo(12);
    assertThat(again.depth).startsWith(rendered.depth);
    assertThat(backend.description()).startsWith("scalar");
  }

  @Test
  void moreRaysThanTheBatchHolds() {
    rays.count = 5;
    assertRejected(
        () -> render(FieldStage.MID, 9), "ray batch: 5 rays (expected: 0 to its capacity, 4)");
  }

  @Test
  void aRayOfNoPose() {
    rays.pose[2] = 2;
    assertRejected(() -> render(FieldStage.MID, 4), "ray 2: pose 2 (expected: 0 to 1)");
  }

  @Test
  void posesWithoutDepths() {
    rays.frameMaxDepth = new float[] {1};
    assertRejected(
        () -> render(FieldStage.MID, 4),
        "ray batch: frame depths: 1 (expected: 2, as many as poses)");
    rays.frameMaxDepth = new float[] {1, 0};
    assertRejected(
        () -> render(FieldStage.MID, 4),
        "ray batch: largest depth of frame 1 is 0.0 (expected: > 0 m)");
  }

  @Test
  void outputsTooShort() {
    assertRejected(() -> render(FieldStage.MID, 3), "rendered rays' capacity: 3");
    assertRejected(
        () ->
            backend.backward(
                field, FieldStage.MID, rays, SETTINGS, MAPPING, null, new PoseGradient(3), null),
        "pose gradient's capacity: 3");
  }

  @Test
  void tooFewLanes() {
    FieldGradient none = new FieldGradient(0);
    assertRejected(() -> backward(none), "field gradient: 0 lanes (expected: at least 1");
  }

  @Test
  void aGradientOfAnotherDecoder() {
    FieldGradient other = new FieldGradient(1);
    other.activateWeights(FieldLevel.FINE, field.midDecoder());
    assertRejected(
        () -> backward(other),
        "field gradient: 1745 weights of level FINE (expected: as many as its decoder has, 2385)");
  }

  @Test
  void aStageWithoutItsLevel() {
    SceneField noCoarse =
        new SceneField(
            null,
            field.mid(),
            field.fine(),
            field.colour(),
            null,
            field.midDecoder(),
            field.fineDecoder(),
            field.colourDecoder());
    assertRejected(
        () -> backend.render(noCoarse, FieldStage.COARSE, rays, SETTINGS, new RenderedRays(4)),
        "stage COARSE: no coarse grid (expected: one)");
    backend.render(noCoarse, FieldStage.COLOUR, rays, SETTINGS, new RenderedRays(4));
  }

  @Test
  void aJointFieldHasNoLevelsBeside() {
    SceneField joint = TestField.JOINT.create(1);
    backend.render(joint, FieldStage.MID, rays, SETTINGS, new RenderedRays(4));
    assertRejected(
        () -> backend.render(joint, FieldStage.COARSE, rays, SETTINGS, new RenderedRays(4)),
        "stage COARSE: no coarse grid (expected: one)");
    SceneField onFeatures =
        new SceneField(null, null, null, field.colour(), null, null, null, joint.colourDecoder());
    assertRejected(
        () -> backend.render(onFeatures, FieldStage.MID, rays, SETTINGS, new RenderedRays(4)),
        "colour decoder: reads 0 features (expected: 20, the channels of its grids)");
  }

  @Test
  void aDecoderOfAnotherWidth() {
    Decoder mid = field.midDecoder();
    SceneField mixed = TestField.withFineDecoder(field, mid);
    assertRejected(
        () -> backend.render(mixed, FieldStage.FINE, rays, SETTINGS, new RenderedRays(4)),
        "fine decoder: reads 20 features (expected: 40, the channels of its grids)");
    SceneField threeLogits = TestField.withFineDecoder(field, field.colourDecoder());
    assertRejected(
        () -> backend.render(threeLogits, FieldStage.FINE, rays, SETTINGS, new RenderedRays(4)),
        "fine decoder: 3 outputs (expected: 1)");
  }

  @Test
  void pointsThatDoNotFit() {
    float[] points = new float[9];
    assertRejected(
        () -> backend.evaluate(field, FieldStage.MID, points, 4, new float[4], null),
        "points' coordinates: 9 (expected: at least 12");
    assertRejected(
        () -> backend.evaluate(field, FieldStage.MID, points, 3, new float[2], null),
        "logits: 2 (expected: at least 3");
    assertRejected(
        () -> backend.evaluate(field, FieldStage.COLOUR, points, 3, new float[3], null),
        "stage COLOUR: colours null");
    assertRejected(
        () -> backend.evaluate(field, FieldStage.MID, points, 3, new float[3], new float[9]),
        "stage MID: colours given");
    assertRejected(
        () -> backend.evaluate(field, FieldStage.MID, points, -1, new float[3], null),
        "points: -1");
  }

  @Test
  void aSurfaceNeedsTheFineStagesLevels() {
    OccupancyLattice lattice =
        new OccupancyLattice(new LatticeBox(0, 0, 0, 2, 2, 2), 0.1, 0, new byte[8]);
    assertThat(backend.surface(field, lattice).faceCount()).isZero();
    SceneField threeLogits = TestField.withFineDecoder(field, field.colourDecoder());
    assertRejected(
        () -> backend.surface(threeLogits, lattice), "fine decoder: 3 outputs (expected: 1)");
  }

  @Test
  void occupancyTargetsThatAreNone() {
    FieldGradient gradient = TestField.gradient(field, 1);
    OccupancyTargets targets = TestField.targets(4, 1);
    assertThat(backend.occupancyBackward(field, FieldStage.FINE, targets, gradient)).isPositive();
    assertRejected(
        () -> backend.occupancyBackward(field, FieldStage.COLOUR, targets, gradient),
        "occupancy: stage COLOUR (expected: one without colour)");
    assertRejected(
        () -> backend.occupancyBackward(field, FieldStage.MID, targets, new FieldGradient(0)),
        "field gradient: 0 lanes");
    targets.target[3] = 1.5f;
    assertRejected(
        () -> backend.occupancyBackward(field, FieldStage.MID, targets, gradient),
        "occupancy target 3: 1.5 with weight");
    targets.target[3] = 1;
    targets.weight[2] = -1;
    assertRejected(
        () -> backend.occupancyBackward(field, FieldStage.MID, targets, gradient),
        "occupancy target 2:");
    targets.count = 5;
    assertRejected(
        () -> backend.occupancyBackward(field, FieldStage.MID, targets, gradient),
        "occupancy targets: 5 points (expected: 0 to their capacity, 4)");
  }

  @Test
  void rowsThatDoNotFitTheirNetwork() {
    Decoder network = field.coarseDecoder();
    float[] four = new float[4];
    float[][] weights = {new float[network.weights().length]};
    backend.apply(network, new float[80], 4, four);
    backend.applyBackward(network, new float[80], 4, four, weights);
    assertRejected(
        () -> backend.apply(field.midDecoder(), new float[80], 4, four),
        "network: encoding of size 24 (expected: none)");
    assertRejected(
        () -> backend.apply(network, new float[79], 4, four),
        "network: inputs: 79 (expected: at least 80, 20 a row)");
    assertRejected(
        () -> backend.apply(network, new float[100], 5, four),
        "network: outputs: 4 (expected: at least 5, 1 a row)");
    assertRejected(() -> backend.apply(network, four, -1, four), "network: -1 rows");
    assertRejected(
        () -> backend.applyBackward(network, new float[100], 5, four, weights),
        "network: output gradients: 4 (expected: at least 5, 1 a row)");
    assertRejected(
        () -> backend.applyBackward(network, new float[80], 4, four, new float[0][]),
        "network: weight gradients: 0 (expected: at least 1, 1 a lane)");
    assertRejected(
        () -> backend.applyBackward(network, new float[80], 4, four, new float[1][7]),
        "network: weight gradients of lane 0: 7");
  }

  @Test
  void adamArraysThatDoNotFit() {
    AdamStep step = new AdamStep(0.01, 1);
    float[] ten = new float[10];
    assertRejected(
        () -> backend.adam(step, ten, new float[][] {ten}, new float[9], ten, null),
        "Adam: first moments: 9 (expected: 10, as many as parameters)");
    assertRejected(
        () -> backend.adam(step, ten, new float[][] {ten, new float[8]}, ten, ten, null),
        "Adam: gradients of lane 1: 8 (expected: 10");
    assertRejected(
        () -> backend.adam(step, ten, new float[][] {ten}, ten, ten, new long[1]),
        "Adam: 10 parameters (expected: a multiple of the mask's 64 bits)");
    AdamStep zeroth = new AdamStep(0.01, 0);
    assertRejected(
        () -> backend.adam(zeroth, ten, new float[][] {ten}, ten, ten, null),
        "Adam: iteration 0 (expected: >= 1)");
  }

  private void render(FieldStage stage, int capacity) {
    backend.render(field, stage, rays, SETTINGS, new RenderedRays(capacity));
  }

  private void backward(FieldGradient gradient) {
    backend.backward(field, FieldStage.COLOUR, rays, SETTINGS, MAPPING, gradient, null, null);
  }

  private static void assertRejected(ThrowingCallable call, String message) {
    assertThatThrownBy(call)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(message);
  }

  @Test
  void fusedBlocksThatAreNot() {
    FusedDepth map = FusedDepth.beside(0.08);
    map.allocate(0, 0, 0);
    PinholeCamera camera = new PinholeCamera(16, 16, 20, 20, 7.5, 7.5);
    DepthFrame frame = new DepthFrame(new float[256], camera, SE3.IDENTITY);
    assertRejected(
        () -> backend.fuse(map, new int[] {0, 1}, frame, new boolean[2]),
        "fused block: 1 (expected: 0 to 0)");
    assertRejected(
        () -> backend.fuse(map, new int[] {0}, frame, new boolean[0]),
        "fused blocks' changes: 0 (expected: at least 1, 1 a block)");
    backend.fuse(map, new int[] {0}, frame, new boolean[1]);
  }
}
