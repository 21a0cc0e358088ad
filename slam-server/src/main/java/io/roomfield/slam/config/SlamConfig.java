package io.roomfield.slam.config;

/**
 * Everything that a preset decides. Presets are YAML files (resources {@code presets/NAME.yaml});
 * their keys are these components' names. Values are checked when built; see {@link Presets}.
 *
 * @param name the preset's name
 * @param sync how tracker and mapper keep step
 * @param seed of every random choice
 */
public record SlamConfig(
    String name,
    SyncMode sync,
    long seed,
    GridConfig grid,
    RenderingConfig rendering,
    AlignmentConfig alignment,
    TrackingConfig tracking,
    MappingConfig mapping) {

  /** How tracker and mapper keep step. */
  public enum SyncMode {
    /** Freely, on their own threads. */
    FREE,
    /** A frame is mapped before the next is tracked: reproducible bit for bit. */
    STRICT
  }

  public SlamConfig {
    Check.present("name", name);
    Check.present("sync", sync);
    Check.present("grid", grid);
    Check.present("rendering", rendering);
    Check.present("alignment", alignment);
    Check.present("tracking", tracking);
    Check.present("mapping", mapping);
  }

  public SlamConfig withSync(SyncMode newSync) {
    return new SlamConfig(name, newSync, seed, grid, rendering, alignment, tracking, mapping);
  }

  public SlamConfig withSeed(long newSeed) {
    return new SlamConfig(name, sync, newSeed, grid, rendering, alignment, tracking, mapping);
  }
}
