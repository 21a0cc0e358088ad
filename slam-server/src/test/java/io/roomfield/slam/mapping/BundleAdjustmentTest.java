package io.roomfield.slam.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomfield.geometry.SE3;
import io.roomfield.slam.render.PoseGradient;
import io.roomfield.slam.render.RayBatch;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class BundleAdjustmentTest {
  private static final double RATE = 0.01;

  /** Adam's epsilon of 1e-8 beside gradients of order 1, times the rate. */
  private static final Offset<Double> EPSILON = Offset.offset(1e-9);

  private final SE3[] poses = {
    SE3.fromRotationVector(0.1, 0, 0, 1, 0, 0),
    SE3.fromRotationVector(0, 0.2, 0, 0, 2, 0),
    SE3.fromRotationVector(0, 0, 0.3, 0, 0, 3)
  };
  private final SE3[] start = poses.clone();
  private final RayBatch rays = new RayBatch(4);
  private final PoseGradient gradient = new PoseGradient(4);

  @Test
  void theOldestStaysAndTheOthersStepAgainstTheirOwnRays() {
    rays.count = 4;
    int[] poseOfRay = {2, 0, 1, 2};
    System.arraycopy(poseOfRay, 0, rays.pose, 0, 4);
    gradient.perRay()[0] = 3; // ray 0, pose 2, along x
    gradient.perRay()[6] = 1; // ray 1, pose 0
    gradient.perRay()[6 * 2 + 5] = -2; // ray 2, pose 1, about z
    gradient.perRay()[6 * 3] = -4; // ray 3, pose 2: outweighs ray 0
    new BundleAdjustment(poses, 0, RATE).step(gradient, rays);
    assertThat(poses[0]).isSameAs(start[0]);
    assertPose(poses[1], start[1].perturbed(0, 0, 0, 0, 0, RATE));
    assertPose(poses[2], start[2].perturbed(RATE, 0, 0, 0, 0, 0));
  }

  @Test
  void raysBeyondTheBatchDoNotCount() {
    rays.count = 1;
    rays.pose[1] = 1;
    gradient.perRay()[6] = 1;
    new BundleAdjustment(poses, 0, RATE).step(gradient, rays);
    assertPose(poses[1], start[1]);
  }

  private static void assertPose(SE3 actual, SE3 expected) {
    assertThat(actual.matrix()).containsExactly(expected.matrix(), EPSILON);
  }
}
