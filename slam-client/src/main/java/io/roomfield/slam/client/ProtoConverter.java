package io.roomfield.slam.client;

import com.google.protobuf.ByteString;
import io.roomfield.geometry.PinholeCamera;
import io.roomfield.geometry.SE3;
import io.roomfield.slam.v1.CameraIntrinsics;
import io.roomfield.slam.v1.Keyframe;
import io.roomfield.slam.v1.Pose;
import io.roomfield.slam.v1.RenderedView;
import io.roomfield.slam.v1.TrackedPose;
import java.nio.ByteOrder;
import java.util.Optional;

/** Between the API's messages and the client's types. */
final class ProtoConverter {
  private ProtoConverter() {}

  static Pose toProto(SE3 worldFromCamera) {
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

  static CameraIntrinsics toProto(PinholeCamera camera) {
    return CameraIntrinsics.newBuilder()
        .setWidth(camera.width())
        .setHeight(camera.height())
        .setFx(camera.fx())
        .setFy(camera.fy())
        .setCx(camera.cx())
        .setCy(camera.cy())
        .build();
  }

  static SE3 fromProto(Pose p) {
    return SE3.fromQuaternion(
        p.getQx(), p.getQy(), p.getQz(), p.getQw(), p.getTx(), p.getTy(), p.getTz());
  }

  static PoseEstimate fromProto(TrackedPose p) {
    return new PoseEstimate(
        p.getSequenceNumber(),
        p.getTimestampNs(),
        fromProto(p.getWorldFromCamera()),
        fromProto(p.getOdometryFromCamera()),
        fromProto(p.getMapFromOdometry()),
        p.getStatus(),
        p.getStatusReason(),
        p.getPositionStddevM(),
        p.getRotationStddevRad());
  }

  static KeyframeView fromProto(Keyframe k) {
    return new KeyframeView(
        k.getKeyframeId(),
        k.getSequenceNumber(),
        k.getTimestampNs(),
        fromProto(k.getWorldFromCamera()),
        k.hasColour() ? Optional.of(k.getColour()) : Optional.empty(),
        k.hasDepth() ? Optional.of(k.getDepth()) : Optional.empty());
  }

  static RenderedImage fromProto(RenderedView view) {
    int pixels = Math.multiplyExact(view.getWidth(), view.getHeight());
    if (view.getDepth().size() != pixels * Float.BYTES || view.getColour().size() != pixels * 3) {
      throw SlamClientException.badAnswer(
          "RenderView",
          "%d bytes of depth and %d of colour (expected: %d and %d for %dx%d)"
              .formatted(
                  view.getDepth().size(),
                  view.getColour().size(),
                  pixels * Float.BYTES,
                  pixels * 3,
                  view.getWidth(),
                  view.getHeight()));
    }
    return new RenderedImage(
        view.getWidth(), view.getHeight(), floats(view.getDepth()), view.getColour().toByteArray());
  }

  /** Little-endian float32 values. */
  static float[] floats(ByteString bytes) {
    float[] values = new float[bytes.size() / Float.BYTES];
    bytes.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
    return values;
  }
}
