package io.roomfield.slam.mapping;

import io.roomfield.geometry.PinholeCamera;
import io.roomfield.geometry.SE3;
import io.roomfield.slam.compute.ComputeBackend;
import io.roomfield.slam.field.Decoder;
import io.roomfield.slam.field.DecoderFamily;
import io.roomfield.slam.field.FeatureGrid;
import io.roomfield.slam.field.FieldLevel;
import io.roomfield.slam.field.SceneField;
import io.roomfield.slam.fusion.CoarseEncoder;
import io.roomfield.slam.fusion.DepthFusion;
import io.roomfield.slam.fusion.EncodingBatch;
import io.roomfield.slam.fusion.FusedDepth;
import io.roomfield.slam.fusion.PatchReader;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Gives voxels their first features, from the fused depth around them (algorithm, section 6,
 * "Ours"; decoders.md, 2). A vertex is encoded when it is first seen. It is encoded again if what
 * was fused around it has changed much since and mapping has hardly touched it; so nothing that
 * mapping has found is overwritten. The coarse level, which mapping does not optimise, is encoded
 * anew each time.
 */
public final class FieldEncoder {
  private static final FieldLevel[] LEVELS = {FieldLevel.MID, FieldLevel.FINE};

  /** About so many vertices a level are encoded at a time; the others wait for the next frame. */
  private static final int MAX_VERTICES = 20_000;

  /** Mapping has hardly touched a vertex while it took part in at most so many rounds. */
  private static final int FEW_ROUNDS = 1;

  /** A patch has changed much if so many more of its points are seen, */
  private static final int MORE_POINTS = 25;

  /** or its mean distance is another by so many truncations; */
  private static final float OTHER_DISTANCE = 0.15f;

  /** where mapping has not been at all, a fraction of both is enough. */
  private static final float UNTOUCHED_FRACTION = 0.2f;

  /** Block edges are whole numbers of voxels but for their last digits. */
  private static final double ROUNDING = 1e-6;

  /** One level's encoder, the state of its blocks, and those still to be looked at. */
  private record Level(
      FeatureGrid grid,
      Decoder encoder,
      PatchReader patches,
      EncodingBatch batch,
      List<EncodingHistory> histories,
      Set<Integer> pending) {}

  private final ComputeBackend backend;
  private final DepthFusion fusion;
  private final int maxVertices;
  private final Map<FieldLevel, Level> levels = new EnumMap<>(FieldLevel.class);

  /** Null without a coarse level. */
  private final CoarseEncoder coarse;

  /**
   * @throws IllegalArgumentException if the family has no encoders
   */
  public FieldEncoder(
      DecoderFamily family, SceneField field, DepthFusion fusion, ComputeBackend backend) {
    this(family, field, fusion, backend, MAX_VERTICES);
  }

  /**
   * @param maxVertices a level encodes no further block in a frame once it has so many
   */
  FieldEncoder(
      DecoderFamily family,
      SceneField field,
      DepthFusion fusion,
      ComputeBackend backend,
      int maxVertices) {
    if (family.midEncoder() == null || family.fineEncoder() == null) {
      throw new IllegalArgumentException(
          "mapping.encode: true, but the decoders %s have no encoders (expected: a family that has,"
                  .formatted(family.name())
              + " or false)");
    }
    this.backend = backend;
    this.fusion = fusion;
    this.maxVertices = maxVertices;
    FusedDepth fused = fusion.map();
    for (FieldLevel name : LEVELS) {
      FeatureGrid grid = field.grid(name);
      levels.put(
          name,
          new Level(
              grid,
              family.encoder(name),
              new PatchReader(fused, grid.voxelEdge()),
              new EncodingBatch(PatchReader.INPUTS),
              new ArrayList<>(),
              new LinkedHashSet<>()));
    }
    coarse =
        field.coarse() == null || family.coarseEncoder() == null
            ? null
            : new CoarseEncoder(field.coarse(), family.coarseEncoder(), fused, backend);
  }

