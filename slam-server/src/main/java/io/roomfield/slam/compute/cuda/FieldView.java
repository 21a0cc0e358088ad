package io.roomfield.slam.compute.cuda;

import io.roomfield.slam.field.Decoder;
import io.roomfield.slam.field.FeatureGrid;
import io.roomfield.slam.field.FieldLevel;
import io.roomfield.slam.field.FieldStage;
import io.roomfield.slam.field.SceneField;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;

/** What a stage reads of a field, on the device for as long as one call needs it. */
final class FieldView implements AutoCloseable {
  private final DeviceFields fields;
  private final Workspace work;
  private final IdentityHashMap<FeatureGrid, DeviceGrid> pinned = new IdentityHashMap<>();
  private final LevelView base;
  private final LevelView fine;
  private final LevelView colour;
  private final boolean joint;

  FieldView(DeviceFields fields, SceneField field, FieldStage stage, Workspace work) {
    this.fields = fields;
    this.work = work;
    joint = field.isJoint() && stage != FieldStage.COARSE;
    try {
      base = LevelView.of(field.base(stage), field, this);
      fine = field.readsFine(stage) ? LevelView.fine(field, this) : null;
      colour = field.readsColour(stage) ? LevelView.of(FieldLevel.COLOUR, field, this) : null;
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  DeviceGrid grid(FeatureGrid grid) {
    return pinned.computeIfAbsent(grid, g -> fields.pinned(g, work));
  }

  DeviceDecoder decoder(Decoder decoder) {
    return fields.of(decoder, work);
  }

  /** The level that gives the logit, but for what fine adds. */
  LevelView base() {
    return base;
  }

  /** Null where the stage does not read it. */
  LevelView fine() {
    return fine;
  }

  /** Null where the stage does not read it, or where base gives colour as well. */
  LevelView colour() {
    return colour;
  }

  /** Whether a level gives the colour and nothing else. */
  boolean isColour(LevelView level) {
    return colour != null && level.level() == colour.level();
  }

  /** Whether base's outputs after the first are the colour. */
  boolean isJoint() {
    return joint;
  }

  /** All levels that are read. */
  List<LevelView> levels() {
    List<LevelView> levels = new ArrayList<>(List.of(base));
    if (fine != null) {
      levels.add(fine);
    }
    if (colour != null) {
      levels.add(colour);
    }
    return levels;
  }

  /** Waits for the device, which has nothing left to do where the call went well. */
  @Override
  public void close() {
    work.stream().await();
    pinned.values().forEach(fields::unpin);
    pinned.clear();
  }
}
