package io.roomfield.slam.compute;

import io.roomfield.geometry.SE3;
import io.roomfield.slam.field.Decoder;
import io.roomfield.slam.field.FeatureGrid;
import io.roomfield.slam.field.FieldLevel;
import io.roomfield.slam.field.FieldStage;
import io.roomfield.slam.field.SceneField;
import io.roomfield.slam.render.FieldGradient;
import io.roomfield.slam.render.OccupancyTargets;
import io.roomfield.slam.render.RayBatch;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Small random fields and rays inside them, seeded: fixtures for whatever computes on a {@link
 * SceneField}. The field fills a box about the point {@link #CENTRE_X}, {@link #CENTRE_Y}, {@link
 * #CENTRE_Z}, the centre, where eight blocks of every level but the coarse one meet, so that rays
 * straddle block borders and leave the allocated blocks.
 *
 * @param hidden width of every decoder
 * @param blocks blocks of every decoder
 * @param skipAfter of every decoder
 * @param channels of every grid; 0 for a joint field, which has no coarse level
 * @param encodingSize columns of {@code B}; the coarse decoder has no encoding
 * @param encodingStddev of {@code B}, radians per metre
 * @param logitScale factor on the weights of the logits' output layers
 * @param logitBias bias of the coarse and mid decoders' output layers; fine, a residual, has none
 * @param missingShare share of the blocks that are not allocated
 */
public record TestField(
    int hidden,
    int blocks,
    int skipAfter,
    int channels,
    int encodingSize,
    double encodingStddev,
    double logitScale,
    double logitBias,
    double missingShare) {

  /** Corner of eight blocks of the mid, fine and colour grids, world metres. */
  public static final double CENTRE_X = 2.56;

  public static final double CENTRE_Y = -2.56;
  public static final double CENTRE_Z = 0;

  /** The paper's decoders and magnitudes: opaque rays, arguments of hundreds of radians. */
  public static final TestField PAPER = new TestField(32, 5, 2, 32, 93, 25, 0.25, 0, 0.15);

  /**
   * The paper's shape, but what makes float and double part is left out: arguments of few radians,
   * and so thin that no ray's transmittance falls below 1e-4.
   */
  public static final TestField SMOOTH = new TestField(32, 5, 2, 32, 93, 1, 0.1, -0.35, 0.15);

  /**
   * A lighter family of decoders on narrower grids, whose channels fill no whole number of vectors;
   * thin as the smooth one.
   */
  public static final TestField LIGHT = new TestField(16, 2, 0, 20, 24, 5, 0.1, -0.35, 0.15);

  /** Plain networks of features only: no encoding, no skip; thin as the smooth one. */
  public static final TestField COMPACT =
      new TestField(16, 2, Decoder.NO_SKIP, 16, 0, 0, 0.1, -0.35, 0.15);

  /** One network of the position gives occupancy and colour, as iMAP's; thin as the smooth one. */
  public static final TestField JOINT =
      new TestField(32, 4, Decoder.NO_SKIP, 0, 93, 1, 0.1, -0.35, 0.15);

  /** All of them. */
  public static List<TestField> all() {
    return List.of(SMOOTH, PAPER, LIGHT, COMPACT, JOINT);
  }

  /** The stages that it has the levels of. */
  public List<FieldStage> stages() {
    return isJoint()
        ? List.of(FieldStage.MID, FieldStage.FINE, FieldStage.COLOUR)
        : List.of(FieldStage.values());
  }

  boolean isJoint() {
    return channels == 0;
  }

  private static final double COARSE_EDGE = 2;
  static final double MID_EDGE = 0.32;
  private static final double FINE_EDGE = 0.16;
  private static final double FEATURE_STDDEV = 0.3;
  private static final double BIAS_STDDEV = 0.1;
  private static final double COLOUR_BIAS = 0.5;

  /** Largest sensor depth of {@link #rays}: some rays leave the fine grid's blocks. */
  private static final float MAX_DEPTH = 1.2f;

  private static final float MIN_DEPTH = 0.3f;
  private static final double NO_READING_SHARE = 0.2;

  /** This, with every block allocated. */
  public TestField complete() {
    return new TestField(
        hidden,
        blocks,
        skipAfter,
        channels,
        encodingSize,
        encodingStddev,
        logitScale,
        logitBias,
        0);
  }

  /** A random field. */
  public SceneField create(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    if (isJoint()) {
      FeatureGrid seen = grid(FINE_EDGE, random);
      Decoder network = decoder(encodingSize, channels, SceneField.JOINT_OUTPUTS, random);
      return new SceneField(
          null, null, null, seen, null, null, null, logits(colours(network), logitBias));
    }
    return new SceneField(
        grid(COARSE_EDGE, random),
        grid(MID_EDGE, random),
        grid(FINE_EDGE, random),
        grid(FINE_EDGE, random),
        logits(decoder(0, channels, 1, random), logitBias),
        logits(decoder(encodingSize, channels, 1, random), logitBias),
        logits(decoder(encodingSize, 2 * channels, 1, random), 0),
        colours(decoder(encodingSize, channels, 3, random)));
  }

  /** The field with a fine decoder, where it has one, that gives the mid feature no weight. */
  public static SceneField withoutMidInFine(SceneField field) {
    if (field.isJoint()) {
      return field;
    }
    Decoder fine = field.fineDecoder().copy();
    Decoder.Shape shape = fine.shape();
    int fineChannels = field.fine().channels();
    // Without encoding the features are what the first block reads.
    for (int block = 0; block < (shape.injectsFeatures() ? shape.blocks() : 1); block++) {
      int matrix =
          shape.injectsFeatures() ? shape.featureWeightOffset(block) : shape.weightOffset(block);
      for (int row = 0; row < shape.hidden(); row++) {
        int at = matrix + row * shape.featureChannels();
        Arrays.fill(fine.weights(), at + fineChannels, at + shape.featureChannels(), 0f);
      }
    }
    return withFineDecoder(field, fine);
  }

  /** The field with another fine decoder. */
  public static SceneField withFineDecoder(SceneField field, Decoder fine) {
    return new SceneField(
        field.coarse(),
        field.mid(),
        field.fine(),
        field.colour(),
        field.coarseDecoder(),
        field.midDecoder(),
        fine,
        field.colourDecoder());
  }

  /**
   * Random rays from cameras near the centre: a fifth without a reading (never ray 0), colours
   * 0..1, dealt to the poses in turn.
   */
  public static RayBatch rays(int count, int poses, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    RayBatch rays = new RayBatch(count);
    rays.count = count;
    rays.seed = seed;
    rays.poses = new SE3[poses];
    rays.frameMaxDepth = new float[poses];
    for (int i = 0; i < poses; i++) {
      rays.poses[i] =
          SE3.fromRotationVector(
              random.nextDouble(-1, 1),
              random.nextDouble(-1, 1),
              random.nextDouble(-1, 1),
              CENTRE_X + random.nextDouble(-0.2, 0.2),
              CENTRE_Y + random.nextDouble(-0.2, 0.2),
              CENTRE_Z + random.nextDouble(-0.2, 0.2));
      rays.frameMaxDepth[i] = MAX_DEPTH;
    }
    for (int ray = 0; ray < count; ray++) {
      rays.directionX[ray] = (float) random.nextDouble(-0.6, 0.6);
      rays.directionY[ray] = (float) random.nextDouble(-0.5, 0.5);
      boolean reading = random.nextDouble() >= NO_READING_SHARE || ray == 0;
      rays.depth[ray] = reading ? (float) random.nextDouble(MIN_DEPTH, MAX_DEPTH) : 0;
      rays.pose[ray] = ray % poses;
      for (int channel = 0; channel < 3; channel++) {
        rays.colour[3 * ray + channel] = random.nextInt(256) / 255f;
      }
    }
    return rays;
  }

  /** {@code [count, 3]} points within half a metre of the centre along each axis. */
  public static float[] points(int count, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] points = new float[3 * count];
    for (int i = 0; i < count; i++) {
      points[3 * i] = (float) (CENTRE_X + random.nextDouble(-0.5, 0.5));
      points[3 * i + 1] = (float) (CENTRE_Y + random.nextDouble(-0.5, 0.5));
      points[3 * i + 2] = (float) (CENTRE_Z + random.nextDouble(-0.5, 0.5));
    }
    return points;
  }

  /** {@link #points} that are free, occupied or between, some of them of weight 0. */
  public static OccupancyTargets targets(int count, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    OccupancyTargets targets = new OccupancyTargets(count);
    targets.count = count;
    System.arraycopy(points(count, seed), 0, targets.points, 0, 3 * count);
    for (int i = 0; i < count; i++) {
      targets.target[i] = random.nextInt(0, 5) / 4f;
      targets.weight[i] = random.nextInt(0, 4) / 2f;
    }
    return targets;
  }

  /** A gradient that keeps everything. */
  public static FieldGradient gradient(SceneField field, int lanes) {
    FieldGradient gradient = new FieldGradient(lanes);
    for (FieldLevel level : FieldLevel.values()) {
      FeatureGrid grid = field.grid(level);
      for (int block = 0; grid != null && block < grid.blockCount(); block++) {
        gradient.activate(level, grid, block);
      }
      if (field.decoder(level) != null) {
        gradient.activateWeights(level, field.decoder(level));
      }
    }
    return gradient;
  }

  /** A level's gradient, summed over lanes, block after block; empty without the level. */
  public static double[] sum(FieldGradient gradient, FieldLevel level, SceneField field) {
    FeatureGrid grid = field.grid(level);
    if (grid == null) {
      return new double[0];
    }
    int blockLength = FeatureGrid.BLOCK_VOXELS * grid.channels();
    double[] sum = new double[grid.blockCount() * blockLength];
    for (int lane = 0; lane < gradient.lanes(); lane++) {
      for (int block = 0; block < grid.blockCount(); block++) {
        addTo(sum, block * blockLength, gradient.block(level, lane, block));
      }
    }
    return sum;
  }

  /**
   * The gradient of a level's weights, summed over lanes; zeros where it is not kept, empty without
   * the level.
   */
  public static double[] sumWeights(FieldGradient gradient, FieldLevel level, SceneField field) {
    Decoder decoder = field.decoder(level);
    double[] sum = new double[decoder == null ? 0 : decoder.shape().weightCount()];
    for (int lane = 0; lane < gradient.lanes(); lane++) {
      addTo(sum, 0, gradient.weights(level, lane));
    }
    return sum;
  }

  private static void addTo(double[] sum, int at, float[] lane) {
    for (int i = 0; lane != null && i < lane.length; i++) {
      sum[at + i] += lane[i];
    }
  }

  private FeatureGrid grid(double voxelEdge, SplittableRandom random) {
    FeatureGrid grid =
        new FeatureGrid(voxelEdge, channels, (float) FEATURE_STDDEV, random.nextLong());
    double blockEdge = FeatureGrid.BLOCK_EDGE * voxelEdge;
    int x = (int) Math.round(CENTRE_X / blockEdge);
    int y = (int) Math.round(CENTRE_Y / blockEdge);
    int z = (int) Math.round(CENTRE_Z / blockEdge);
    for (int corner = 0; corner < 8; corner++) {
      // The first block is always there: no field is empty.
      if (corner == 0 || random.nextDouble() >= missingShare) {
        grid.allocate(x - (corner & 1), y - (corner >> 1 & 1), z - (corner >> 2 & 1));
      }
    }
    return grid;
  }

  private Decoder decoder(int encoding, int features, int outputs, SplittableRandom random) {
    float[] frequencies = new float[3 * encoding];
    for (int i = 0; i < frequencies.length; i++) {
      frequencies[i] = (float) (encodingStddev * random.nextGaussian());
    }
    return decoder(
        new Decoder.Shape(encoding, features, hidden, blocks, skipAfter, outputs),
        frequencies,
        random);
  }

  /** A decoder with random weights. */
  static Decoder decoder(Decoder.Shape shape, float[] frequencies, SplittableRandom random) {
    float[] weights = new float[shape.weightCount()];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (float) (BIAS_STDDEV * random.nextGaussian());
    }
    for (int i = 0; i < shape.blocks(); i++) {
      xavier(weights, shape.weightOffset(i), shape.blockInputs(i), shape.hidden(), random);
      if (shape.injectsFeatures()) {
        int features = shape.featureChannels();
        xavier(weights, shape.featureWeightOffset(i), features, shape.hidden(), random);
      }
    }
    xavier(weights, shape.outputWeightOffset(), shape.outputInputs(), shape.outputs(), random);
    return new Decoder(shape, frequencies, weights);
  }

  private static void xavier(
      float[] weights, int at, int inputs, int outputs, SplittableRandom random) {
    double stddev = Math.sqrt(2.0 / (inputs + outputs));
    for (int i = 0; i < inputs * outputs; i++) {
      weights[at + i] = (float) (stddev * random.nextGaussian());
    }
  }

  private Decoder logits(Decoder decoder, double bias) {
    Decoder.Shape shape = decoder.shape();
    // The logit is the first output.
    int end = shape.outputWeightOffset() + shape.outputInputs();
    for (int i = shape.outputWeightOffset(); i < end; i++) {
      decoder.weights()[i] *= (float) logitScale;
    }
    decoder.weights()[shape.outputBiasOffset()] = (float) bias;
    return decoder;
  }

  private static Decoder colours(Decoder decoder) {
    // The colour is the last three outputs.
    int end = decoder.weights().length;
    Arrays.fill(decoder.weights(), end - 3, end, (float) COLOUR_BIAS);
    return decoder;
  }
}
