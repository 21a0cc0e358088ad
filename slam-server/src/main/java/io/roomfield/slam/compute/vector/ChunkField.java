package io.roomfield.slam.compute.vector;

import static io.roomfield.slam.compute.vector.Tile.POINTS;

import io.roomfield.slam.compute.vector.OuterProductKernels.Rows;
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
 *
 * <p>A point's values are its logit, red, green and blue, in rows of their tile: {@code [tiles][4,
 * 64]}. A decoder writes the rows that it gives: a level's logit one, colour three, a joint field's
 * all.
 */
final class ChunkField {
  /** Floats of a tile's values. */
  static final int TILE_VALUES = 4 * POINTS;

  private static final int LOGIT_ROW = 0;
  private static final int COLOUR_ROW = POINTS;
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

  /** Logit, red, green, blue {@code [tiles][4, 64]}, and their gradient. */
  final float[] values;

  final float[] valueGradient;

  /** {@code dL/dp [tiles][3, 64]}. */
  final float[] positionGradient;

  private final float[] fineLogit = new float[POINTS];
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
    values = new float[tiles * TILE_VALUES];
    valueGradient = new float[tiles * TILE_VALUES];
    positionGradient = new float[tiles * 3 * POINTS];
  }

  /** Where a point's logit is among the values; its colour's channels follow 64 apart each. */
  static int logitAt(int point) {
    return point / POINTS * TILE_VALUES + point % POINTS;
  }

  static int colourAt(int point) {
    return logitAt(point) + COLOUR_ROW;
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
    if (!from.isJoint()) {
      mid = pass(mid, from.midDecoder());
      midGrid.read(from.mid());
    }
    if (from.readsFine(at)) {
      fine = pass(fine, from.fineDecoder());
      fineGrid.read(from.fine());
    }
    if (from.isJoint() || at.readsColour()) {
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
      decode(field.base(stage), tile, LOGIT_ROW);
      if (field.readsFine(stage)) {
        addFine(tile);
      }
      if (field.readsColour(stage)) {
        decode(FieldLevel.COLOUR, tile, COLOUR_ROW);
      }
    }
  }

  private void decode(FieldLevel level, int tile, int row) {
    DecoderPass pass = decoder(level);
    int p = tile * 3 * POINTS;
    grid(level).interpolate(tile, position, p, pass.features(), pass.featuresAt(tile));
    pass.forward(tile, position, p, values, tile * TILE_VALUES + row);
  }

  private void addFine(int tile) {
    int p = tile * 3 * POINTS;
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
    fine.forward(tile, position, p, fineLogit, 0);
    DenseKernels.add(fineLogit, 0, values, tile * TILE_VALUES + LOGIT_ROW, POINTS);
  }

  /**
   * Gradients from {@link #valueGradient} of the first tiles.
   *
   * @param gradient null where not wanted
   * @param toPosition whether {@link #positionGradient} is to be written
   */
  void backward(int usedTiles, FieldGradient gradient, int lane, boolean toPosition) {
    for (int tile = 0; tile < usedTiles; tile++) {
      float[] dp = toPosition ? tilePositionGradient : null;
      Arrays.fill(tilePositionGradient, 0f);
      level(field.base(stage), tile, LOGIT_ROW, gradient, lane, dp);
      if (field.readsFine(stage)) {
        level(FieldLevel.FINE, tile, LOGIT_ROW, gradient, lane, dp);
      }
      if (field.readsColour(stage)) {
        level(FieldLevel.COLOUR, tile, COLOUR_ROW, gradient, lane, dp);
      }
      if (toPosition) {
        System.arraycopy(tilePositionGradient, 0, positionGradient, tile * 3 * POINTS, 3 * POINTS);
      }
    }
    if (gradient != null) {
      weightGradient(field.base(stage), usedTiles, LOGIT_ROW, gradient, lane);
      if (field.readsFine(stage)) {
        weightGradient(FieldLevel.FINE, usedTiles, LOGIT_ROW, gradient, lane);
      }
      if (field.readsColour(stage)) {
        weightGradient(FieldLevel.COLOUR, usedTiles, COLOUR_ROW, gradient, lane);
      }
    }
  }

  private void weightGradient(
      FieldLevel level, int usedTiles, int row, FieldGradient gradient, int lane) {
    float[] dw = gradient.weights(level, lane);
    if (dw != null) {
      decoder(level).weightGradient(usedTiles, new Rows(valueGradient, row, TILE_VALUES), dw);
    }
  }

  private void level(
      FieldLevel level, int tile, int row, FieldGradient gradient, int lane, float[] dp) {
    boolean weights = gradient != null && gradient.weights(level, lane) != null;
    boolean toGrid = gradient != null && gradient.keeps(level);
    if (!toGrid && !weights && dp == null) {
      return;
    }
    int channels = toGrid || dp != null ? field.grid(level).channels() : 0;
    int g = tile * TILE_VALUES + row;
    decoder(level)
        .backward(
            tile, valueGradient, g, featureGradient, channels, position, tile * 3 * POINTS, dp);
    if (toGrid) {
      grid(level).scatter(tile, featureGradient, 0, gradient.blocks(level, lane));
    }
    if (dp != null) {
      grid(level).positionGradient(tile, featureGradient, 0, dp, 0);
    }
  }

  private GridKernels grid(FieldLevel level) {
    return switch (level) {
      case COARSE -> coarseGrid;
      case MID -> midGrid;
      case FINE -> fineGrid;
      case COLOUR -> colourGrid;
    };
  }

  private DecoderPass decoder(FieldLevel level) {
    return switch (level) {
      case COARSE -> coarse;
      case MID -> mid;
      case FINE -> fine;
      case COLOUR -> colour;
    };
  }
}
