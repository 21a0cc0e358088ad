package io.roomfield.slam.session;

import io.roomfield.slam.config.ServerConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Configurations of servers under test. */
public final class TestConfig {
  private TestConfig() {}

  /** The defaults, but for some keys, of a server whose sessions end with it. */
  public static ServerConfig unkept(Map<String, ?> keys) {
    Map<String, Object> all = new LinkedHashMap<>(Map.of("port", 0, "keepSessions", false));
    all.putAll(keys);
    return with(all);
  }

  /** The defaults, but for some keys. */
  public static ServerConfig with(Map<String, ?> keys) {
    try {
      return ServerConfig.load(null, keys);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
