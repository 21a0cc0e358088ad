package io.roomfield.slam.rpc;

import io.grpc.stub.ServerCallStreamObserver;
import io.roomfield.geometry.TriangleMesh;
import io.roomfield.slam.v1.ExtractMeshResponse;
import io.roomfield.slam.v1.MeshProgress;
import java.util.Iterator;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.function.DoubleConsumer;
import java.util.function.Function;

/**
 * One ExtractMesh call: the work on a thread of its own that is interrupted when the call is
 * cancelled, and a mesh sent no faster than the client reads it.
 */
final class MeshStream {
  /** Progress is told in steps of at least this. */
  private static final double PROGRESS_STEP = 0.01;

  private final ServerCallStreamObserver<ExtractMeshResponse> call;
  private final Semaphore readiness = new Semaphore(0);
  private double told = -PROGRESS_STEP;

  private MeshStream(ServerCallStreamObserver<ExtractMeshResponse> call) {
    this.call = call;
  }

  /**
   * @param extraction makes the mesh, telling its progress; throws CancellationException when
   *     interrupted
   */
  static void open(
      Function<DoubleConsumer, TriangleMesh> extraction,
      ServerCallStreamObserver<ExtractMeshResponse> call,
      ExecutorService executor) {
    MeshStream stream = new MeshStream(call);
    call.setOnReadyHandler(stream.readiness::release);
    Future<?> work = executor.submit(() -> stream.run(extraction));
    call.setOnCancelHandler(() -> work.cancel(true));
  }

  private void run(Function<DoubleConsumer, TriangleMesh> extraction) {
    try {
      TriangleMesh mesh = extraction.apply(this::progress);
      Iterator<ExtractMeshResponse> messages = new MeshMessages(mesh);
      while (messages.hasNext()) {
        awaitReady();
        call.onNext(messages.next());
      }
      call.onCompleted();
    } catch (Throwable e) {
      StatusMapper.end(call, e, "ExtractMesh");
    }
  }

  private void progress(double fraction) {
    if (call.isReady() && fraction >= told + PROGRESS_STEP) {
      told = fraction;
      call.onNext(
          ExtractMeshResponse.newBuilder()
              .setProgress(MeshProgress.newBuilder().setFraction(fraction))
              .build());
    }
  }

  private void awaitReady() throws InterruptedException {
    while (!call.isReady()) {
      readiness.acquire();
      readiness.drainPermits();
    }
  }
}
