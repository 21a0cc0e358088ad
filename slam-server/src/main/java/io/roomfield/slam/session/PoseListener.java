package io.roomfield.slam.session;

import io.roomfield.slam.ingest.BadInputException;
import io.roomfield.slam.tracking.TrackingResult;

/**
 * Hears every pose and every mapping round of a session. Called on the session's threads; must
 * neither block nor throw.
 */
public interface PoseListener {
  void tracked(TrackingResult result);

  /** A mapping round has ended, and its map is published. */
  default void mapped() {}

  /** No further pose will come. */
  void ended();

  /** No further pose will come until the session is loaded again. */
  void suspended(BadInputException why);
}
