package io.roomfield.slam.compute.vector;

import io.roomfield.slam.compute.ComputeBackend;
import io.roomfield.slam.field.Decoder;
import io.roomfield.slam.field.FieldStage;
import io.roomfield.slam.field.SceneField;
import io.roomfield.slam.fusion.DepthFrame;
import io.roomfield.slam.fusion.FusedDepth;
import io.roomfield.slam.optim.AdamStep;
import io.roomfield.slam.render.BatchLosses;
import io.roomfield.slam.render.FieldGradient;
import io.roomfield.slam.render.Objective;
import io.roomfield.slam.render.OccupancyTargets;
import io.roomfield.slam.render.PoseGradient;
import io.roomfield.slam.render.RayBatch;
import io.roomfield.slam.render.RenderSettings;
import io.roomfield.slam.render.RenderedRays;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;

/**
 * The default provider: fused kernels on the Java Vector API. A batch is cut into chunks of whole
 * rays; chunk {@code i} belongs to lane {@code i mod lanes}, and a lane works through its chunks in
 * order, so results do not depend on timing. Agrees with {@code ScalarBackend} to the tolerances of
 * the contract test.
 */
public final class VectorBackend implements ComputeBackend {
  private final int threads;
  private final ExecutorService workers;
  private final ConcurrentLinkedDeque<ChunkPass> passes;
  private final ConcurrentLinkedDeque<NetworkPass> networkPasses;

  /**
   * @param threads lanes that a call is spread over, > 0
   */
  public VectorBackend(int threads) {
    if (threads <= 0) {
      throw new IllegalArgumentException("threads: %d (expected: > 0)".formatted(threads));
    }
    this.threads = threads;
    workers =
        Executors.newCachedThreadPool(
            Thread.ofPlatform().daemon().name("vector-lane-", 0).factory());
    passes = new ConcurrentLinkedDeque<>();
    networkPasses = new ConcurrentLinkedDeque<>();
  }

  private VectorBackend(int threads, VectorBackend shared) {
    this.threads = threads;
    workers = shared.workers;
    passes = shared.passes;
    networkPasses = shared.networkPasses;
  }

  @Override
  public String name() {
    return "vector";
  }

  @Override
  public String description() {
    return "vector (%d-bit, %d floats, %d threads)"
        .formatted(Tile.SPECIES.vectorBitSize(), Tile.LANES, threads);
  }

  @Override
  public int lanes() {
    return threads;
  }

  @Override
  public VectorBackend withLanes(int lanes) {
    return lanes >= threads ? this : new VectorBackend(lanes, this);
  }

  @Override
  public void render(
      SceneField field,
      FieldStage stage,
      RayBatch rays,
      RenderSettings settings,
      RenderedRays out) {
    run(
        new RenderTask(
            field, stage, rays, forStage(settings, stage), null, null, null, out, null, null));
  }

  @Override
  public BatchLosses backward(
      SceneField field,
      FieldStage stage,
      RayBatch rays,
      RenderSettings settings,
      Objective objective,
      FieldGradient fieldGradient,
      PoseGradient poseGradient,
      RenderedRays out) {
    RayTerms terms = new RayTerms(rays.count);
    RenderTask task =
        new RenderTask(
            field,
            stage,
            rays,
            forStage(settings, stage),
            objective,
            fieldGradient,
            poseGradient,
            out,
            terms,
            null);
    boolean[] outliers = null;
    if (fieldGradient != null && objective.outlierFactor() > 0) {
      // The filter needs every ray's term before the first gradient is summed into the map.
      run(task.withoutGradient());
      outliers = terms.outliers(rays, objective);
      run(task.excluding(outliers));
    } else {
      run(task);
      outliers = terms.outliers(rays, objective);
      forget(outliers, poseGradient);
    }
    return terms.sum(rays, stage, objective, outliers);
  }

  /** A ray's pose gradient is its own, so the filter can act after the pass. */
  private static void forget(boolean[] outliers, PoseGradient poseGradient) {
    if (outliers == null || poseGradient == null) {
      return;
    }
    for (int ray = 0; ray < outliers.length; ray++) {
      for (int k = 0; k < 6 && outliers[ray]; k++) {
        poseGradient.perRay()[6 * ray + k] = 0f;
      }
    }
  }

  private static RenderSettings forStage(RenderSettings settings, FieldStage stage) {
    return stage == FieldStage.COARSE ? settings.stratifiedOnly() : settings;
  }

  @Override
  public void evaluate(
      SceneField field,
      FieldStage stage,
      float[] points,
      int count,
      float[] logits,
      float[] colours) {
    PointTask task = new PointTask(field, stage, points, logits, colours);
    dealPoints(
        count, ChunkPass.TARGET_POINTS, 1, (pass, lane, first, n) -> pass.evaluate(task, first, n));
  }

