package io.roomfield.slam.client.suite;

import io.roomfield.slam.client.replay.SendRate;

/**
 * One replay of a suite.
 *
 * @param clip name of its folder
 * @param seed of the session's random choices
 * @param frames of the clip
 * @param rate at which they are sent
 */
public record SuiteRun(String clip, String preset, long seed, int frames, SendRate rate) {
  @Override
  public String toString() {
    String text = "%s, %s, seed %d, %d frames".formatted(clip, preset, seed, frames);
    return rate == SendRate.REALTIME ? text + " in real time" : text;
  }
}
