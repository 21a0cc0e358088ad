package io.roomfield.slam.session;

import io.roomfield.geometry.PinholeCamera;
import io.roomfield.geometry.SE3;
import io.roomfield.slam.config.SlamConfig;

/**
 * What a session was opened with.
 *
 * @param label a name for people; may be empty
 * @param config the preset with the request's overrides
 * @param camera of colour and depth images alike
 * @param depthScale units of the depth images per metre, > 0
 * @param initialWorldFromCamera pose of the first frame
 * @param localiseOnly whether the map stays as it was when the session was opened in it
 */
public record SessionSettings(
    String label,
    SlamConfig config,
    PinholeCamera camera,
    double depthScale,
    SE3 initialWorldFromCamera,
    boolean localiseOnly) {

  SessionSettings labelled(String newLabel) {
    return new SessionSettings(
        newLabel, config, camera, depthScale, initialWorldFromCamera, localiseOnly);
  }
}
