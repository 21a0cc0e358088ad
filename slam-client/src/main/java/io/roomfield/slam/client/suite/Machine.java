package io.roomfield.slam.client.suite;

import io.roomfield.slam.client.replay.BackendThreads;
import io.roomfield.slam.v1.ServerInfo;

/**
 * What computed a suite.
 *
 * @param cores that Java may use
 * @param system name and architecture
 * @param threads of the server's backend; null where it names none
 * @param commit the version built, with {@value #CHANGED} behind it where the sources differ from
 *     it; null is not known
 */
public record Machine(
    int cores, String system, String java, String backend, Integer threads, String commit) {
  /** System property: the commit, as the launcher finds it. */
  public static final String COMMIT_PROPERTY = "roomfield.commit";

  private static final String CHANGED = "-changed";

  /** This machine, with a server on it. */
  public static Machine of(ServerInfo server) {
    String commit = System.getProperty(COMMIT_PROPERTY, "");
    return new Machine(
        Runtime.getRuntime().availableProcessors(),
        System.getProperty("os.name") + " " + System.getProperty("os.arch"),
        Runtime.version().toString(),
        server.getBackend(),
        BackendThreads.of(server),
        commit.isEmpty() ? null : commit);
  }

  /**
   * Whether figures of the other machine are figures of this one: everything is equal, and the
   * commit says what was built.
   */
  boolean repeats(Machine other) {
    return commit != null && !commit.endsWith(CHANGED) && equals(other);
  }

  @Override
  public String toString() {
    return "%d cores (%s), backend %s, Java %s, commit %s"
        .formatted(cores, system, backend, java, commit == null ? "not known" : commit);
  }
}
