package io.roomfield.slam.render;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RayBatchTest {
  @Test
  void retainKeepsMarkedRaysWholeAndInOrder() {
    RayBatch rays = new RayBatch(4);
    rays.count = 4;
    for (int ray = 0; ray < 4; ray++) {
      rays.directionX[ray] = ray;
      rays.directionY[ray] = 10 + ray;
      rays.depth[ray] = 20 + ray;
      rays.pose[ray] = ray;
      rays.colour[3 * ray + 2] = 30 + ray;
    }
    rays.retain(new boolean[] {false, true, false, true});
    assertThat(rays.count).isEqualTo(2);
    assertThat(rays.directionX).startsWith(1, 3);
    assertThat(rays.directionY).startsWith(11, 13);
    assertThat(rays.depth).startsWith(21, 23);
    assertThat(rays.pose).startsWith(1, 3);
    assertThat(rays.colour[2]).isEqualTo(31);
    assertThat(rays.colour[5]).isEqualTo(33);
  }
}
