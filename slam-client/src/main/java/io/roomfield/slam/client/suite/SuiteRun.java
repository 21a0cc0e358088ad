package io.roomfield.slam.client.suite;

/**
 * One replay of a suite.
 *
 * @param clip name of its folder
 * @param seed of the session's random choices
 * @param frames sent to the server
 */
public record SuiteRun(String clip, String preset, long seed, int frames) {
  @Override
  public String toString() {
    return "%s, %s, seed %d, %d frames".formatted(clip, preset, seed, frames);
  }
}
