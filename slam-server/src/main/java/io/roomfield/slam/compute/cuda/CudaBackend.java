package io.roomfield.slam.compute.cuda;

import io.roomfield.cuda.CudaDevice;
import io.roomfield.cuda.CudaProbe;
import io.roomfield.slam.compute.ComputeBackend;
import io.roomfield.slam.compute.FieldOptimizer;
import io.roomfield.slam.compute.vector.VectorBackend;
import io.roomfield.slam.field.Decoder;
import io.roomfield.slam.field.FieldStage;
import io.roomfield.slam.field.SceneField;
import io.roomfield.slam.fusion.DepthFrame;
import io.roomfield.slam.fusion.FusedDepth;
import io.roomfield.slam.isosurface.LatticeSurface;
import io.roomfield.slam.isosurface.OccupancyLattice;
import io.roomfield.slam.optim.AdamStep;
import io.roomfield.slam.render.BatchLosses;
import io.roomfield.slam.render.FieldGradient;
import io.roomfield.slam.render.Objective;
import io.roomfield.slam.render.OccupancyTargets;
import io.roomfield.slam.render.PoseGradient;
import io.roomfield.slam.render.RayBatch;
import io.roomfield.slam.render.RenderSettings;
import io.roomfield.slam.render.RenderedRays;
import java.util.Map;

/**
 * The provider on an NVIDIA GPU: a call is a handful of launches on a stream of its own, and the
 * field stays on the device, where only what changed is sent. Gradients of features are summed in
 * fixed point, so that results do not depend on timing (docs/adr/0016). Agrees with {@code
 * ScalarBackend} to the tolerances of the contract test.
 *
 * <p>What lives in the host's arrays is computed there: depth is fused and single arrays are
 * stepped on the processor, for sending them there and back would take longer. A mapper's features
 * live on the device for a round ({@link #optimizer}).
 */
public final class CudaBackend implements ComputeBackend {
  /** Points that are evaluated at a time. */
  private static final int EVALUATED_POINTS = 1 << 18;

  private final DeviceCalls calls;

  /** For what is computed on the processor. */
  private final VectorBackend host;

  /** The same on one lane, as gradients made for the device have one. */
  private final VectorBackend oneLane;

  private final boolean half;

  private CudaBackend(CudaDevice device, int threads, boolean half) {
    this.half = half;
    calls = new DeviceCalls(device, half);
    host = new VectorBackend(threads);
    oneLane = host.withLanes(1);
  }

  /**
   * Opens the first device.
   *
   * @param threads for what runs on the processor, > 0
   * @throws IllegalStateException if there is no device that this build's kernels run on; says why
   * @throws io.roomfield.cuda.CudaException if the device refuses
   */
  public static CudaBackend open(int threads) {
    return open(firstDevice(), threads);
  }

  /**
   * Opens the first device for decoding points in half precision, forward and backward: products of
   * numbers of 11 bits on tensor cores, summed in float32. Networks' rows, and decoders too wide
   * for shared memory, stay in float32.
   *
   * @param threads for what runs on the processor, > 0
   * @throws IllegalStateException if there is no device that this build's kernels run on; says why
   * @throws io.roomfield.cuda.CudaException if the device refuses
   */
  public static CudaBackend openHalf(int threads) {
    return new CudaBackend(firstDevice(), threads, true);
  }

  private static CudaDevice firstDevice() {
    CudaProbe probe = CudaProbe.run();
    if (probe.devices().isEmpty()) {
      throw new IllegalStateException("backend cuda: " + probe.reason());
    }
    return probe.devices().getFirst();
  }

  /**
   * Opens a device.
   *
   * @param device one that {@link CudaProbe} found
   * @param threads for what runs on the processor, > 0
   * @throws io.roomfield.cuda.CudaException if the device refuses
   */
  public static CudaBackend open(CudaDevice device, int threads) {
    return new CudaBackend(device, threads, false);
  }

  @Override
  public String name() {
    return half ? "cuda:half" : "cuda";
  }

  @Override
  public String description() {
    return calls.isLost()
        ? "%s (%s is lost; on the processor: %s)".formatted(name(), device(), host.description())
        : "%s (%s)".formatted(name(), device());
  }

  @Override
  public int lanes() {
    return 1;
  }

  @Override
  public CudaBackend withLanes(int lanes) {
    return this;
  }

  @Override
  public void render(
      SceneField field,
      FieldStage stage,
      RayBatch rays,
      RenderSettings settings,
      RenderedRays out) {
    if (rays.count == 0) {
      return;
    }
    calls.make(
        false,
        (state, work) -> {
          try (FieldView view = new FieldView(state.fields(), field, stage, work)) {
            return work.together(
                    () -> {
                      RenderPass pass = new RenderPass(work, view, stage, rays, settings);
                      pass.forward(GradientTarget.NONE);
                      pass.download();
                      return pass;
                    })
                .read(out, null);
          }
        },
        () -> {
          host.render(field, stage, rays, settings, out);
          return null;
        });
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
    if (rays.count == 0) {
      return new BatchLosses(0, 0, 0, 0, 0, 0);
    }
    return calls.make(
        fieldGradient == null,
        (state, work) -> {
          try (FieldView view = new FieldView(state.fields(), field, stage, work)) {
            GradientTarget target = target(fieldGradient, view, work);
            RenderPass done =
                work.together(
                    () -> {
                      target.start(work);
                      RenderPass pass = new RenderPass(work, view, stage, rays, settings);
                      pass.forward(target);
                      pass.backward(objective, target, poseGradient != null);
                      pass.download();
                      return pass;
                    });
            BatchLosses losses = done.read(out, poseGradient);
            target.finish();
            return losses;
          }
        },
        () ->
            oneLane.backward(
                field, stage, rays, settings, objective, onHost(fieldGradient), poseGradient, out));
  }

