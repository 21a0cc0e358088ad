package io.roomfield.slam.client.suite;

import io.roomfield.datasets.RgbdDataset;
import io.roomfield.slam.client.replay.SendRate;
import java.util.ArrayList;
import java.util.List;

/**
 * What to replay: every clip with every preset and the seeds from 1 on.
 *
 * @param seeds how many
 * @param rate at which frames are sent
 */
public record SuitePlan(List<RgbdDataset> clips, List<String> presets, int seeds, SendRate rate) {
  /** A replay and the frames it sends. */
  record Step(RgbdDataset clip, SuiteRun run) {}

  /**
   * Checks that there is something to do.
   *
   * @throws IllegalArgumentException if clips, presets or seeds are none
   */
  public SuitePlan {
    if (clips.isEmpty() || presets.isEmpty()) {
      throw new IllegalArgumentException(
          "suite: %d clips, %d presets (expected: one or more of each)"
              .formatted(clips.size(), presets.size()));
    }
    if (seeds < 1) {
      throw new IllegalArgumentException("seeds: %d (expected: > 0)".formatted(seeds));
    }
    clips = List.copyOf(clips);
    presets = presets.stream().distinct().toList();
  }

  /** Seed after seed, so that a suite that is broken off has figures of every clip early. */
  List<Step> steps() {
    List<Step> steps = new ArrayList<>();
    for (int seed = 1; seed <= seeds; seed++) {
      for (RgbdDataset clip : clips) {
        for (String preset : presets) {
          int frames = clip.frames().size();
          steps.add(new Step(clip, new SuiteRun(clip.name(), preset, seed, frames, rate)));
        }
      }
    }
    return steps;
  }
}
