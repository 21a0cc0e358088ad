package io.roomfield.slam.compute.cuda;

import io.roomfield.cuda.CudaContext;
import io.roomfield.cuda.KernelModule;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.Function;

/** Workspaces of the calls that run at a time, as many as there are. */
final class Workspaces implements AutoCloseable {
  private final CudaContext context;
  private final KernelModule kernels;
  private final boolean half;
  private final ConcurrentLinkedDeque<Workspace> idle = new ConcurrentLinkedDeque<>();

  /** Those whose work goes first on the device. */
  private final ConcurrentLinkedDeque<Workspace> urgent = new ConcurrentLinkedDeque<>();

  private volatile boolean useGraphs = true;

  /**
   * @param half whether decoders run in half precision
   */
  Workspaces(CudaContext context, KernelModule kernels, boolean half) {
    this.context = context;
    this.kernels = kernels;
    this.half = half;
  }

  CudaContext context() {
    return context;
  }

  /**
   * Runs a call's work on a stream that no one else uses meanwhile.
   *
   * @param first whether it goes before other streams' work: tracking, which a camera waits for
   */
  <T> T use(boolean first, Function<Workspace, T> work) {
    context.makeCurrent();
    ConcurrentLinkedDeque<Workspace> from = first ? urgent : idle;
    Workspace mine = from.poll();
    if (mine == null) {
      mine = new Workspace(context, kernels, half, first);
      mine.useGraphs(useGraphs);
    }
    try {
      return mine.call(work);
    } finally {
      from.push(mine);
    }
  }

  /** From now on the launches of idle workspaces are timed; of null no longer. */
  void time(LaunchTimes times) {
    idle.forEach(workspace -> workspace.time(times));
    urgent.forEach(workspace -> workspace.time(times));
  }

  /** Whether workspaces use graphs from now on: idle ones, and those that are yet to come. */
  void useGraphs(boolean wanted) {
    useGraphs = wanted;
    idle.forEach(workspace -> workspace.useGraphs(wanted));
    urgent.forEach(workspace -> workspace.useGraphs(wanted));
  }

  /** Gives back what workspaces hold that no call uses; whether there was one. */
  boolean shrink() {
    boolean others = shrink(idle);
    return shrink(urgent) || others;
  }

  private static boolean shrink(ConcurrentLinkedDeque<Workspace> workspaces) {
    List<Workspace> mine = new ArrayList<>();
    for (Workspace one = workspaces.poll(); one != null; one = workspaces.poll()) {
      one.shrink();
      mine.add(one);
    }
    workspaces.addAll(mine);
    return !mine.isEmpty();
  }

  @Override
  public void close() {
    idle.forEach(Workspace::close);
    urgent.forEach(Workspace::close);
    idle.clear();
    urgent.clear();
  }
}
