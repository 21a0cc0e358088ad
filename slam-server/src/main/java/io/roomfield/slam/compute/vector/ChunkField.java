package io.roomfield.slam.compute.vector;

import static io.roomfield.slam.compute.vector.Tile.POINTS;

import io.roomfield.slam.field.Decoder;
import io.roomfield.slam.field.FieldLevel;
import io.roomfield.slam.field.FieldStage;
import io.roomfield.slam.field.SceneField;
import io.roomfield.slam.render.FieldGradient;
import java.util.Arrays;

/**
 * The field at the points of a chunk: interpolation and decoders, forward and backward, tile by
 * tile. Logits of mid and fine are summed; the mid feature that the fine decoder reads is a copy
 * that no gradient goes through (algorithm, section 1).
 */
final class ChunkField {
  private static final int MAX_CHANNELS = 256;

  private final int tiles;
  private final GridKernels coarseGrid;
  private final GridKernels midGrid;
  private final GridKernels fineGrid;
  private final GridKernels colourGrid;
  private DecoderPass coarse;
  private DecoderPass mid;
  private DecoderPass fine;
  private DecoderPass colour;

  /** {@code [tiles][3, 64]} world metres. */
  final float[] position;

  /** Occupancy logits {@code [tiles][64]}, and their gradient. */
  final float[] logit;

  final float[] logitGradient;

  /** Colours {@code [tiles][3, 64]}, and their gradient. */
  final float[] rgb;

  final float[] rgbGradient;

  /** {@code dL/dp [tiles][3, 64]}. */
  final float[] positionGradient;

  private final float[] levelLogit = new float[POINTS];
  private final float[] tilePositionGradient = new float[3 * POINTS];
  private final float[] featureGradient = new float[MAX_CHANNELS * POINTS];
  private SceneField field;
  private FieldStage stage;

  ChunkField(int tiles) {
    this.tiles = tiles;
    coarseGrid = new GridKernels(tiles, MAX_CHANNELS);
    midGrid = new GridKernels(tiles, MAX_CHANNELS);
    fineGrid = new GridKernels(tiles, MAX_CHANNELS);
    colourGrid = new GridKernels(tiles, MAX_CHANNELS);
    position = new float[tiles * 3 * POINTS];
    logit = new float[tiles * POINTS];
    logitGradient = new float[tiles * POINTS];
    rgb = new float[tiles * 3 * POINTS];
    rgbGradient = new float[tiles * 3 * POINTS];
    positionGradient = new float[tiles * 3 * POINTS];
  }

  /** Chooses the field and stage of the next passes. */
  void read(SceneField from, FieldStage at) {
    field = from;
    stage = at;
    if (at == FieldStage.COARSE) {
      coarse = pass(coarse, from.coarseDecoder());
      coarseGrid.read(from.coarse());
      return;
    }
    mid = pass(mid, from.midDecoder());
    midGrid.read(from.mid());
    if (at.readsFine()) {
      fine = pass(fine, from.fineDecoder());
      fineGrid.read(from.fine());
    }
    if (at.readsColour()) {
      colour = pass(colour, from.colourDecoder());
      colourGrid.read(from.colour());
    }
  }

  private DecoderPass pass(DecoderPass existing, Decoder decoder) {
    DecoderPass pass =
        existing != null && existing.shape().equals(decoder.shape())
            ? existing
            : new DecoderPass(decoder.shape(), tiles);
    pass.read(decoder);
    return pass;
  }

  /** Logits (and colours) of the first tiles. */
  void forward(int usedTiles) {
    for (int tile = 0; tile < usedTiles; tile++) {
      int p = tile * 3 * POINTS;
      int l = tile * POINTS;
      if (stage == FieldStage.COARSE) {
        decode(coarseGrid, coarse, tile, logit, l);
        continue;
      }
      decode(midGrid, mid, tile, logit, l);
      if (stage.readsFine()) {
        int midChannels = mid.shape().featureChannels();
        int fineChannels = fine.shape().featureChannels() - midChannels;
        int c = fine.featuresAt(tile);
        fineGrid.interpolate(tile, position, p, fine.features(), c);
        System.arraycopy(
            mid.features(),
            mid.featuresAt(tile),
            fine.features(),
            c + fineChannels * POINTS,
            midChannels * POINTS);
        fine.forward(tile, position, p, levelLogit, 0);
        DenseKernels.add(levelLogit, 0, logit, l, POINTS);
      }
      if (stage.readsColour()) {
        decode(colourGrid, colour, tile, rgb, p);
      }
    }
  }

