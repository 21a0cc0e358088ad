package io.roomfield.slam.field;

/**
 * The map: four feature grids and the decoders that read them (NICE-SLAM, section 3.1). A mapper's
 * own field is mutable; a published one (see {@code MapSnapshot}) never changes.
 *
 * <p>A {@link #isJoint joint} field is one network of the position that gives occupancy and colour
 * (Sucar et al., <em>iMAP</em>, ICCV 2021): its colour decoder is read at every stage but the
 * coarse one, its colour grid has no channels, only blocks that tell what space was seen, and mid
 * and fine are null.
 *
 * @param coarse grid of the coarse level, or null where the preset has none
 * @param coarseDecoder its decoder, or null
 */
public record SceneField(
    FeatureGrid coarse,
    FeatureGrid mid,
    FeatureGrid fine,
    FeatureGrid colour,
    Decoder coarseDecoder,
    Decoder midDecoder,
    Decoder fineDecoder,
    Decoder colourDecoder) {

  /** Outputs of a colour decoder that gives occupancy as well: logit, red, green, blue. */
  public static final int JOINT_OUTPUTS = 4;

  /** Whether one network gives occupancy and colour. */
  public boolean isJoint() {
    return colourDecoder != null && isJoint(colourDecoder.shape());
  }

  /** Whether a colour decoder of this shape gives occupancy as well. */
  static boolean isJoint(Decoder.Shape colour) {
    return colour.outputs() == JOINT_OUTPUTS;
  }

  /** The level that gives a stage's logit, but for what fine adds. */
  public FieldLevel base(FieldStage stage) {
    if (stage == FieldStage.COARSE) {
      return FieldLevel.COARSE;
    }
    return isJoint() ? FieldLevel.COLOUR : FieldLevel.MID;
  }

  /** Whether a stage adds the fine level's logit. */
  public boolean readsFine(FieldStage stage) {
    return stage.readsFine() && !isJoint();
  }

  /** Whether a stage takes colour from a decoder of its own. */
  public boolean readsColour(FieldStage stage) {
    return stage.readsColour() && !isJoint();
  }

  /** A level's grid, or null. */
  public FeatureGrid grid(FieldLevel level) {
    return switch (level) {
      case COARSE -> coarse;
      case MID -> mid;
      case FINE -> fine;
      case COLOUR -> colour;
    };
  }

  /** Whether a level has features. */
  public boolean hasFeatures(FieldLevel level) {
    FeatureGrid grid = grid(level);
    return grid != null && grid.channels() > 0;
  }

  /** A level's decoder, or null. */
  public Decoder decoder(FieldLevel level) {
    return switch (level) {
      case COARSE -> coarseDecoder;
      case MID -> midDecoder;
      case FINE -> fineDecoder;
      case COLOUR -> colourDecoder;
    };
  }

  /** A read-only picture: see {@link FeatureGrid#snapshot}. */
  public SceneField snapshot() {
    return new SceneField(
        coarse == null ? null : coarse.snapshot(),
        mid == null ? null : mid.snapshot(),
        fine == null ? null : fine.snapshot(),
        colour == null ? null : colour.snapshot(),
        coarseDecoder,
        midDecoder,
        fineDecoder,
        colourDecoder.copy());
  }

  /** Bytes of the grids' features that are in memory. */
  public long residentBytes() {
    long sum = 0;
    for (FieldLevel level : FieldLevel.values()) {
      sum += grid(level) == null ? 0 : grid(level).residentBytes();
    }
    return sum;
  }

  /** Bytes of the grids' features and the decoders' weights. */
  public long bytes() {
    long sum = 0;
    for (FieldLevel level : FieldLevel.values()) {
      FeatureGrid grid = grid(level);
      Decoder decoder = decoder(level);
      sum += grid == null ? 0 : grid.bytes();
      sum += decoder == null ? 0 : 4L * (decoder.encoding().length + decoder.weights().length);
    }
    return sum;
  }
}
