package io.roomfield.slam.mapping;

import io.roomfield.slam.compute.FieldOptimizer;
import io.roomfield.slam.compute.Moments;
import io.roomfield.slam.field.Decoder;
import io.roomfield.slam.field.FeatureGrid;
import io.roomfield.slam.field.FieldLevel;
import io.roomfield.slam.field.SceneField;
import io.roomfield.slam.fusion.FusedDepth;
import io.roomfield.slam.mapping.MapBlock.Part;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * A mapper's map as blocks that can be kept, and as it is put together from them. Between rounds,
 * on the mapper's thread.
 *
 * @param encoder null where nothing is encoded
 */
record MapBlocks(
    SceneField field, BlockAnchors anchors, FieldOptimizer optimizer, FieldEncoder encoder) {

  static Part part(FieldLevel level) {
    return Part.valueOf(level.name());
  }

  /** The blocks that changed after a stamp, and the decoder. What they hold is theirs. */
  List<MapBlock> changedAfter(long stamp) {
    List<MapBlock> changed = new ArrayList<>();
    SceneField now = field.snapshot();
    for (FieldLevel level : FieldLevel.values()) {
      FeatureGrid grid = now.grid(level);
      for (int block = 0; grid != null && block < grid.blockCount(); block++) {
        if (grid.stamp(block) > stamp) {
          changed.add(block(level, grid, block));
        }
      }
    }
    if (encoder != null) {
      FusedDepth fused = encoder.fused();
      for (int block = 0; block < fused.blockCount(); block++) {
        if (fused.stamp(block) > stamp) {
          changed.add(block(fused, block));
        }
      }
    }
    changed.add(decoder());
    return changed;
  }

  private MapBlock block(FieldLevel level, FeatureGrid grid, int number) {
    Optional<Moments> moments = optimizer.moments(level, number);
    Optional<EncodingHistory> history =
        encoder == null ? Optional.empty() : encoder.history(level, number);
    return new MapBlock(
        part(level),
        number,
        grid.blockX(number),
        grid.blockY(number),
        grid.blockZ(number),
        anchors.of(level, number),
        moments.map(Moments::steps).orElse(0),
        grid.block(number),
        moments.map(Moments::first).orElse(MapBlock.NO_FLOATS),
        moments.map(Moments::second).orElse(MapBlock.NO_FLOATS),
        history.map(h -> h.meanDistance().clone()).orElse(MapBlock.NO_FLOATS),
        history.map(h -> h.seenPoints().clone()).orElse(MapBlock.NO_BYTES),
        history.map(h -> h.rounds().clone()).orElse(MapBlock.NO_BYTES));
  }

  private static MapBlock block(FusedDepth fused, int number) {
    float[] values = Arrays.copyOf(fused.distances(number), 2 * FusedDepth.BLOCK_VOXELS);
    System.arraycopy(
        fused.weights(number), 0, values, FusedDepth.BLOCK_VOXELS, FusedDepth.BLOCK_VOXELS);
    return plain(
        Part.FUSED,
        number,
        new int[] {fused.blockX(number), fused.blockY(number), fused.blockZ(number)},
        values,
        Optional.empty());
  }

  private MapBlock decoder() {
    return plain(
        Part.DECODER,
        0,
        new int[3],
        field.colourDecoder().weights().clone(),
        optimizer.decoderMoments());
  }

  private static MapBlock plain(
      Part part, int number, int[] at, float[] values, Optional<Moments> moments) {
    return new MapBlock(
        part,
        number,
        at[0],
        at[1],
        at[2],
        0,
        moments.map(Moments::steps).orElse(0),
        values,
        moments.map(Moments::first).orElse(MapBlock.NO_FLOATS),
        moments.map(Moments::second).orElse(MapBlock.NO_FLOATS),
        MapBlock.NO_FLOATS,
        MapBlock.NO_BYTES,
        MapBlock.NO_BYTES);
  }

  /** The rest of what there is to know. */
  MapperState state(long version, long rounds, int mappedKeyframes) {
    return new MapperState(
        decodersChecksum(),
        version,
        rounds,
        mappedKeyframes,
        counts(),
        encoder == null ? Map.of() : encoder.pending());
  }

  /** How many blocks there are of each part. */
  private Map<Part, Integer> counts() {
    Map<Part, Integer> counts = new EnumMap<>(Part.class);
    for (FieldLevel level : FieldLevel.values()) {
      FeatureGrid grid = field.grid(level);
      counts.put(part(level), grid == null ? 0 : grid.blockCount());
    }
    counts.put(Part.FUSED, encoder == null ? 0 : encoder.fused().blockCount());
    counts.put(Part.DECODER, 1);
    return counts;
  }

  /**
   * Puts kept blocks into an empty map. Blocks that were lost leave no gap: those behind them take
   * their numbers.
   *
   * @param blocks of each part in order of their numbers; those beyond the part's count are left
   *     out. Their arrays are taken over
   * @param family of the decoders that are here, for the error
   * @throws IllegalArgumentException if they are no blocks of such a map, or the map was made with
   *     other decoders
   */
  void restore(List<MapBlock> blocks, MapperState state, String family) {
    long decoders = decodersChecksum();
    if (state.decoders() != decoders) {
      throw new IllegalArgumentException(
          "the map was made with other decoders: checksum %08x (expected: %08x, those of %s)"
              .formatted(state.decoders(), decoders, family));
    }
    for (MapBlock block : blocks) {
      if (block.number() < state.blocks().getOrDefault(block.part(), 0)) {
        switch (block.part()) {
          case FUSED -> restoreFused(block);
          case DECODER -> restoreDecoder(block);
          case COARSE, MID, FINE, COLOUR -> restoreFeatures(block);
        }
      }
    }
    if (encoder != null) {
      encoder.restored(state.pending());
    }
  }

  private void restoreFeatures(MapBlock block) {
    FieldLevel level = FieldLevel.valueOf(block.part().name());
    int number = field.grid(level).restore(block.x(), block.y(), block.z(), block.values());
    anchors.anchor(level, number, block.anchor());
    if (block.first().length > 0) {
      check(block, block.first(), block.values().length);
      optimizer.restore(level, number, moments(block));
    }
    if (encoder != null && block.seenPoints().length > 0) {
      check(block, block.meanDistances(), FeatureGrid.BLOCK_VOXELS);
      encoder.restore(
          level, new EncodingHistory(block.seenPoints(), block.meanDistances(), block.rounds()));
    }
  }

  static Moments moments(MapBlock block) {
    return new Moments(block.first(), block.second(), block.steps());
  }

  private void restoreFused(MapBlock block) {
    check(block, block.values(), 2 * FusedDepth.BLOCK_VOXELS);
    FusedDepth fused = encoder.fused();
    int number = fused.allocate(block.x(), block.y(), block.z());
    int half = FusedDepth.BLOCK_VOXELS;
    System.arraycopy(block.values(), 0, fused.distances(number), 0, half);
    System.arraycopy(block.values(), half, fused.weights(number), 0, half);
  }

  private void restoreDecoder(MapBlock block) {
    float[] weights = field.colourDecoder().weights();
    check(block, block.values(), weights.length);
    System.arraycopy(block.values(), 0, weights, 0, weights.length);
    if (block.first().length > 0) {
      check(block, block.first(), weights.length);
      optimizer.restoreDecoder(moments(block));
    }
  }

  private static void check(MapBlock block, float[] array, int expected) {
    if (array.length != expected) {
      throw new IllegalArgumentException(
          "%s block %d: an array of %d (expected: %d)"
              .formatted(block.part(), block.number(), array.length, expected));
    }
  }

  /** Checksum of the frozen decoders: features mean nothing to others. */
  private long decodersChecksum() {
    CRC32C crc = new CRC32C();
    for (FieldLevel level : new FieldLevel[] {FieldLevel.MID, FieldLevel.FINE}) {
      Decoder decoder = field.decoder(level);
      if (decoder != null) {
        update(crc, decoder.encoding());
        update(crc, decoder.weights());
      }
    }
    return crc.getValue();
  }

  private static void update(CRC32C crc, float[] values) {
    ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES);
    bytes.asFloatBuffer().put(values);
    crc.update(bytes);
  }
}
