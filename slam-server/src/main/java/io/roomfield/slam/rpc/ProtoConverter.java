package io.roomfield.slam.rpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.roomfield.geometry.PinholeCamera;
import io.roomfield.geometry.SE3;
import io.roomfield.geometry.TriangleMesh;
import io.roomfield.slam.field.FeatureGrid;
import io.roomfield.slam.field.SceneField;
import io.roomfield.slam.ingest.RgbdFrame;
import io.roomfield.slam.query.RenderedImage;
import io.roomfield.slam.session.LoadShedding;
import io.roomfield.slam.session.SessionSettings;
import io.roomfield.slam.session.SessionStatistics;
import io.roomfield.slam.session.SlamSession;
import io.roomfield.slam.tracking.TrackingResult;
import io.roomfield.slam.v1.CameraIntrinsics;
import io.roomfield.slam.v1.ColourImage;
import io.roomfield.slam.v1.DepthImage;
import io.roomfield.slam.v1.FrameTracked;
import io.roomfield.slam.v1.Keyframe;
import io.roomfield.slam.v1.Losses;
import io.roomfield.slam.v1.MeshChunk;
import io.roomfield.slam.v1.MeshPatch;
import io.roomfield.slam.v1.Pose;
import io.roomfield.slam.v1.RenderedView;
import io.roomfield.slam.v1.Session;
import io.roomfield.slam.v1.SessionState;
import io.roomfield.slam.v1.SessionStatus;
import io.roomfield.slam.v1.Shed;
import io.roomfield.slam.v1.Timing;
import io.roomfield.slam.v1.TrackedPose;
import io.roomfield.slam.v1.TrackingStatus;
import io.roomfield.slam.v1.Trajectory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The engine's results as answers of the API. */
final class ProtoConverter {
  private ProtoConverter() {}

  static Session session(String id, SessionSettings settings, int queueCapacity) {
    return Session.newBuilder()
        .setSessionId(id)
        .setPreset(settings.config().name())
        .setSeed(settings.config().seed())
        .setQueueCapacity(queueCapacity)
        .build();
  }

  static Pose pose(SE3 worldFromCamera) {
    double[] q = worldFromCamera.quaternion();
    return Pose.newBuilder()
        .setQx(q[0])
        .setQy(q[1])
        .setQz(q[2])
        .setQw(q[3])
        .setTx(worldFromCamera.tx())
        .setTy(worldFromCamera.ty())
        .setTz(worldFromCamera.tz())
        .build();
  }

  static TrackedPose trackedPose(TrackingResult result) {
    return TrackedPose.newBuilder()
        .setSequenceNumber(result.sequenceNumber())
        .setTimestampNs(result.timestampNanos())
        .setWorldFromCamera(pose(result.worldFromCamera()))
        .setOdometryFromCamera(pose(result.odometryFromCamera()))
        .setMapFromOdometry(pose(result.mapFromOdometry()))
        .setStatus(status(result))
        .setStatusReason(result.statusReason())
        .setPositionStddevM(result.positionStddev())
        .setRotationStddevRad(result.rotationStddev())
        .build();
  }

  private static TrackingStatus status(TrackingResult result) {
    return switch (result.status()) {
      case TRACKING -> TrackingStatus.TRACKING_STATUS_TRACKING;
      case UNCERTAIN -> TrackingStatus.TRACKING_STATUS_UNCERTAIN;
      case LOST -> TrackingStatus.TRACKING_STATUS_LOST;
    };
  }

  static FrameTracked frameTracked(TrackingResult result, int keyframes) {
    return FrameTracked.newBuilder()
        .setPose(trackedPose(result))
        .setLosses(losses(result.depthLoss(), result.colourLoss()))
        .setTrackingMs(result.trackingMillis())
        .setKeyframes(keyframes)
        .build();
  }

  static Trajectory trajectory(io.roomfield.slam.query.Trajectory trajectory) {
    Trajectory.Builder poses = Trajectory.newBuilder();
    trajectory.poses().forEach(result -> poses.addPoses(trackedPose(result)));
    return poses.build();
  }

  static Keyframe keyframe(io.roomfield.slam.mapping.Keyframe keyframe) {
    return Keyframe.newBuilder()
        .setKeyframeId(keyframe.id())
        .setSequenceNumber(keyframe.frame().sequenceNumber())
        .setTimestampNs(keyframe.frame().timestampNanos())
        .setWorldFromCamera(pose(keyframe.worldFromCamera()))
        .build();
  }

  static Keyframe keyframeWithImages(io.roomfield.slam.mapping.Keyframe keyframe) {
    RgbdFrame.EncodedImages images = keyframe.frame().encoded();
    return keyframe(keyframe).toBuilder()
        .setColour(
            ColourImage.newBuilder()
                .setEncodingValue(images.colourEncoding())
                .setData(UnsafeByteOperations.unsafeWrap(images.colour())))
        .setDepth(
            DepthImage.newBuilder()
                .setEncodingValue(images.depthEncoding())
                .setData(UnsafeByteOperations.unsafeWrap(images.depth())))
        .build();
  }

  static RenderedView view(RenderedImage image) {
    return RenderedView.newBuilder()
        .setWidth(image.width())
        .setHeight(image.height())
        .setDepth(floats(image.depthMetres(), 0, image.depthMetres().length))
        .setColour(UnsafeByteOperations.unsafeWrap(image.rgb()))
        .build();
  }