  /**
   * Fuses a frame and encodes what it shows for the first time. The grids' blocks are allocated.
   */
  public void observe(float[] depthMetres, PinholeCamera camera, SE3 worldFromCamera) {
    int[] changed =
        IntStream.concat(
                IntStream.of(fusion.integrate(depthMetres, camera, worldFromCamera)),
                IntStream.of(fusion.clearAround(worldFromCamera)))
            .distinct()
            .toArray();
    levels.values().forEach(level -> encode(level, changed));
    if (coarse != null) {
      coarse.update(changed);
    }
  }

  /**
   * Takes over a mapped field for which depth was fused again: what its blocks hold came from
   * mapping and is kept; vertices around which nothing was seen are encoded when that changes.
   *
   * @param anew per level, numbers of blocks that are encoded now, whatever they hold
   */
  void adopt(Map<FieldLevel, int[]> anew) {
    levels.forEach(
        (name, level) -> {
          IntStream.of(anew.get(name)).forEach(level.pending::add);
          for (int block = 0; block < level.grid.blockCount(); block++) {
            level.histories.add(
                level.pending.contains(block) ? new EncodingHistory() : mapped(level, block));
            level.grid.renew(block);
          }
          while (!level.pending.isEmpty()) {
            encode(level, new int[0]);
          }
        });
    if (coarse != null) {
      coarse.update(IntStream.range(0, fusion.map().blockCount()).toArray());
    }
  }

  private static EncodingHistory mapped(Level level, int block) {
    FeatureGrid grid = level.grid;
    level.patches.load(grid.blockX(block), grid.blockY(block), grid.blockZ(block));
    EncodingHistory history = new EncodingHistory();
    for (int vertex = 0; vertex < FeatureGrid.BLOCK_VOXELS; vertex++) {
      int seen = level.patches.seenPoints(vertex);
      if (seen > 0) {
        history.seenPoints()[vertex] = (byte) seen;
        history.meanDistance()[vertex] = level.patches.meanDistance(vertex);
        history.rounds()[vertex] = FEW_ROUNDS + 1;
      }
    }
    return history;
  }

  private void encode(Level level, int[] changedBlocks) {
    FeatureGrid grid = level.grid;
    level.batch.clear();
    for (int block = level.histories.size(); block < grid.blockCount(); block++) {
      level.histories.add(new EncodingHistory());
      level.batch.addUnseen(block);
    }
    addReached(level, changedBlocks);
    Iterator<Integer> pending = level.pending.iterator();
    while (pending.hasNext() && level.batch.rows() < maxVertices) {
      int block = pending.next();
      pending.remove();
      level.patches.load(grid.blockX(block), grid.blockY(block), grid.blockZ(block));
      EncodingHistory history = level.histories.get(block);
      level.batch.add(block, level.patches, vertex -> choose(history, level.patches, vertex));
    }
    level.batch.encodeInto(grid, level.encoder, backend);
  }

  /** Adds the grid's blocks that have a patch reaching into one of these fused blocks. */
  private void addReached(Level level, int[] fusedBlocks) {
    FusedDepth fused = fusion.map();
    FeatureGrid grid = level.grid;
    double fusedEdge = FusedDepth.BLOCK_EDGE * fused.voxelEdge();
    double reach = PatchReader.REACH_VOXELS * grid.voxelEdge();
    for (int b : fusedBlocks) {
      int[] x = range(fused.blockX(b) * fusedEdge, fusedEdge, reach, grid);
      int[] y = range(fused.blockY(b) * fusedEdge, fusedEdge, reach, grid);
      int[] z = range(fused.blockZ(b) * fusedEdge, fusedEdge, reach, grid);
      for (int bz = z[0]; bz <= z[1]; bz++) {
        for (int by = y[0]; by <= y[1]; by++) {
          for (int bx = x[0]; bx <= x[1]; bx++) {
            int block = grid.blockAt(bx, by, bz);
            if (block >= 0) {
              level.pending.add(block);
            }
          }
        }
      }
    }
  }

