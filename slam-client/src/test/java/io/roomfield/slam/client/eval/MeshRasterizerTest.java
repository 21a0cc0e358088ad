package io.roomfield.slam.client.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.roomfield.geometry.PinholeCamera;
import io.roomfield.geometry.SE3;
import io.roomfield.geometry.TriangleMesh;
import org.junit.jupiter.api.Test;

class MeshRasterizerTest {
  private static final PinholeCamera CAMERA = new PinholeCamera(32, 24, 30, 30, 15.5, 11.5);

  /** Depths are kept in float: 2^-24 of a few metres. */
  private static final float ROUNDING = 1e-6f;

  @Test
  void slantedPlaneHasItsClosedFormDepth() {
    // z = 2 + x / 2, large enough to fill the image; one corner lies behind the camera
    TriangleMesh plane =
        mesh(new float[] {-8, 9, -2, 40, 9, 22, -8, -90, -2, 40, -90, 22}, 0, 1, 2, 1, 3, 2);
    MeshRasterizer.View view = MeshRasterizer.render(plane, CAMERA, SE3.IDENTITY, true);
    for (int y = 0; y < CAMERA.height(); y++) {
      for (int x = 0; x < CAMERA.width(); x++) {
        double dx = (x - CAMERA.cx()) / CAMERA.fx();
        assertThat(view.depthMetres()[y * CAMERA.width() + x])
            .isEqualTo((float) (2 / (1 - dx / 2)), within(4 * ROUNDING));
      }
    }
  }

  @Test
  void nearerSurfaceHides() {
    TriangleMesh two =
        mesh(
            new float[] {-9, -9, 3, 9, -9, 3, 0, 18, 3, -9, -9, 2, 9, -9, 2, 0, 18, 2},
            3,
            4,
            5,
            0,
            1,
            2);
    MeshRasterizer.View view = MeshRasterizer.render(two, CAMERA, SE3.IDENTITY, true);
    assertThat(view.depthMetres()).containsOnly(2f);
    assertThat(view.faces()).containsOnly(0);
  }

  @Test
  void poseMovesTheCamera() {
    TriangleMesh wall = mesh(new float[] {-9, -9, 3, 9, -9, 3, 0, 18, 3}, 0, 1, 2);
    SE3 forward = SE3.fromRotationVector(0, 0, 0, 0, 0, 1);
    assertThat(MeshRasterizer.render(wall, CAMERA, forward, true).depthMetres()).containsOnly(2f);
    SE3 beyond = SE3.fromRotationVector(0, 0, 0, 0, 0, 4);
    assertThat(MeshRasterizer.render(wall, CAMERA, beyond, true).faces()).containsOnly(-1);
  }

  @Test
  void backFacesCanBeLeftOut() {
    // x right, y down: this order is clockwise as the camera sees it, so its back
    TriangleMesh back = mesh(new float[] {-9, -9, 3, 9, -9, 3, 0, 18, 3}, 0, 1, 2);
    TriangleMesh front = mesh(new float[] {-9, -9, 3, 9, -9, 3, 0, 18, 3}, 0, 2, 1);
    assertThat(MeshRasterizer.render(back, CAMERA, SE3.IDENTITY, false).faces()).containsOnly(-1);
    assertThat(MeshRasterizer.render(front, CAMERA, SE3.IDENTITY, false).faces()).containsOnly(0);
  }

  @Test
  void weightsRebuildThePoint() {
    TriangleMesh triangle = mesh(new float[] {-3, -2, 2, 3, -2, 4, 0, 5, 3}, 0, 1, 2);
    MeshRasterizer.View view = MeshRasterizer.render(triangle, CAMERA, SE3.IDENTITY, true);
    int pixel = 11 * CAMERA.width() + 17;
    float[] w = view.weights();
    int at = 3 * pixel;
    assertThat(w[at] + w[at + 1] + w[at + 2]).isEqualTo(1, within(ROUNDING));
    float depth = view.depthMetres()[pixel];
    assertThat(-3 * w[at] + 3 * w[at + 1]).isEqualTo((17 - 15.5f) / 30 * depth, within(ROUNDING));
    assertThat(2 * w[at] + 4 * w[at + 1] + 3 * w[at + 2]).isEqualTo(depth, within(ROUNDING));
  }

  private static TriangleMesh mesh(float[] positions, int... faces) {
    return new TriangleMesh(positions, null, null, faces);
  }
}
