package io.roomfield.cuda;

import jcuda.driver.CUgraph;
import jcuda.driver.CUgraphExec;
import jcuda.driver.CUstreamCaptureMode;
import jcuda.driver.JCudaDriver;

/** Launches and copies that were recorded once, and are given to the device in one call. */
public final class CudaGraph implements AutoCloseable {
  private final CudaContext context;
  private final CUgraphExec executable;

  /** What errors name, as after the launches themselves. */
  private final CudaStream.Launch last;

  private boolean closed;

  private CudaGraph(CudaContext context, CUgraphExec executable, CudaStream.Launch last) {
    this.context = context;
    this.executable = executable;
    this.last = last;
  }

  /**
   * Records what {@code work} gives to the stream, none of which runs now. Buffers and parameters
   * are those of now at every launch of the graph. The kernels should have run before, so that the
   * driver has nothing left to load; a copy of a Java array, an allocation or a wait is an error.
   *
   * @throws CudaException if the driver refuses
   */
  public static CudaGraph capture(CudaStream stream, Runnable work) {
    CudaContext context = stream.context();
    Calls.check(
        JCudaDriver.cuStreamBeginCapture(
            stream.handle(), CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_THREAD_LOCAL),
        () -> "cuStreamBeginCapture");
    CUgraph graph = new CUgraph();
    int ended;
    boolean recorded = false;
    stream.setCapturing(true);
    try {
      work.run();
      recorded = true;
    } finally {
      stream.setCapturing(false);
      ended = JCudaDriver.cuStreamEndCapture(stream.handle(), graph);
      if (!recorded) {
        JCudaDriver.cuGraphDestroy(graph);
      }
    }
    Calls.check(ended, () -> "cuStreamEndCapture");
    CUgraphExec executable = new CUgraphExec();
    int instantiated = JCudaDriver.cuGraphInstantiate(executable, graph, 0);
    JCudaDriver.cuGraphDestroy(graph);
    Calls.check(instantiated, () -> "cuGraphInstantiate");
    return new CudaGraph(context, executable, stream.lastLaunch());
  }

  /**
   * Queues all that was recorded.
   *
   * @throws CudaException if the driver refuses
   */
  public void launch(CudaStream stream) {
    Calls.check(JCudaDriver.cuGraphLaunch(executable, stream.handle()), () -> "cuGraphLaunch");
    stream.launched(last);
  }

  /**
   * Frees the record.
   *
   * @throws CudaException if the driver refuses, other than for a lost device
   */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    context.makeCurrent();
    closed = true;
    Calls.checkRelease(JCudaDriver.cuGraphExecDestroy(executable), () -> "cuGraphExecDestroy");
  }
}
