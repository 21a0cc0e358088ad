package io.roomfield.slam.client;

import io.roomfield.slam.v1.OpenMapRequest;
import io.roomfield.slam.v1.SyncMode;

/**
 * What a session is opened with in the map of another one; camera, depth scale and preset are the
 * map's, and where the camera is, is not known.
 *
 * @param mapSessionId the session whose map it is
 * @param label a name for people, at most 100 characters
 * @param localiseOnly whether the map stays as it is: frames are tracked in it, and not mapped
 * @param sync how tracker and mapper keep step; UNSPECIFIED is as the map's session has it
 */
public record MapOptions(String mapSessionId, String label, boolean localiseOnly, SyncMode sync) {
  OpenMapRequest toProto() {
    return OpenMapRequest.newBuilder()
        .setSessionId(mapSessionId)
        .setLabel(label)
        .setLocaliseOnly(localiseOnly)
        .setSync(sync)
        .build();
  }
}
