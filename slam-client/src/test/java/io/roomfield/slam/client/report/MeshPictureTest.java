package io.roomfield.slam.client.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomfield.geometry.PinholeCamera;
import io.roomfield.geometry.SE3;
import io.roomfield.geometry.TimedPose;
import io.roomfield.geometry.TriangleMesh;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class MeshPictureTest {
  private static final PinholeCamera CAMERA = new PinholeCamera(33, 33, 30, 30, 16, 16);
  private static final int BACKGROUND = 0xd8dee6;

  @Test
  void surfaceSeenFaceOnHasItsVertexColours() {
    byte[] red = {-56, 10, 20, -56, 10, 20, -56, 10, 20, -56, 10, 20};
    BufferedImage image = MeshPicture.fromPose("wall", wall(red, 2), CAMERA, SE3.IDENTITY).image();
    assertThat(image.getRGB(16, 16) & 0xffffff).isEqualTo(0xc80a14);
    assertThat(image.getRGB(0, 0) & 0xffffff).isEqualTo(BACKGROUND);
  }

  @Test
  void surfaceWithoutColoursIsGreyAndDarkerWhenSlanted() {
    int faceOn = centre(wall(null, 2), SE3.IDENTITY);
    int slanted =
        centre(
            wall(null, 2),
            SE3.lookAt(new double[] {3, 0, 0}, new double[] {0, 0, 2}, new double[] {0, -1, 0}));
    assertThat(faceOn).isEqualTo(0xc8c8c8);
    assertThat(slanted & 0xff).isEqualTo(slanted >> 16).isLessThan(faceOn & 0xff);
  }

  @Test
  void overviewShowsAFloorAndLeavesOutItsCeiling() {
    // a floor at y = 1 (down) that faces up, and a black ceiling at y = -1 that faces down
    float[] positions = {
      -1, 1, -1, 1, 1, -1, 1, 1, 1, -1, 1, 1, -1, -1, -1, 1, -1, -1, 1, -1, 1, -1, -1, 1
    };
    byte[] colours = new byte[24];
    Arrays.fill(colours, 0, 12, (byte) -56);
    int[] faces = {0, 1, 2, 0, 2, 3, 4, 6, 5, 4, 7, 6};
    TriangleMesh room = new TriangleMesh(positions, null, colours, faces);
    BufferedImage image =
        MeshPicture.overview("room", room, List.of(new TimedPose(0, SE3.IDENTITY))).image();
    int floor = 0;
    int ceiling = 0;
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        int rgb = image.getRGB(x, y) & 0xffffff;
        floor += rgb != BACKGROUND && rgb != 0 ? 1 : 0;
        ceiling += rgb == 0 ? 1 : 0;
      }
    }
    assertThat(ceiling).isZero();
    assertThat(floor).isGreaterThan(image.getWidth() * image.getHeight() / 10);
    assertThat(image.getRGB(0, 0) & 0xffffff).isEqualTo(BACKGROUND);
  }

  private static int centre(TriangleMesh mesh, SE3 pose) {
    BufferedImage image = MeshPicture.fromPose("", mesh, CAMERA, pose).image();
    return image.getRGB(16, 16) & 0xffffff;
  }

  /** A square of a metre across the z axis. */
  private static TriangleMesh wall(byte[] colours, float z) {
    float h = 0.5f;
    return new TriangleMesh(
        new float[] {-h, -h, z, h, -h, z, h, h, z, -h, h, z},
        null,
        colours,
        new int[] {0, 1, 2, 0, 2, 3});
  }
}
