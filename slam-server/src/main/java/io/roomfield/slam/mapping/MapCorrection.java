package io.roomfield.slam.mapping;

import io.roomfield.geometry.PinholeCamera;
import io.roomfield.geometry.SE3;
import io.roomfield.slam.compute.ComputeBackend;
import io.roomfield.slam.field.FeatureGrid;
import io.roomfield.slam.field.FieldLevel;
import io.roomfield.slam.field.SceneField;
import io.roomfield.slam.fusion.DepthFusion;
import io.roomfield.slam.fusion.FusedDepth;
import io.roomfield.slam.posegraph.PoseMove;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Makes the map follow its keyframes when their poses are corrected, as when a loop is closed (ADR
 * 12). Fused depth is fused again, which is exact. Features move rigidly with the keyframe that
 * their block belongs to, which is about right: decoders that encode positions read a moved feature
 * elsewhere. So what is stale afterwards is to be encoded anew or optimised again.
 */
final class MapCorrection {
  /**
   * A block stays that moves by less than this share of a fine voxel: 2.5 mm with voxels of 8 cm.
   * That is a Kinect's noise at 1 m, and what rounds of mapping make good by themselves, whereas
   * sampling features anew blurs them. All levels go by the fine voxel, for fine and mid features
   * are a sum and have to move together.
   */
  private static final double TOLERANCE_VOXELS = 1.0 / 32;

  /**
   * A correction encodes anew and from keyframes alone, which costs about a centimetre of depth
   * (docs/adr/0013): less drift than this is better left to mapping, metres and radians.
   */
  private static final double WORTH_METRES = 0.05;

  private static final double WORTH_RADIANS = Math.toRadians(5);

  private final SceneField field;
  private final BlockAnchors anchors;
  private final PinholeCamera camera;

  private final double tolerance;

  /** Per level that moves, the blocks whose features are others now. */
  private final Map<FieldLevel, int[]> changed = new EnumMap<>(FieldLevel.class);

  /** Keyframes whose views have moved. */
  private final List<Keyframe> moved = new ArrayList<>();

  /**
   * @param field the mapper's own; changed in place by {@link #move}, blocks keep their numbers
   * @param anchors of every block; kept up to date
   */
  MapCorrection(SceneField field, BlockAnchors anchors, PinholeCamera camera) {
    this.field = field;
    this.anchors = anchors;
    this.camera = camera;
    tolerance = TOLERANCE_VOXELS * field.fine().voxelEdge();
  }

  /**
   * Moves keyframes, and the features of the blocks that are anchored to them.
   *
   * @param levels that move
   * @param keyframes all, by id
   * @param moves a keyframe whose pose is no longer {@code before} makes the same motion from where
   *     it is
   * @throws IllegalArgumentException if there is no keyframe of a move's id; nothing has moved then
   */
  void move(Set<FieldLevel> levels, List<Keyframe> keyframes, List<PoseMove> moves) {
    Map<Integer, SE3> motions = new LinkedHashMap<>();
    for (PoseMove move : moves) {
      if (move.id() < 0 || move.id() >= keyframes.size()) {
        throw new IllegalArgumentException(
            "move of keyframe %d (expected: one of the %d keyframes)"
                .formatted(move.id(), keyframes.size()));
      }
      motions.put(move.id(), move.newFromOld().normalised());
    }
    motions.forEach((id, motion) -> move(keyframes.get(id), motion));
    levels.forEach(level -> deform(level, motions));
  }

  private void move(Keyframe keyframe, SE3 motion) {
    SE3 before = keyframe.worldFromCamera();
    SE3 after = motion.times(before).normalised();
    keyframe.moveTo(after);
    if (leaves(keyframe, before, after)) {
      moved.add(keyframe);
    }
  }

  /** Whether a keyframe's view moves by more than the tolerance. */
  private boolean leaves(Keyframe keyframe, SE3 before, SE3 after) {
    SE3 shift = before.inverse().times(after);
    double turned = shift.rotationAngle() * keyframe.pixels().maxDepthMetres();
    return shift.translationNorm() + turned > tolerance;
  }