  @Override
  public double occupancyBackward(
      SceneField field, FieldStage stage, OccupancyTargets targets, FieldGradient gradient) {
    OccupancyTask task = new OccupancyTask(field, stage, targets, gradient);
    int chunk = ChunkPass.TARGET_POINTS;
    double[] losses = new double[chunks(targets.count, chunk)];
    dealPoints(
        targets.count,
        chunk,
        1,
        (pass, lane, first, n) ->
            losses[first / chunk] = pass.occupancyBackward(task, lane, first, n));
    double loss = 0;
    for (double term : losses) {
      loss += term;
    }
    return loss;
  }

  @Override
  public void apply(Decoder network, float[] inputs, int count, float[] outputs) {
    dealRows(
        network.shape(),
        count,
        (pass, lane, first, n) -> pass.apply(network, inputs, first, n, outputs));
  }

  @Override
  public void applyBackward(
      Decoder network,
      float[] inputs,
      int count,
      float[] outputGradient,
      float[][] weightGradient) {
    NetworkTask task = new NetworkTask(network, inputs, outputGradient);
    dealRows(
        network.shape(),
        count,
        (pass, lane, first, n) -> pass.backward(task, first, n, weightGradient[lane]));
  }

  @Override
  public void adam(
      AdamStep step,
      float[] parameters,
      float[][] gradients,
      float[] first,
      float[] second,
      long[] mask) {
    if (mask == null) {
      AdamKernel.step(step, parameters, gradients, first, second, 0, parameters.length);
      return;
    }
    int group = parameters.length / (Long.SIZE * mask.length);
    // Neighbours go together: most blocks are masked as a whole, and a vertex is half a vector.
    BitSet masked = BitSet.valueOf(mask);
    int to;
    for (int from = masked.nextSetBit(0); from >= 0; from = masked.nextSetBit(to)) {
      to = masked.nextClearBit(from);
      AdamKernel.step(step, parameters, gradients, first, second, from * group, to * group);
    }
  }

  private void run(RenderTask task) {
    int samples = task.settings().samples();
    dealPoints(
        task.rays().count,
        ChunkPass.raysPerChunk(samples),
        samples,
        (pass, lane, first, n) -> pass.run(task, lane, first, n));
  }

  /** What a worker does with items {@code [first, first + count)}, which are one chunk. */
  private interface ChunkWork<P> {
    void run(P pass, int lane, int first, int count);
  }

  private static int chunks(int count, int chunk) {
    return (count + chunk - 1) / chunk;
  }

  /**
   * Deals points, or rays of {@code samples} points each, to the lanes.
   *
   * @param chunk items per chunk
   */
  private void dealPoints(int count, int chunk, int samples, ChunkWork<ChunkPass> work) {
    int points = chunk * samples;
    inLanes(
        chunks(count, chunk),
        lane -> {
          ChunkPass pass = passes.poll();
          if (pass == null || pass.capacity() < points) {
            pass = new ChunkPass(Math.max(points, ChunkPass.TARGET_POINTS));
          }
          workThrough(count, chunk, lane, pass, work);
          passes.push(pass);
        });
  }

  /** Deals rows of a network's inputs to the lanes. */
  private void dealRows(Decoder.Shape shape, int count, ChunkWork<NetworkPass> work) {
    inLanes(
        chunks(count, NetworkPass.ROWS),
        lane -> {
          NetworkPass pass = networkPasses.poll();
          if (pass == null || !pass.shape().equals(shape)) {
            pass = new NetworkPass(shape);
          }
          workThrough(count, NetworkPass.ROWS, lane, pass, work);
          networkPasses.push(pass);
        });
  }

  private <P> void workThrough(int count, int chunk, int lane, P pass, ChunkWork<P> work) {
    for (int first = lane * chunk; first < count; first += threads * chunk) {
      work.run(pass, lane, first, Math.min(chunk, count - first));
    }
  }

  /** Runs every lane that has work: the first here, the others on the workers. */
  private void inLanes(int chunks, IntConsumer work) {
    int lanes = Math.min(threads, chunks);
    List<Future<?>> others = new ArrayList<>();
    for (int lane = 1; lane < lanes; lane++) {
      int mine = lane;
      others.add(workers.submit(() -> work.accept(mine)));
    }
    try {
      if (lanes > 0) {
        work.accept(0);
      }
    } finally {
      others.forEach(VectorBackend::await);
    }
  }

  /** Waits for a lane, whatever interrupts: its arrays must not be touched while it works. */
  private static void await(Future<?> lane) {
    boolean interrupted = false;
    while (true) {
      try {
        lane.get();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      } catch (ExecutionException e) {
        throw new IllegalStateException("a lane of the vector backend failed", e.getCause());
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void fuse(FusedDepth map, int[] blocks, DepthFrame frame, boolean[] changed) {
    float farthest = frame.farthestMetres();
    inLanes(
        blocks.length,
        lane -> {
          FusionKernel kernel = new FusionKernel(map, frame, farthest);
          for (int i = lane; i < blocks.length; i += threads) {
            changed[i] = kernel.fuse(blocks[i]);
          }
        });
  }

  @Override
  public void close() {
    workers.shutdown();
  }
}
