package io.roomfield.slam.store;

import io.roomfield.geometry.SE3;

/** The rows of a session's database; schema.sql says what their columns mean. */
public final class Rows {
  private Rows() {}

  /** The session itself. */
  public record SessionRow(
      String id,
      String owner,
      String grants,
      String settings,
      long createdUnixMillis,
      State state) {
    /** Whether it takes frames. */
    public enum State {
      OPEN,
      FINISHED
    }

    SessionRow with(String newOwner, String newGrants) {
      return new SessionRow(id, newOwner, newGrants, settings, createdUnixMillis, state);
    }

    SessionRow with(State newState) {
      return new SessionRow(id, owner, grants, settings, createdUnixMillis, newState);
    }
  }

  /**
   * An accepted frame.
   *
   * @param worldFromCamera null without a pose
   * @param record null unless it was tracked
   */
  public record FrameRow(
      long sequenceNumber, long timestampNanos, String status, SE3 worldFromCamera, String record) {
    public static final String ACCEPTED = "ACCEPTED";
    public static final String DROPPED = "DROPPED";

    /** A frame that is neither tracked nor dropped yet. */
    public static FrameRow accepted(long sequenceNumber, long timestampNanos) {
      return new FrameRow(sequenceNumber, timestampNanos, ACCEPTED, null, null);
    }
  }

  /** A frame's images as they were sent. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record ImagesRow(
      long sequenceNumber, int colourEncoding, byte[] colour, int depthEncoding, byte[] depth) {}

  /** A keyframe. */
  public record KeyframeRow(
      int id, long sequenceNumber, long timestampNanos, SE3 worldFromCamera) {}

  /** A block of the map. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record BlockRow(
      String level, int number, int x, int y, int z, int anchor, byte[] content) {}
}