  private void decode(GridKernels grid, DecoderPass pass, int tile, float[] out, int outAt) {
    int p = tile * 3 * POINTS;
    grid.interpolate(tile, position, p, pass.features(), pass.featuresAt(tile));
    pass.forward(tile, position, p, out, outAt);
  }

  /**
   * Gradients from {@link #logitGradient} and {@link #rgbGradient} of the first tiles.
   *
   * @param gradient null where not wanted
   * @param toPosition whether {@link #positionGradient} is to be written
   */
  void backward(int usedTiles, FieldGradient gradient, int lane, boolean toPosition) {
    for (int tile = 0; tile < usedTiles; tile++) {
      int p = tile * 3 * POINTS;
      int l = tile * POINTS;
      float[] dp = toPosition ? tilePositionGradient : null;
      Arrays.fill(tilePositionGradient, 0f);
      if (stage == FieldStage.COARSE) {
        level(FieldLevel.COARSE, coarseGrid, coarse, tile, logitGradient, l, gradient, lane, dp);
      } else {
        level(FieldLevel.MID, midGrid, mid, tile, logitGradient, l, gradient, lane, dp);
      }
      if (stage.readsFine()) {
        level(FieldLevel.FINE, fineGrid, fine, tile, logitGradient, l, gradient, lane, dp);
      }
      if (stage.readsColour()) {
        level(FieldLevel.COLOUR, colourGrid, colour, tile, rgbGradient, p, gradient, lane, dp);
      }
      if (toPosition) {
        System.arraycopy(tilePositionGradient, 0, positionGradient, p, 3 * POINTS);
      }
    }
    if (gradient != null) {
      weightGradients(usedTiles, gradient, lane);
    }
  }

  private void weightGradients(int usedTiles, FieldGradient gradient, int lane) {
    if (stage == FieldStage.COARSE) {
      weightGradient(coarse, usedTiles, logitGradient, gradient.weights(FieldLevel.COARSE, lane));
      return;
    }
    weightGradient(mid, usedTiles, logitGradient, gradient.weights(FieldLevel.MID, lane));
    if (stage.readsFine()) {
      weightGradient(fine, usedTiles, logitGradient, gradient.weights(FieldLevel.FINE, lane));
    }
    if (stage.readsColour()) {
      weightGradient(colour, usedTiles, rgbGradient, gradient.weights(FieldLevel.COLOUR, lane));
    }
  }

  /**
   * @param dw null where not wanted
   */
  private static void weightGradient(DecoderPass pass, int usedTiles, float[] g, float[] dw) {
    if (dw != null) {
      pass.weightGradient(usedTiles, g, dw);
    }
  }

  @SuppressWarnings("TooManyParameters")
  private void level(
      FieldLevel level,
      GridKernels grid,
      DecoderPass pass,
      int tile,
      float[] g,
      int gAt,
      FieldGradient gradient,
      int lane,
      float[] dp) {
    boolean weights = gradient != null && gradient.weights(level, lane) != null;
    boolean toGrid = gradient != null && gradient.keeps(level);
    if (!toGrid && !weights && dp == null) {
      return;
    }
    int channels = toGrid || dp != null ? field.grid(level).channels() : 0;
    pass.backward(tile, g, gAt, featureGradient, channels, position, tile * 3 * POINTS, dp);
    if (toGrid) {
      grid.scatter(tile, featureGradient, 0, gradient.blocks(level, lane));
    }
    if (dp != null) {
      grid.positionGradient(tile, featureGradient, 0, dp, 0);
    }
  }
}