  /** Whether some keyframe moves by more than a correction costs. */
  static boolean isWorthwhile(List<PoseMove> moves) {
    return moves.stream()
        .map(PoseMove::motion)
        .anyMatch(
            motion ->
                motion.translationNorm() > WORTH_METRES || motion.rotationAngle() > WORTH_RADIANS);
  }

  private void deform(FieldLevel level, Map<Integer, SE3> motions) {
    FeatureGrid grid = field.grid(level);
    GridDeformation.Result result =
        GridDeformation.deform(grid, block -> motions.get(anchors.of(level, block)), tolerance);
    // Looked up before any is set: a source's own anchor may change, too.
    int[] keyframes =
        Arrays.stream(result.sources()).map(block -> anchors.of(level, block)).toArray();
    // New blocks come last, in the order of their numbers.
    for (int i = 0; i < keyframes.length; i++) {
      anchors.anchor(level, result.changed()[i], keyframes[i]);
    }
    changed.put(level, result.changed());
  }

  /**
   * Per level that moves, the numbers of the blocks that no longer fit their views, ascending:
   * those whose features are others now, and those that a keyframe sees whose view has moved. The
   * latter may be anchored elsewhere, and yet hold what the keyframe saw where it was thought to
   * be. All have new stamps: what is kept beside their features does not hold any more either.
   */
  Map<FieldLevel, int[]> stale() {
    Map<FieldLevel, int[]> stale = new EnumMap<>(FieldLevel.class);
    changed.forEach(
        (level, blocks) -> {
          FeatureGrid grid = field.grid(level);
          IntStream seen =
              IntStream.range(0, grid.blockCount())
                  .filter(block -> moved.stream().anyMatch(k -> sees(k, grid, block)));
          int[] all = IntStream.concat(IntStream.of(blocks), seen).sorted().distinct().toArray();
          IntStream.of(all).forEach(grid::renew);
          stale.put(level, all);
        });
    return stale;
  }

  /** The keyframes that see one of these fine blocks. */
  List<Keyframe> seeing(int[] fineBlocks, List<Keyframe> keyframes) {
    return keyframes.stream()
        .filter(k -> IntStream.of(fineBlocks).anyMatch(block -> sees(k, field.fine(), block)))
        .toList();
  }

  /**
   * Whether a block's centre is in view and at most a block's diagonal behind the reading. Where
   * there is none, the frame's largest stands in.
   */
  private boolean sees(Keyframe keyframe, FeatureGrid grid, int block) {
    double metres = FeatureGrid.BLOCK_EDGE * grid.voxelEdge();
    SE3 pose = keyframe.worldFromCamera();
    double x = (grid.blockX(block) + 0.5) * metres - pose.tx();
    double y = (grid.blockY(block) + 0.5) * metres - pose.ty();
    double z = (grid.blockZ(block) + 0.5) * metres - pose.tz();
    double depth = pose.r02() * x + pose.r12() * y + pose.r22() * z;
    double right = pose.r00() * x + pose.r10() * y + pose.r20() * z;
    double down = pose.r01() * x + pose.r11() * y + pose.r21() * z;
    long u = Math.round(camera.fx() * right / depth + camera.cx());
    long v = Math.round(camera.fy() * down / depth + camera.cy());
    if (depth <= 0 || u < 0 || v < 0 || u >= camera.width() || v >= camera.height()) {
      return false;
    }
    float reading = keyframe.pixels().depthMetres()[(int) (v * camera.width() + u)];
    double far = reading > 0 ? reading : keyframe.pixels().maxDepthMetres();
    return depth <= far + Math.sqrt(3) * metres;
  }

  /**
   * Fuses the keyframes' depth at the poses that they have now.
   *
   * @param like has the voxels and the truncation of the result; not changed
   */
  static DepthFusion fuseAgain(
      FusedDepth like, List<Keyframe> keyframes, PinholeCamera camera, ComputeBackend backend) {
    DepthFusion fusion =
        new DepthFusion(new FusedDepth(like.voxelEdge(), like.truncation()), backend);
    for (Keyframe keyframe : keyframes) {
      fusion.integrate(keyframe.pixels().depthMetres(), camera, keyframe.worldFromCamera());
      fusion.clearAround(keyframe.worldFromCamera());
    }
    return fusion;
  }
}
