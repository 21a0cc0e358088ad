package io.roomfield.slam.access;

/** What a principal may do with a session; each role may do what those before it may. */
public enum Role {
  /** Reads poses, keyframes, views, meshes and status. */
  VIEWER,
  /** Streams frames and finishes the session. */
  WRITER,
  /** Shares and closes it. */
  OWNER;

  /** Whether who has this role may do what needs the other. */
  public boolean includes(Role needed) {
    return compareTo(needed) >= 0;
  }
}
