package io.roomfield.slam.client.suite;

import io.roomfield.geometry.PinholeCamera;
import io.roomfield.geometry.SE3;
import io.roomfield.rooms.SphereTracer;
import io.roomfield.rooms.SyntheticSequence;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import javax.imageio.ImageIO;

/** A walk through a procedural room as a small recording in Replica layout. */
public final class ReplicaClip {
  private static final PinholeCamera CAMERA = new PinholeCamera(96, 72, 79, 79, 47.5, 35.5);
  private static final double DEPTH_SCALE = 1000;

  /** A doll's house: there is little to map and to mesh. */
  private static final double SIZE = 0.25;

  private static final long SEED = 1;

  private ReplicaClip() {}

  /** Writes images, poses and camera. */
  public static void write(Path folder, int frames) throws IOException {
    SyntheticSequence walk = new SyntheticSequence(SEED, frames, false);
    SphereTracer tracer = new SphereTracer(walk.room().scene(), walk.room().lighting());
    Files.createDirectories(folder.resolve("results"));
    StringBuilder poses = new StringBuilder();
    for (int i = 0; i < frames; i++) {
      SphereTracer.View view = tracer.render(CAMERA, walk.pose(i));
      write(colour(view), folder.resolve("results/frame%06d.png".formatted(i)));
      write(depth(view), folder.resolve("results/depth%06d.png".formatted(i)));
      poses.append(
          Arrays.stream(shrunk(walk.pose(i)).matrix())
              .mapToObj(Double::toString)
              .collect(Collectors.joining(" ", "", "\n")));
    }
    Files.writeString(folder.resolve("traj.txt"), poses);
    Files.writeString(
        folder.resolve("cam_params.json"),
        """
        {"camera": {"w": %d, "h": %d, "fx": %s, "fy": %s, "cx": %s, "cy": %s, "scale": %s}}
        """
            .formatted(
                CAMERA.width(),
                CAMERA.height(),
                CAMERA.fx(),
                CAMERA.fy(),
                CAMERA.cx(),
                CAMERA.cy(),
                DEPTH_SCALE));
  }

  private static SE3 shrunk(SE3 pose) {
    double[] v = pose.rotationVector();
    return SE3.fromRotationVector(
        v[0], v[1], v[2], SIZE * pose.tx(), SIZE * pose.ty(), SIZE * pose.tz());
  }

  private static BufferedImage colour(SphereTracer.View view) {
    BufferedImage image =
        new BufferedImage(CAMERA.width(), CAMERA.height(), BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < view.depthMetres().length; i++) {
      int rgb = 0;
      for (int channel = 0; channel < 3; channel++) {
        rgb = rgb << Byte.SIZE | Byte.toUnsignedInt(view.rgb()[3 * i + channel]);
      }
      image.setRGB(i % CAMERA.width(), i / CAMERA.width(), rgb);
    }
    return image;
  }

  private static BufferedImage depth(SphereTracer.View view) {
    BufferedImage image =
        new BufferedImage(CAMERA.width(), CAMERA.height(), BufferedImage.TYPE_USHORT_GRAY);
    for (int i = 0; i < view.depthMetres().length; i++) {
      int units = (int) Math.round(SIZE * view.depthMetres()[i] * DEPTH_SCALE);
      image.getRaster().setSample(i % CAMERA.width(), i / CAMERA.width(), 0, units);
    }
    return image;
  }

  private static void write(BufferedImage image, Path file) throws IOException {
    if (!ImageIO.write(image, "png", file.toFile())) {
      throw new IOException("no writer for " + file);
    }
  }
}
