package io.roomfield.slam.session;

/** What becomes of a stream's frames that come faster than they can be taken. */
public enum FramePolicy {
  /** The stream is held back; frames over the owner's frames per second are refused. */
  WAIT,
  /** They are left out, unread, and the stream is told. */
  SKIP
}
