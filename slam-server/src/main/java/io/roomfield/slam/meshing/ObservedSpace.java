package io.roomfield.slam.meshing;

import io.roomfield.geometry.PinholeCamera;
import io.roomfield.slam.isosurface.LatticeBox;
import io.roomfield.slam.isosurface.OccupancyLattice;
import io.roomfield.slam.mapping.Keyframe;
import java.util.ArrayList;
import java.util.List;

/**
 * What a set of keyframes has seen (algorithm, section 5). A point is
 *
 * <ul>
 *   <li>{@link #NEAR} if at least one keyframe has a reading at its pixel within the margin of the
 *       point's depth: there the map decides;
 *   <li>{@link #FREE} if it is only ever farther than the margin in front of a reading: the
 *       sensor's word for it;
 *   <li>{@link #UNKNOWN} otherwise.
 * </ul>
 */
final class ObservedSpace {
  static final byte UNKNOWN = OccupancyLattice.UNKNOWN;
  static final byte FREE = OccupancyLattice.FREE;
  static final byte NEAR = OccupancyLattice.NEAR;

  /** Points along the edge of the bricks that are judged as a whole first. */
  private static final int BRICK = 8;

  private final List<DepthView> views;

  ObservedSpace(List<DepthView> views) {
    this.views = views;
  }

  /**
   * @param marginMetres how far from a reading a point counts as near, along the optical axis
   * @throws IllegalArgumentException if a keyframe's image has another size than the camera's
   */
  static ObservedSpace of(PinholeCamera camera, List<Keyframe> keyframes, float marginMetres) {
    List<DepthView> views = new ArrayList<>();
    for (Keyframe keyframe : keyframes) {
      views.add(new DepthView(camera, keyframe, marginMetres));
    }
    return new ObservedSpace(views);
  }

  /** What the keyframes that may see something of a box saw: the same there, and quicker. */
  ObservedSpace within(LatticeBox box, double spacing) {
    BoundingSphere bounds = BoundingSphere.of(box, spacing);
    List<DepthView> seeing = new ArrayList<>();
    for (DepthView view : views) {
      if (view.verdict(bounds) != DepthView.Verdict.UNSEEN) {
        seeing.add(view);
      }
    }
    return new ObservedSpace(seeing);
  }

  List<DepthView> views() {
    return views;
  }

  /** How many keyframes see a point near the surface, from the side that a normal points to. */
  int sightings(double[] point, double[] normal) {
    int count = 0;
    for (DepthView view : views) {
      count += sees(view, point, normal) ? 1 : 0;
    }
    return count;
  }

  /** Whether some point of a box may be near a surface; false is certain. */
  boolean mayBeNear(LatticeBox box, double spacing) {
    BoundingSphere bounds = BoundingSphere.of(box, spacing);
    for (DepthView view : views) {
      if (view.verdict(bounds) == DepthView.Verdict.MAYBE_NEAR) {
        return true;
      }
    }
    return false;
  }

  /** {@link #UNKNOWN}, {@link #FREE} or {@link #NEAR} per point of a box. */
  byte[] classify(LatticeBox box, double spacing) {
    byte[] classes = new byte[box.pointCount()];
    for (int z = 0; z < box.sizeZ(); z += BRICK) {
      for (int y = 0; y < box.sizeY(); y += BRICK) {
        for (int x = 0; x < box.sizeX(); x += BRICK) {
          LatticeBox brick =
              new LatticeBox(
                  box.x() + x,
                  box.y() + y,
                  box.z() + z,
                  Math.min(BRICK, box.sizeX() - x),
                  Math.min(BRICK, box.sizeY() - y),
                  Math.min(BRICK, box.sizeZ() - z));
          within(brick, spacing).classifyBrick(brick, spacing, box, classes);
        }
      }
    }
    return classes;
  }

  private void classifyBrick(LatticeBox brick, double spacing, LatticeBox box, byte[] classes) {
    if (views.isEmpty()) {
      return;
    }
    boolean anyNear = mayBeNear(brick, spacing);
    for (int z = brick.z(); z < brick.z() + brick.sizeZ(); z++) {
      for (int y = brick.y(); y < brick.y() + brick.sizeY(); y++) {
        int at = box.index(brick.x() - box.x(), y - box.y(), z - box.z());
        for (int x = brick.x(); x < brick.x() + brick.sizeX(); x++) {
          classes[at++] = classify(x * spacing, y * spacing, z * spacing, anyNear);
        }
      }
    }
  }

  private byte classify(double x, double y, double z, boolean anyNear) {
    byte result = UNKNOWN;
    for (DepthView view : views) {
      float behind = view.behindSurface(x, y, z);
      if (view.isNear(behind)) {
        return NEAR;
      }
      if (behind < 0) {
        if (!anyNear) {
          return FREE;
        }
        result = FREE;
      }
    }
    return result;
  }

  /** Whether a keyframe sees a point near the surface, from the side that a normal points to. */
  boolean seenFromOutside(double[] point, double[] normal) {
    for (DepthView view : views) {
      if (sees(view, point, normal)) {
        return true;
      }
    }
    return false;
  }

  private static boolean sees(DepthView view, double[] point, double[] normal) {
    return view.faces(point, normal)
        && view.isNear(view.behindSurface(point[0], point[1], point[2]));
  }
}
