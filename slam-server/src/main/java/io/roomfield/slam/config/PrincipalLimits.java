package io.roomfield.slam.config;

/**
 * What a principal's sessions may use together; 0 is no limit. They count for the principal that
 * owns them, whoever streams to them.
 *
 * @param weight of each session's share of the compute, relative to other sessions'
 * @param sessions that are kept or in memory
 * @param loadedSessions that are in memory
 * @param framesPerSecond that are accepted; a second's worth may come at once
 * @param mapBytes of maps in memory, as {@code SessionStatus.map_bytes} counts them
 * @param diskBytes of the sessions' files
 */
public record PrincipalLimits(
    double weight,
    int sessions,
    int loadedSessions,
    double framesPerSecond,
    long mapBytes,
    long diskBytes) {
  public PrincipalLimits {
    Check.positive("limits: weight", weight);
    Check.atLeast("limits: sessions", sessions, 0);
    Check.atLeast("limits: loadedSessions", loadedSessions, 0);
    Check.atLeast("limits: framesPerSecond", framesPerSecond, 0);
    Check.between("limits: mapBytes", mapBytes, 0, Long.MAX_VALUE);
    Check.between("limits: diskBytes", diskBytes, 0, Long.MAX_VALUE);
  }
}
