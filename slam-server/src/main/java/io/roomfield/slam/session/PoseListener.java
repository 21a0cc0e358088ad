package io.roomfield.slam.session;

import io.roomfield.slam.ingest.BadInputException;
import io.roomfield.slam.tracking.TrackingResult;

/** Hears every pose of a session. Called on the session's threads; must neither block nor throw. */
public interface PoseListener {
  void tracked(TrackingResult result);

  /** No further pose will come. */
  void ended();

  /** No further pose will come until the session is loaded again. */
  void suspended(BadInputException why);
}