  static MeshPatch meshPatch(io.roomfield.slam.meshing.MeshPatch patch) {
    TriangleMesh mesh = patch.mesh();
    return MeshPatch.newBuilder()
        .setX(patch.x())
        .setY(patch.y())
        .setZ(patch.z())
        .setMapVersion(patch.mapVersion())
        .setMesh(
            MeshChunk.newBuilder()
                .setPositions(floats(mesh.positions(), 0, mesh.positions().length))
                .setNormals(floats(mesh.normals(), 0, mesh.normals().length))
                .setColours(UnsafeByteOperations.unsafeWrap(mesh.colours()))
                .setFaces(ints(mesh.faces(), 0, mesh.faces().length)))
        .setSightings(UnsafeByteOperations.unsafeWrap(patch.sightings()))
        .build();
  }

  /** Little endian, as all numbers in the API's bytes. */
  static ByteString floats(float[] values, int from, int to) {
    ByteBuffer bytes =
        ByteBuffer.allocate((to - from) * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values, from, to - from);
    return UnsafeByteOperations.unsafeWrap(bytes);
  }

  /** See {@link #floats}. */
  static ByteString ints(int[] values, int from, int to) {
    ByteBuffer bytes =
        ByteBuffer.allocate((to - from) * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asIntBuffer().put(values, from, to - from);
    return UnsafeByteOperations.unsafeWrap(bytes);
  }

  static SessionStatus status(SlamSession session, String backend) {
    SessionStatistics statistics = session.statistics();
    SessionStatus.Builder status =
        SessionStatus.newBuilder()
            .setSessionId(session.id())
            .setLabel(session.settings().label())
            .setState(state(session.state()))
            .setFailure(session.failure())
            .setPreset(session.settings().config().name())
            .setSeed(session.settings().config().seed())
            .setBackend(backend)
            .setFramesAccepted(statistics.accepted())
            .setFramesRejected(statistics.rejected())
            .setFramesDropped(statistics.dropped())
            .setFramesTracked(statistics.tracked())
            .setFramesUncertain(statistics.uncertain())
            .setFramesLost(statistics.lost())
            .setMappingRounds(statistics.mapping().count())
            .setFramesQueued(session.queuedFrames())
            .setKeyframes(session.keyframes().size())
            .setTrackingMs(timing(statistics.tracking()))
            .setMappingMs(timing(statistics.mapping()))
            .setMappingShare(session.mappingShare())
            .setCamera(camera(session.settings().camera()))
            .setServerPeakRssBytes(ServerProcess.peakResidentBytes())
            .setShed(shed(statistics))
            .addAllLosses(session.losses());
    session.lastAccepted().ifPresent(status::setLastAcceptedSequenceNumber);
    statistics
        .lastTracked()
        .ifPresent(
            last ->
                status
                    .setTrackingLosses(losses(last.depthLoss(), last.colourLoss()))
                    .setLastTrackingMs(last.trackingMillis()));
    statistics
        .lastMapped()
        .ifPresent(
            last ->
                status
                    .setMappingLosses(losses(last.depthLoss(), last.colourLoss()))
                    .setLastMappingMs(last.mappingMillis()));
    session.map().ifPresent(map -> addMap(map.field(), status));
    return status.build();
  }

  private static Shed shed(SessionStatistics statistics) {
    return Shed.newBuilder()
        .setRounds(statistics.shed(LoadShedding.ROUND))
        .setKeyframeIterations(statistics.shed(LoadShedding.KEYFRAME_ITERATIONS))
        .setFramesNoRoom(statistics.shed(LoadShedding.FRAME_NO_ROOM))
        .setFramesRate(statistics.shed(LoadShedding.FRAME_RATE))
        .build();
  }

  private static void addMap(SceneField field, SessionStatus.Builder status) {
    status
        .setMapBytes(field.bytes())
        .setCoarseBlocks(blocks(field.coarse()))
        .setMidBlocks(blocks(field.mid()))
        .setFineBlocks(blocks(field.fine()))
        .setColourBlocks(blocks(field.colour()));
  }

  private static int blocks(FeatureGrid grid) {
    return grid == null ? 0 : grid.blockCount();
  }

  static SessionState state(SlamSession.State state) {
    return switch (state) {
      case OPEN -> SessionState.SESSION_STATE_OPEN;
      case FINISHING -> SessionState.SESSION_STATE_FINISHING;
      case FINISHED -> SessionState.SESSION_STATE_FINISHED;
      case FAILED -> SessionState.SESSION_STATE_FAILED;
    };
  }

  private static CameraIntrinsics camera(PinholeCamera camera) {
    return CameraIntrinsics.newBuilder()
        .setWidth(camera.width())
        .setHeight(camera.height())
        .setFx(camera.fx())
        .setFy(camera.fy())
        .setCx(camera.cx())
        .setCy(camera.cy())
        .build();
  }

  private static Timing timing(SessionStatistics.Timing timing) {
    return Timing.newBuilder()
        .setMedian(timing.median())
        .setP95(timing.p95())
        .setCount(timing.count())
        .build();
  }

  private static Losses losses(double depthMetres, double colour) {
    return Losses.newBuilder().setDepthM(depthMetres).setColour(colour).build();
  }
}
