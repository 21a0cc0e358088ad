package io.roomfield.slam.client;

import io.roomfield.geometry.PinholeCamera;
import io.roomfield.geometry.SE3;
import io.roomfield.slam.v1.CreateSessionRequest;
import io.roomfield.slam.v1.SyncMode;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a session is opened with.
 *
 * @param camera one model for colour and depth
 * @param depthScale depth image units per metre
 * @param preset a preset of the server; empty is "default"
 * @param initialWorldFromCamera pose of the first frame; empty is the identity
 * @param sync how tracker and mapper keep step; UNSPECIFIED is as the preset says
 * @param seed of every random choice; empty is the preset's
 * @param label a name for people, at most 100 characters
 */
public record SessionOptions(
    PinholeCamera camera,
    double depthScale,
    String preset,
    Optional<SE3> initialWorldFromCamera,
    SyncMode sync,
    OptionalLong seed,
    String label) {

  /** A session that leaves everything but the camera to the default preset. */
  public static SessionOptions of(PinholeCamera camera, double depthScale) {
    return new SessionOptions(
        camera,
        depthScale,
        "",
        Optional.empty(),
        SyncMode.SYNC_MODE_UNSPECIFIED,
        OptionalLong.empty(),
        "");
  }

  CreateSessionRequest toProto() {
    CreateSessionRequest.Builder request =
        CreateSessionRequest.newBuilder()
            .setCamera(ProtoConverter.toProto(camera))
            .setDepthScale(depthScale)
            .setPreset(preset)
            .setSync(sync)
            .setLabel(label);
    initialWorldFromCamera.ifPresent(pose -> request.setInitialPose(ProtoConverter.toProto(pose)));
    seed.ifPresent(request::setSeed);
    return request.build();
  }
}
