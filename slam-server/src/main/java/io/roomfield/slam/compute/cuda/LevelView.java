package io.roomfield.slam.compute.cuda;

import io.roomfield.slam.field.Decoder;
import io.roomfield.slam.field.FeatureGrid;
import io.roomfield.slam.field.FieldLevel;
import io.roomfield.slam.field.SceneField;

/**
 * A level of a field on the device.
 *
 * @param features its own grid, as the host has it
 * @param beside the grid whose features the decoder reads after its own, or null
 */
record LevelView(
    FieldLevel level,
    FeatureGrid features,
    DeviceGrid grid,
    FeatureGrid besideFeatures,
    DeviceGrid beside,
    DeviceDecoder decoder) {

  /** The device's view of a level that reads its own features alone. */
  static LevelView of(FieldLevel level, SceneField field, FieldView view) {
    FeatureGrid grid = field.grid(level);
    return new LevelView(
        level, grid, view.grid(grid), null, null, view.decoder(field.decoder(level)));
  }

  /** Fine, which reads mid's features too. */
  static LevelView fine(SceneField field, FieldView view) {
    Decoder decoder = field.fineDecoder();
    return new LevelView(
        FieldLevel.FINE,
        field.fine(),
        view.grid(field.fine()),
        field.mid(),
        view.grid(field.mid()),
        view.decoder(decoder));
  }

  int outputs() {
    return decoder.shape().outputs();
  }

  /** {@code struct Grid} of its own grid. */
  Struct own(long gradients) {
    return grid.view(features, gradients);
  }

  /** {@code struct Grid} of what it reads beside. */
  Struct other() {
    return beside == null ? noGrid() : beside.view(besideFeatures, 0);
  }

  /** A grid without channels, of which nothing is read. */
  static Struct noGrid() {
    return new Struct().address(0).address(0).address(0).i32(0, 0, 0, 0, 0, 0, 0).f32(0);
  }
}