  /** First and last block coordinate of the vertices within a patch's reach of a fused block. */
  private static int[] range(double low, double edge, double reach, FeatureGrid grid) {
    double voxel = grid.voxelEdge();
    int first = (int) Math.ceil((low - reach) / voxel - ROUNDING);
    int last = (int) Math.floor((low + edge + reach) / voxel - ROUNDING);
    return new int[] {first >> FeatureGrid.BLOCK_SHIFT, last >> FeatureGrid.BLOCK_SHIFT};
  }

  /** Whether a vertex is encoded now; remembers what it is encoded from. */
  private static boolean choose(EncodingHistory history, PatchReader patches, int vertex) {
    int seen = patches.seenPoints(vertex);
    if (seen == 0) {
      return false;
    }
    float mean = patches.meanDistance(vertex);
    int before = history.seenPoints()[vertex];
    boolean first = before == 0;
    float fraction = history.rounds()[vertex] == 0 ? UNTOUCHED_FRACTION : 1;
    boolean changed =
        seen >= before + fraction * MORE_POINTS
            || Math.abs(mean - history.meanDistance()[vertex]) > fraction * OTHER_DISTANCE;
    if (first || (changed && history.rounds()[vertex] <= FEW_ROUNDS)) {
      history.seenPoints()[vertex] = (byte) seen;
      history.meanDistance()[vertex] = mean;
      return true;
    }
    return false;
  }

  /** Takes note of the vertices that a mapping round has optimised: masks as it began with. */
  void optimised(Map<FieldLevel, long[][]> masks) {
    levels.forEach(
        (name, level) -> {
          long[][] mask = masks.get(name);
          for (int block = 0; block < mask.length; block++) {
            if (mask[block] != null) {
              count(mask[block], level.histories.get(block));
            }
          }
        });
  }

  private static void count(long[] mask, EncodingHistory history) {
    for (int vertex = 0; vertex < FeatureGrid.BLOCK_VOXELS; vertex++) {
      boolean took = (mask[vertex / Long.SIZE] >>> vertex & 1) != 0;
      if (took && history.rounds()[vertex] <= FEW_ROUNDS && history.seenPoints()[vertex] > 0) {
        history.rounds()[vertex]++;
      }
    }
  }

  /** What is remembered of a block of an encoded level; empty of others. */
  Optional<EncodingHistory> history(FieldLevel level, int block) {
    return Optional.ofNullable(levels.get(level))
        .map(Level::histories)
        .filter(histories -> block < histories.size())
        .map(histories -> histories.get(block));
  }

  /** Per level, the blocks that wait to be encoded, in their order. */
  Map<FieldLevel, List<Integer>> pending() {
    Map<FieldLevel, List<Integer>> pending = new EnumMap<>(FieldLevel.class);
    levels.forEach((name, level) -> pending.put(name, List.copyOf(level.pending)));
    return pending;
  }

  /** Remembers of a level's next block what was kept of it. */
  void restore(FieldLevel level, EncodingHistory history) {
    levels.get(level).histories.add(history);
  }

  /** To be told when grids, histories and fused depth are as they were when they were kept. */
  void restored(Map<FieldLevel, List<Integer>> pending) {
    pending.forEach(
        (name, blocks) ->
            blocks.stream()
                .filter(block -> block < levels.get(name).grid.blockCount())
                .forEach(levels.get(name).pending::add));
    if (coarse != null) {
      coarse.observe(IntStream.range(0, fusion.map().blockCount()).toArray());
    }
  }

  FusedDepth fused() {
    return fusion.map();
  }

  /** Whether the coarse level is encoded, and so is not to be optimised. */
  boolean encodesCoarse() {
    return coarse != null;
  }
}
