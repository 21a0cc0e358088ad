package io.roomfield.slam.session;

/** Why an accepted frame is given up. */
enum DropReason {
  /** The session was closed or deleted. */
  CLOSED,
  /** It came when the session had been asked to finish. */
  FINISHED,
  /** The engine failed on it, or the session has failed. */
  FAILED,
  /** What was written down of it is damaged. */
  IMAGES_LOST
}
