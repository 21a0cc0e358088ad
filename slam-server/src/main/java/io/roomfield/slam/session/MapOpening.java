package io.roomfield.slam.session;

import io.roomfield.geometry.SE3;
import io.roomfield.slam.config.SlamConfig;
import io.roomfield.slam.ingest.BadInputException;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * How a session is opened in a map that is there.
 *
 * @param label of the new session
 * @param config takes the map's configuration to the session's
 * @param initial pose of the first frame in the map; empty where the camera is to be found
 * @param localiseOnly whether the map stays as it is
 */
public record MapOpening(
    String label, UnaryOperator<SlamConfig> config, Optional<SE3> initial, boolean localiseOnly) {

  /**
   * What the session is opened with.
   *
   * @throws BadInputException if the camera is to be found and the map's preset has no means to
   */
  SessionSettings settings(SessionSettings ofMap) {
    if (initial.isEmpty() && !ofMap.config().alignment().enabled()) {
      throw BadInputException.of(
          "initial_pose",
          "the first frame's pose in the map: preset %s cannot find the camera by itself"
              .formatted(ofMap.config().name()),
          "none");
    }
    return new SessionSettings(
        label,
        config.apply(ofMap.config()),
        ofMap.camera(),
        ofMap.depthScale(),
        initial.orElse(ofMap.initialWorldFromCamera()),
        localiseOnly);
  }
}