  /** The device that it computes on. */
  public CudaDevice device() {
    return calls.device();
  }

  /**
   * Whether work that comes again is given to the device as a graph, as it is from the start, or
   * launch by launch; results are the same. For measuring, while no other thread uses this backend.
   */
  public void useGraphs(boolean wanted) {
    calls.useGraphs(wanted);
  }

  /**
   * Where an iteration spends its time on the device, while no other thread uses this backend.
   *
   * @param repeats iterations that are averaged over, > 0; one more goes before them
   * @return mean milliseconds of an iteration by kernel, in the order of their first launches
   */
  public Map<String, Double> kernelMillis(int repeats, Runnable iteration) {
    iteration.run();
    LaunchTimes times = new LaunchTimes();
    calls.time(times);
    try {
      for (int i = 0; i < repeats; i++) {
        iteration.run();
      }
    } finally {
      calls.time(null);
    }
    return times.millis(repeats);
  }

  private static GradientTarget target(FieldGradient gradient, FieldView view, Workspace work) {
    if (gradient == null) {
      return GradientTarget.NONE;
    }
    return gradient instanceof DeviceFieldOptimizer.Gradient onDevice
        ? onDevice
        : new HostGradient(gradient, view, work);
  }

  private static FieldGradient onHost(FieldGradient gradient) {
    return gradient instanceof DeviceFieldOptimizer.Gradient onDevice
        ? onDevice.onHost()
        : gradient;
  }

  @Override
  public FieldOptimizer optimizer(SceneField field, boolean keepMoments) {
    return new DeviceFieldOptimizer(calls, field, keepMoments, oneLane);
  }

  @Override
  public void evaluate(
      SceneField field,
      FieldStage stage,
      float[] points,
      int count,
      float[] logits,
      float[] colours) {
    calls.make(
        false,
        (state, work) -> {
          try (FieldView view = new FieldView(state.fields(), field, stage, work)) {
            PointPass pass = new PointPass(work);
            for (int first = 0; first < count; first += EVALUATED_POINTS) {
              int part = Math.min(EVALUATED_POINTS, count - first);
              pass.evaluate(view, new PointPass.Points(points, first, part), logits, colours);
            }
            return null;
          }
        },
        () -> {
          host.evaluate(field, stage, points, count, logits, colours);
          return null;
        });
  }

  @Override
  public LatticeSurface surface(SceneField field, OccupancyLattice lattice) {
    return calls.make(
        false,
        (state, work) -> {
          try (FieldView view = new FieldView(state.fields(), field, FieldStage.FINE, work)) {
            return new LatticePass(work, lattice).surface(view);
          }
        },
        () -> host.surface(field, lattice));
  }

  @Override
  public double occupancyBackward(
      SceneField field, FieldStage stage, OccupancyTargets targets, FieldGradient gradient) {
    if (targets.count == 0) {
      return 0;
    }
    return calls.make(
        false,
        (state, work) -> {
          try (FieldView view = new FieldView(state.fields(), field, stage, work)) {
            GradientTarget target = target(gradient, view, work);
            double loss = new PointPass(work).occupancyBackward(view, targets, target);
            target.finish();
            return loss;
          }
        },
        () -> oneLane.occupancyBackward(field, stage, targets, onHost(gradient)));
  }

  @Override
  public void apply(Decoder network, float[] inputs, int count, float[] outputs) {
    if (count > 0) {
      calls.make(
          false,
          (state, work) -> {
            new PointPass(work).apply(state.fields().of(network, work), inputs, count, outputs);
            return null;
          },
          () -> {
            host.apply(network, inputs, count, outputs);
            return null;
          });
    }
  }

  @Override
  public void applyBackward(
      Decoder network,
      float[] inputs,
      int count,
      float[] outputGradient,
      float[][] weightGradient) {
    if (count == 0) {
      return;
    }
    calls.make(
        false,
        (state, work) -> {
          DeviceDecoder decoder = state.fields().of(network, work);
          float[] sums = new PointPass(work).applyBackward(decoder, inputs, count, outputGradient);
          for (int i = 0; i < sums.length; i++) {
            weightGradient[0][i] += sums[i];
          }
          return null;
        },
        () -> {
          oneLane.applyBackward(network, inputs, count, outputGradient, weightGradient);
          return null;
        });
  }

  @Override
  public void adam(
      AdamStep step,
      float[] parameters,
      float[][] gradients,
      float[] first,
      float[] second,
      long[] mask) {
    host.adam(step, parameters, gradients, first, second, mask);
  }

  @Override
  public void fuse(FusedDepth map, int[] blocks, DepthFrame frame, boolean[] changed) {
    host.fuse(map, blocks, frame, changed);
  }

  @Override
  public void close() {
    calls.close();
    host.close();
  }
}
