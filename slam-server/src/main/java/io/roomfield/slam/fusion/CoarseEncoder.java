package io.roomfield.slam.fusion;

import io.roomfield.slam.compute.ComputeBackend;
import io.roomfield.slam.field.Decoder;
import io.roomfield.slam.field.FeatureGrid;

/**
 * Keeps the coarse level encoded: its features follow the fused depth within metres of each vertex
 * (see {@link RoomReader}), so that it says where walls and floors go on that no one has seen.
 */
public final class CoarseEncoder {
  /** Voxels around what was seen in which the coarse level has something to say. */
  private static final double REACH_VOXELS = 1.5;

  private static final int CORNERS = 8;

  private final FeatureGrid grid;
  private final Decoder encoder;
  private final FusedDepth fused;
  private final ComputeBackend backend;
  private final RoomReader reader;
  private final EncodingBatch batch = new EncodingBatch(RoomReader.INPUTS);

  /**
   * @param grid of the coarse level; changed here alone
   * @param encoder reads {@link RoomReader#INPUTS} values
   */
  public CoarseEncoder(
      FeatureGrid grid, Decoder encoder, FusedDepth fused, ComputeBackend backend) {
    this.grid = grid;
    this.encoder = encoder;
    this.fused = fused;
    this.backend = backend;
    reader = new RoomReader(fused, grid.voxelEdge());
  }

  /** Takes in fused blocks that changed, allocates around them and encodes every vertex. */
  public void update(int[] changedBlocks) {
    observe(changedBlocks);
    encode();
  }

  /** Takes in fused blocks that changed, and allocates around them. */
  public void observe(int[] changedBlocks) {
    reader.update(changedBlocks);
    double edge = FusedDepth.BLOCK_EDGE * fused.voxelEdge();
    double margin = REACH_VOXELS * grid.voxelEdge();
    for (int block : changedBlocks) {
      for (int corner = 0; corner < CORNERS; corner++) {
        grid.allocate(
            block(fused.blockX(block) * edge, edge, margin, (corner & 1) != 0),
            block(fused.blockY(block) * edge, edge, margin, (corner & 2) != 0),
            block(fused.blockZ(block) * edge, edge, margin, (corner & 4) != 0));
      }
    }
  }

  /** Block coordinate at the low or high end of a fused block and its margin. */
  private int block(double low, double edge, double margin, boolean high) {
    double x = high ? low + edge + margin : low - margin;
    return (int) Math.floor(x / (FeatureGrid.BLOCK_EDGE * grid.voxelEdge()));
  }

  /** Encodes every vertex. */
  public void encode() {
    batch.clear();
    for (int block = 0; block < grid.blockCount(); block++) {
      reader.load(grid.blockX(block), grid.blockY(block), grid.blockZ(block));
      batch.add(block, reader, vertex -> true);
    }
    batch.encodeInto(grid, encoder, backend);
  }

  /** Backward of the last {@link #encode}: see {@link EncodingBatch#backward}. */
  public void backward(EncodingBatch.BlockGradient gradient, float[][] weightGradient) {
    batch.backward(gradient, encoder, backend, weightGradient);
  }
}
