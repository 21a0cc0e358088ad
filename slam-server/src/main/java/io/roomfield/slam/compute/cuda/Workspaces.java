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
  private final ConcurrentLinkedDeque<Workspace> idle = new ConcurrentLinkedDeque<>();

  Workspaces(CudaContext context, KernelModule kernels) {
    this.context = context;
    this.kernels = kernels;
  }

  CudaContext context() {
    return context;
  }

  /** Runs a call's work on a stream that no one else uses meanwhile. */
  <T> T use(Function<Workspace, T> work) {
    context.makeCurrent();
    Workspace mine = idle.poll();
    if (mine == null) {
      mine = new Workspace(context, kernels);
    }
    try {
      return work.apply(mine);
    } finally {
      idle.push(mine);
    }
  }

  /** From now on the launches of idle workspaces are timed; of null no longer. */
  void time(LaunchTimes times) {
    idle.forEach(workspace -> workspace.time(times));
  }

  /** Gives back what workspaces hold that no call uses; whether there was one. */
  boolean shrink() {
    List<Workspace> mine = new ArrayList<>();
    for (Workspace one = idle.poll(); one != null; one = idle.poll()) {
      one.shrink();
      mine.add(one);
    }
    idle.addAll(mine);
    return !mine.isEmpty();
  }

  @Override
  public void close() {
    idle.forEach(Workspace::close);
    idle.clear();
  }
}
