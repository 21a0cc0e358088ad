package io.roomfield.slam.rpc;

import io.roomfield.geometry.InvalidValueException;
import io.roomfield.geometry.PinholeCamera;
import io.roomfield.geometry.SE3;
import io.roomfield.slam.config.Presets;
import io.roomfield.slam.config.SlamConfig;
import io.roomfield.slam.ingest.BadInputException;
import io.roomfield.slam.ingest.RgbdFrame;
import io.roomfield.slam.meshing.MeshRequest;
import io.roomfield.slam.session.FramePolicy;
import io.roomfield.slam.session.MapOpening;
import io.roomfield.slam.session.SessionSettings;
import io.roomfield.slam.v1.Box;
import io.roomfield.slam.v1.CameraIntrinsics;
import io.roomfield.slam.v1.CreateSessionRequest;
import io.roomfield.slam.v1.ExtractMeshRequest;
import io.roomfield.slam.v1.Frame;
import io.roomfield.slam.v1.OpenMapRequest;
import io.roomfield.slam.v1.Pose;
import io.roomfield.slam.v1.RenderViewRequest;
import io.roomfield.slam.v1.StreamStart;
import io.roomfield.slam.v1.SyncMode;
import io.roomfield.slam.v1.WatchMeshRequest;
import java.util.Optional;

/** Requests in the engine's terms. Whatever is wrong with one is a {@link BadInputException}. */
final class RequestConverter {
  private static final double DEFAULT_RESOLUTION_METRES = 0.02;

  /** Some 200,000 triangles for a furnished room. */
  private static final double DEFAULT_WATCHED_RESOLUTION_METRES = 0.04;

  /** Finer, a round's changes are not extracted before the next. */
  private static final double MIN_WATCHED_RESOLUTION_METRES = 0.02;

  /** How far a quaternion's length may be from 1: what single precision and few digits leave. */
  private static final double UNIT_TOLERANCE = 1e-2;

  /** Bytes that a rendered pixel takes in the answer: a float of depth, three of colour. */
  private static final int RENDERED_PIXEL_BYTES = Float.BYTES + 3;

  private RequestConverter() {}

  /**
   * What a session is opened with.
   *
   * @param maxMessageBytes a frame must fit into, uncompressed
   */
  static SessionSettings settings(CreateSessionRequest request, int maxMessageBytes) {
    if (!request.hasCamera()) {
      throw BadInputException.of("camera", "the camera's intrinsics", "nothing");
    }
    PinholeCamera camera = camera(request.getCamera());
    SE3 initial =
        request.hasInitialPose() ? pose(request.getInitialPose(), "initial_pose") : SE3.IDENTITY;
    return new SessionSettings(
            request.getLabel(), config(request), camera, request.getDepthScale(), initial, false)
        .checked(maxMessageBytes);
  }

  private static SlamConfig config(CreateSessionRequest request) {
    SlamConfig config;
    try {
      config = Presets.load(request.getPreset().isEmpty() ? Presets.DEFAULT : request.getPreset());
    } catch (InvalidValueException e) {
      throw BadInputException.of("", e);
    }
    if (request.hasSeed()) {
      config = config.withSeed(request.getSeed());
    }
    return withSync(config, request.getSync());
  }

  private static SlamConfig withSync(SlamConfig config, SyncMode sync) {
    return switch (sync) {
      case SYNC_MODE_UNSPECIFIED -> config;
      case SYNC_MODE_FREE -> config.withSync(SlamConfig.SyncMode.FREE);
      case SYNC_MODE_STRICT -> config.withSync(SlamConfig.SyncMode.STRICT);
      case UNRECOGNIZED -> throw BadInputException.of("sync", "FREE or STRICT", "another number");
    };
  }

  static MapOpening mapOpening(OpenMapRequest request) {
    return new MapOpening(
        SessionSettings.checkedLabel(request.getLabel()),
        config -> withSync(config, request.getSync()),
        request.hasInitialPose()
            ? Optional.of(pose(request.getInitialPose(), "initial_pose"))
            : Optional.empty(),
        request.getLocaliseOnly());
  }

  static FramePolicy framePolicy(StreamStart start) {
    return switch (start.getPolicy()) {
      case FRAME_POLICY_UNSPECIFIED, FRAME_POLICY_WAIT -> FramePolicy.WAIT;
      case FRAME_POLICY_SKIP -> FramePolicy.SKIP;
      case UNRECOGNIZED ->
          throw BadInputException.of("start.policy", "WAIT or SKIP", "another number");
    };
  }

