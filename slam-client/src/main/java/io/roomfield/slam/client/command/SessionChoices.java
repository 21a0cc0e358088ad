package io.roomfield.slam.client.command;

import io.roomfield.datasets.RgbdDataset;
import io.roomfield.slam.client.MapOptions;
import io.roomfield.slam.client.SessionOptions;
import io.roomfield.slam.v1.SyncMode;
import java.util.Optional;
import java.util.OptionalLong;
import picocli.CommandLine.Option;

/** How the session runs. */
final class SessionChoices {
  /** How tracker and mapper keep step. */
  enum Sync {
    FREE,
    STRICT
  }

  /** Of noise and room, where no seed is given. */
  private static final long DEFAULT_DATA_SEED = 1;

  @Option(
      names = "--preset",
      paramLabel = "P",
      description = "A preset of the server (default: default).")
  private String preset;

  @Option(
      names = "--sync",
      paramLabel = "MODE",
      description = "free, or strict: reproducible bit for bit (default: as the preset says).")
  private Sync sync;

  @Option(
      names = "--seed",
      paramLabel = "S",
      description = "Of every random choice, of noise and synthetic room (default: the preset's).")
  private Long seed;

  long dataSeed() {
    return seed == null ? DEFAULT_DATA_SEED : seed;
  }

  SessionOptions of(RgbdDataset dataset) {
    return new SessionOptions(
        dataset.camera(),
        dataset.depthScale(),
        preset == null ? "default" : preset,
        Optional.empty(),
        syncMode(),
        seed == null ? OptionalLong.empty() : OptionalLong.of(seed),
        dataset.name());
  }

  /**
   * A session in a map that is there.
   *
   * @throws IllegalArgumentException if a preset was chosen
   */
  MapOptions inMap(String mapSessionId, boolean localiseOnly, RgbdDataset dataset) {
    if (preset != null) {
      throw new IllegalArgumentException(
          "--preset %s with --open-map (expected: none, the map's is taken)".formatted(preset));
    }
    return new MapOptions(mapSessionId, dataset.name(), localiseOnly, syncMode());
  }

  private SyncMode syncMode() {
    if (sync == null) {
      return SyncMode.SYNC_MODE_UNSPECIFIED;
    }
    return sync == Sync.STRICT ? SyncMode.SYNC_MODE_STRICT : SyncMode.SYNC_MODE_FREE;
  }
}
