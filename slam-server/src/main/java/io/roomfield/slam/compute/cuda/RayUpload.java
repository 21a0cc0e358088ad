package io.roomfield.slam.compute.cuda;

import io.roomfield.cuda.DeviceBuffer;
import io.roomfield.cuda.PinnedBuffer;
import io.roomfield.geometry.SE3;
import io.roomfield.slam.render.RayBatch;
import io.roomfield.slam.render.RenderSettings;
import java.nio.ByteBuffer;

/** A batch's rays on the device, sent in one copy. */
final class RayUpload {
  private static final int SEED_WORDS = 2;
  private static final int POSE_FLOATS = 12;

  /** Floats or integers of a ray: direction, depth, colour, pose. */
  private static final int WORDS_PER_RAY = 2 + 1 + 3 + 1;

  private RayUpload() {}

  /** Sends a batch; {@code struct Rays} of rays.cuh. */
  static Struct send(RayBatch rays, RenderSettings settings, Workspace work) {
    int n = rays.count;
    int poses = rays.poses.length;
    int words = SEED_WORDS + n * WORDS_PER_RAY + poses * (POSE_FLOATS + 1);
    PinnedBuffer staging = work.pinned("rays", Float.BYTES * words);
    ByteBuffer to = staging.bytes().clear().putLong(rays.seed);
    for (int i = 0; i < n; i++) {
      to.putFloat(rays.directionX[i]).putFloat(rays.directionY[i]);
    }
    put(to, rays.depth, n);
    put(to, rays.colour, 3 * n);
    for (int i = 0; i < n; i++) {
      to.putInt(rays.pose[i]);
    }
    for (SE3 pose : rays.poses) {
      put(to, pose);
    }
    put(to, rays.frameMaxDepth, poses);
    DeviceBuffer device = work.words("rays", words);
    work.upload(staging, device, (long) Float.BYTES * words);
    long at = device.pointer() + Float.BYTES * SEED_WORDS;
    long posesAt = at + 4L * n * WORDS_PER_RAY;
    return new Struct()
        .address(at)
        .address(at + 4L * 2 * n)
        .address(at + 4L * 3 * n)
        .address(at + 4L * 6 * n)
        .address(posesAt)
        .address(posesAt + 4L * POSE_FLOATS * poses)
        .buffer(device)
        .i32(n, settings.stratifiedSamples(), settings.surfaceSamples())
        .i32(settings.importanceSamples())
        .i32(settings.perturb())
        .i32(settings.farFromRay());
  }

  private static void put(ByteBuffer to, float[] values, int count) {
    for (int i = 0; i < count; i++) {
      to.putFloat(values[i]);
    }
  }

  private static void put(ByteBuffer to, SE3 t) {
    double[] rows = {
      t.r00(), t.r01(), t.r02(), t.r10(), t.r11(), t.r12(), t.r20(), t.r21(), t.r22(), t.tx(),
      t.ty(), t.tz()
    };
    for (double value : rows) {
      to.putFloat((float) value);
    }
  }
}
