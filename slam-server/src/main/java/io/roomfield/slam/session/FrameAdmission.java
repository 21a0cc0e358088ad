package io.roomfield.slam.session;

import io.roomfield.slam.ingest.BadInputException;
import java.util.Optional;

/** What a session's owner may use, seen by its stream of frames. Callable from several threads. */
interface FrameAdmission {
  /** Everything goes in. */
  FrameAdmission ALL = Optional::empty;

  /** Counts a frame; why it comes too fast, if it does. */
  Optional<BadInputException> tooFast();

  /**
   * @throws BadInputException of kind LIMIT if the owner's maps or files have no room for a frame
   */
  default void requireRoom() {}
}