  private static PinholeCamera camera(CameraIntrinsics c) {
    try {
      return new PinholeCamera(
          c.getWidth(), c.getHeight(), c.getFx(), c.getFy(), c.getCx(), c.getCy());
    } catch (InvalidValueException e) {
      throw BadInputException.of("camera.", e);
    }
  }

  /**
   * The camera of a view.
   *
   * @param sessionCamera taken where the request has none
   * @param maxMessageBytes the answer must fit into
   */
  static PinholeCamera viewCamera(
      RenderViewRequest request, PinholeCamera sessionCamera, int maxMessageBytes) {
    PinholeCamera camera = request.hasCamera() ? camera(request.getCamera()) : sessionCamera;
    int maxPixels = maxMessageBytes / RENDERED_PIXEL_BYTES;
    if ((long) camera.width() * camera.height() > maxPixels) {
      throw BadInputException.of(
          "camera",
          "at most %d pixels: the answer must fit the message limit".formatted(maxPixels),
          "%dx%d".formatted(camera.width(), camera.height()));
    }
    return camera;
  }

  static SE3 viewPose(RenderViewRequest request) {
    if (!request.hasWorldFromCamera()) {
      throw BadInputException.of("world_from_camera", "a pose", "nothing");
    }
    return pose(request.getWorldFromCamera(), "world_from_camera");
  }

  private static SE3 pose(Pose p, String field) {
    double length = Math.hypot(Math.hypot(p.getQx(), p.getQy()), Math.hypot(p.getQz(), p.getQw()));
    boolean rigid = Math.abs(length - 1) <= UNIT_TOLERANCE;
    if (!rigid || !Double.isFinite(p.getTx() + p.getTy() + p.getTz())) {
      throw BadInputException.of(
          field,
          "a unit quaternion and a finite translation",
          "quaternion (%s, %s, %s, %s), translation (%s, %s, %s)"
              .formatted(
                  p.getQx(), p.getQy(), p.getQz(), p.getQw(), p.getTx(), p.getTy(), p.getTz()));
    }
    return SE3.fromQuaternion(
        p.getQx(), p.getQy(), p.getQz(), p.getQw(), p.getTx(), p.getTy(), p.getTz());
  }

  static RgbdFrame.EncodedImages images(Frame frame) {
    return new RgbdFrame.EncodedImages(
        frame.getColour().getEncodingValue(),
        frame.getColour().getData().toByteArray(),
        frame.getDepth().getEncodingValue(),
        frame.getDepth().getData().toByteArray());
  }

  /** The edge of a watched mesh's lattice in metres. */
  static double meshResolution(WatchMeshRequest request) {
    double resolution =
        request.getResolutionM() == 0
            ? DEFAULT_WATCHED_RESOLUTION_METRES
            : request.getResolutionM();
    if (!(resolution >= MIN_WATCHED_RESOLUTION_METRES
        && resolution <= MeshRequest.MAX_RESOLUTION)) {
      throw BadInputException.of(
          "resolution_m",
          "%s to %s m".formatted(MIN_WATCHED_RESOLUTION_METRES, MeshRequest.MAX_RESOLUTION),
          resolution);
    }
    return resolution;
  }

  static MeshRequest meshRequest(ExtractMeshRequest request) {
    double resolution =
        request.getResolutionM() == 0 ? DEFAULT_RESOLUTION_METRES : request.getResolutionM();
    if (!(resolution >= MeshRequest.MIN_RESOLUTION && resolution <= MeshRequest.MAX_RESOLUTION)) {
      throw BadInputException.of(
          "resolution_m",
          "%s to %s m".formatted(MeshRequest.MIN_RESOLUTION, MeshRequest.MAX_RESOLUTION),
          resolution);
    }
    boolean colours = !request.getWithoutColours();
    if (!request.hasBox()) {
      return new MeshRequest(resolution, null, null, colours);
    }
    Box box = request.getBox();
    double[] min = {box.getMinX(), box.getMinY(), box.getMinZ()};
    double[] max = {box.getMaxX(), box.getMaxY(), box.getMaxZ()};
    for (int axis = 0; axis < min.length; axis++) {
      if (!(min[axis] < max[axis]) || !Double.isFinite(max[axis] - min[axis])) {
        throw BadInputException.of(
            "box",
            "finite corners, min < max on every axis",
            "%s to %s along %s".formatted(min[axis], max[axis], "xyz".charAt(axis)));
      }
    }
    return new MeshRequest(resolution, min, max, colours);
  }
}
