package io.roomfield.slam.client.replay;

import io.roomfield.slam.v1.ServerInfo;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The number of threads that a server's backend names: "vector (AVX-512, 16 floats, 2 threads)".
 */
public final class BackendThreads {
  private static final Pattern THREADS = Pattern.compile("(\\d+) threads?\\b");

  private BackendThreads() {}

  /**
   * @return null if the backend names none
   */
  public static Integer of(ServerInfo server) {
    Matcher matcher = THREADS.matcher(server.getBackend());
    return matcher.find() ? Integer.valueOf(matcher.group(1)) : null;
  }
}
