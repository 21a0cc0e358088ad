package io.roomfield.slam.fuzz;

import io.roomfield.datasets.ColourImages;
import io.roomfield.datasets.DepthImages;
import io.roomfield.datasets.PartialCalibration;
import io.roomfield.datasets.RgbdDataset;
import io.roomfield.datasets.RgbdEntry;
import io.roomfield.datasets.SequenceLayout;
import io.roomfield.geometry.PinholeCamera;
import io.roomfield.geometry.PlyFile;
import io.roomfield.geometry.TrajectoryFile;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;

/**
 * Files of recorded sequences. An input's first byte says which file of a small whole folder the
 * other bytes replace; then the folder is read, images and all.
 */
public final class DatasetReadingFuzz {
  private static final int EDGE = 16;
  private static final PartialCalibration NO_OPTIONS = PartialCalibration.NONE;
  private static final String MATRIX = "1 0 0 0\n0 1 0 0\n0 0 1 0\n0 0 0 1\n";
  private static final Path ROOT = TemporaryFolder.create("fuzz-datasets");

  /** Buffers of the image readers, and text that becomes strings and numbers. */
  private static final Execution EXECUTION = new Execution(8 << 20, List.of(IOException.class));

  /** The largest image that is decoded: four channels of 16 bits, and as much for its copies. */
  private static final Execution IMAGE_EXECUTION =
      new Execution(
          2L * 4 * Short.BYTES * PinholeCamera.MAX_EDGE * PinholeCamera.MAX_EDGE,
          List.of(IOException.class));

  private static final List<String> IMAGES = List.of(".png", ".jpg");

  /** A file to replace, and what reads it. */
  private record Target(Path file, Execution.Reading reading) {}

  private static final List<Target> TARGETS;

  static {
    try {
      Path tum = tum("tum");
      Path associated = tum("associated");
      Files.writeString(associated.resolve("associations.txt"), "1 rgb/1.png 1.01 depth/1.png\n");
      Path scannet = scannet();
      Path replica = replica();
      TARGETS =
          List.of(
              new Target(ROOT.resolve("m.ply"), () -> PlyFile.read(ROOT.resolve("m.ply"))),
              new Target(ROOT.resolve("t.txt"), () -> TrajectoryFile.read(ROOT.resolve("t.txt"))),
              of(associated, SequenceLayout.TUM, "associations.txt"),
              of(tum, SequenceLayout.TUM, "rgb.txt"),
              of(tum, SequenceLayout.TUM, "depth.txt"),
              of(tum, SequenceLayout.TUM, "intrinsics.txt"),
              of(tum, SequenceLayout.TUM, "groundtruth.txt"),
              of(tum, SequenceLayout.TUM, "depth/1.png"),
              of(tum, SequenceLayout.TUM, "rgb/1.png"),
              of(scannet, SequenceLayout.SCANNET, "intrinsic/intrinsic_depth.txt"),
              of(scannet, SequenceLayout.SCANNET, "pose/0.txt"),
              of(scannet, SequenceLayout.SCANNET, "color/0.jpg"),
              of(replica, SequenceLayout.REPLICA, "traj.txt"),
              of(replica, SequenceLayout.REPLICA, "cam_params.json"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private DatasetReadingFuzz() {}

  /** Reads a folder with one file replaced. */
  public static void fuzzerTestOneInput(byte[] input) throws IOException {
    if (input.length == 0) {
      return;
    }
    Target target = TARGETS.get(Math.floorMod(input[0], TARGETS.size()));
    byte[] whole = Files.exists(target.file) ? Files.readAllBytes(target.file) : new byte[0];
    Files.write(target.file, Arrays.copyOfRange(input, 1, input.length));
    try {
      boolean image = IMAGES.stream().anyMatch(target.file.toString()::endsWith);
      (image ? IMAGE_EXECUTION : EXECUTION).run(target.reading);
    } finally {
      Files.write(target.file, whole);
    }
  }

  private static Target of(Path folder, SequenceLayout layout, String file) {
    return new Target(folder.resolve(file), () -> read(folder, layout));
  }

  private static void read(Path folder, SequenceLayout layout) throws IOException {
    RgbdDataset dataset = layout.read(folder, NO_OPTIONS);
    RgbdEntry first = dataset.frames().getFirst();
    DepthImages.metres(first.depth().load(), dataset.camera(), dataset.depthScale());
    ColourImages.rgb(first.colour().load(), EDGE, EDGE);
  }

  private static Path tum(String name) throws IOException {
    Path folder = Files.createDirectories(ROOT.resolve(name));
    image(folder, "rgb/1.png", BufferedImage.TYPE_3BYTE_BGR, "png");
    image(folder, "depth/1.png", BufferedImage.TYPE_USHORT_GRAY, "png");
    Files.writeString(folder.resolve("rgb.txt"), "# colour\n1 rgb/1.png\n");
    Files.writeString(folder.resolve("depth.txt"), "1.01 depth/1.png\n");
    Files.writeString(folder.resolve("intrinsics.txt"), "20 20 8 8 1000 16 16\n");
    Files.writeString(folder.resolve("groundtruth.txt"), "1 0 0 0 0 0 0 1\n1.05 0 0 0 0 0 0 1\n");
    return folder;
  }

  private static Path scannet() throws IOException {
    Path folder = ROOT.resolve("scannet");
    image(folder, "color/0.jpg", BufferedImage.TYPE_3BYTE_BGR, "jpeg");
    image(folder, "depth/0.png", BufferedImage.TYPE_USHORT_GRAY, "png");
    Files.createDirectories(folder.resolve("intrinsic"));
    Files.writeString(
        folder.resolve("intrinsic/intrinsic_depth.txt"), "20 0 8 0\n0 20 8 0\n0 0 1 0\n0 0 0 1\n");
    Files.createDirectories(folder.resolve("pose"));
    Files.writeString(folder.resolve("pose/0.txt"), MATRIX);
    return folder;
  }

  private static Path replica() throws IOException {
    Path folder = ROOT.resolve("replica");
    image(folder, "results/frame0.jpg", BufferedImage.TYPE_3BYTE_BGR, "jpeg");
    image(folder, "results/depth0.png", BufferedImage.TYPE_USHORT_GRAY, "png");
    Files.writeString(folder.resolve("traj.txt"), MATRIX.replace('\n', ' ') + "\n");
    Files.writeString(
        folder.resolve("cam_params.json"),
        "{\"camera\":{\"w\":16,\"h\":16,\"fx\":20,\"fy\":20,\"cx\":8,\"cy\":8,\"scale\":1000}}");
    return folder;
  }

  private static void image(Path folder, String name, int type, String format) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    ImageIO.write(new BufferedImage(EDGE, EDGE, type), format, file.toFile());
  }
}
