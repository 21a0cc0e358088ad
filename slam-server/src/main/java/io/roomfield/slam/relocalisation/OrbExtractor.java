package io.roomfield.slam.relocalisation;

import io.roomfield.geometry.PinholeCamera;
import io.roomfield.slam.ingest.RgbdFrame;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.KeyPoint;
import org.bytedeco.opencv.opencv_core.KeyPointVector;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_features2d.ORB;

/**
 * Finds the ORB features of a frame, spread over the image: corners are detected with a low
 * threshold, then cells of the image take turns in giving their strongest one. Without the turns
 * corners crowd on what is most textured, and a pose from a crowd is off by decimetres elsewhere.
 * Stateless and deterministic; callable from several threads.
 */
public final class OrbExtractor {
  private static final int FEATURES = 1000;

  /** So many corners take part in the turns. */
  private static final int DETECTED = 5000;

  /** White walls have corners of a few grey levels; OpenCV's 20 finds a sixth of them. */
  private static final int FAST_THRESHOLD = 7;

  /** Cells along the image's width; they are square. */
  private static final int CELLS_ACROSS = 16;

  // Those of Rublee et al., and OpenCV's defaults.
  private static final float SCALE_FACTOR = 1.2f;
  private static final int LEVELS = 8;
  private static final int PATCH_PIXELS = 31;
  private static final int FIRST_LEVEL = 0;
  private static final int COMPARED_PIXELS = 2;

  private final PinholeCamera camera;
  private final int cellPixels;
  private final int cellRows;

  /**
   * @param camera that takes the frames
   */
  public OrbExtractor(PinholeCamera camera) {
    this.camera = camera;
    cellPixels = Math.ceilDiv(camera.width(), CELLS_ACROSS);
    cellRows = Math.ceilDiv(camera.height(), cellPixels);
  }

  /** A corner of the detector; its descriptor is in a row of the detector's matrix. */
  private record Corner(int row, float x, float y, float response, int turn) {}

  /** At most 1000 features of a frame, each with its point where the frame has depth. */
  public OrbFeatures extract(RgbdFrame frame) {
    try (PointerScope _ = new PointerScope()) {
      ORB orb =
          ORB.create(
              DETECTED,
              SCALE_FACTOR,
              LEVELS,
              PATCH_PIXELS,
              FIRST_LEVEL,
              COMPARED_PIXELS,
              ORB.HARRIS_SCORE,
              PATCH_PIXELS,
              FAST_THRESHOLD);
      KeyPointVector keypoints = new KeyPointVector();
      Mat descriptors = new Mat();
      orb.detectAndCompute(grey(frame), new Mat(), keypoints, descriptors);
      return features(frame.depthMetres(), chosen(keypoints), descriptors);
    }
  }

  private Mat grey(RgbdFrame frame) {
    Mat rgb =
        new Mat(camera.height(), camera.width(), opencv_core.CV_8UC3, new BytePointer(frame.rgb()));
    Mat grey = new Mat();
    opencv_imgproc.cvtColor(rgb, grey, opencv_imgproc.COLOR_RGB2GRAY);
    return grey;
  }

  private List<Corner> chosen(KeyPointVector keypoints) {
    List<Corner> strongestFirst = new ArrayList<>();
    for (int row = 0; row < keypoints.size(); row++) {
      KeyPoint keypoint = keypoints.get(row);
      float x = keypoint.pt().x();
      float y = keypoint.pt().y();
      strongestFirst.add(new Corner(row, x, y, keypoint.response(), 0));
    }
    strongestFirst.sort(Comparator.comparingDouble(corner -> -corner.response()));
    int[] turns = new int[cellRows * CELLS_ACROSS];
    return strongestFirst.stream()
        .map(c -> new Corner(c.row, c.x, c.y, c.response, turns[cell(c)]++))
        .sorted(Comparator.comparingInt(Corner::turn))
        .limit(FEATURES)
        .toList();
  }

  private int cell(Corner corner) {
    return (int) corner.y / cellPixels * CELLS_ACROSS + (int) corner.x / cellPixels;
  }

  private OrbFeatures features(float[] depthMetres, List<Corner> corners, Mat descriptors) {
    int count = corners.size();
    float[] pixels = new float[2 * count];
    float[] points = new float[3 * count];
    long[] words = new long[OrbFeatures.WORDS * count];
    if (count > 0) {
      LongBuffer rows =
          descriptors.<ByteBuffer>createBuffer().order(ByteOrder.LITTLE_ENDIAN).asLongBuffer();
      for (int i = 0; i < count; i++) {
        Corner corner = corners.get(i);
        pixels[2 * i] = corner.x;
        pixels[2 * i + 1] = corner.y;
        backProject(corner, depthMetres, points, 3 * i);
        rows.get(OrbFeatures.WORDS * corner.row, words, OrbFeatures.WORDS * i, OrbFeatures.WORDS);
      }
    }
    return new OrbFeatures(pixels, points, words);
  }

  private void backProject(Corner corner, float[] depthMetres, float[] points, int at) {
    float reading = depthMetres[Math.round(corner.y) * camera.width() + Math.round(corner.x)];
    float z = reading > 0 ? reading : Float.NaN;
    points[at] = (float) ((corner.x - camera.cx()) / camera.fx() * z);
    points[at + 1] = (float) ((corner.y - camera.cy()) / camera.fy() * z);
    points[at + 2] = z;
  }
}
