package io.roomfield.slam.rpc;

import com.google.protobuf.UnsafeByteOperations;
import io.grpc.stub.ServerCallStreamObserver;
import io.roomfield.slam.v1.SessionFile;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;

/** One ExportSession call: a file in chunks, no faster than the client takes them. */
final class SessionExport {
  private static final int CHUNK_BYTES = 1 << 20;

  private SessionExport() {}

  /**
   * @param export makes the file, which is deleted afterwards
   */
  static void open(
      Callable<Path> export, ServerCallStreamObserver<SessionFile> call, ExecutorService executor) {
    Semaphore readiness = new Semaphore(0);
    call.setOnReadyHandler(readiness::release);
    Future<?> work = executor.submit(() -> run(export, call, readiness));
    call.setOnCancelHandler(() -> work.cancel(true));
  }

  private static void run(
      Callable<Path> export, ServerCallStreamObserver<SessionFile> call, Semaphore readiness) {
    try {
      Path file = export.call();
      try (InputStream in = Files.newInputStream(file)) {
        byte[] chunk = in.readNBytes(CHUNK_BYTES);
        while (chunk.length > 0) {
          while (!call.isReady()) {
            readiness.acquire();
            readiness.drainPermits();
          }
          call.onNext(
              SessionFile.newBuilder().setData(UnsafeByteOperations.unsafeWrap(chunk)).build());
          chunk = in.readNBytes(CHUNK_BYTES);
        }
      } finally {
        Files.deleteIfExists(file);
      }
      call.onCompleted();
    } catch (Exception | OutOfMemoryError e) {
      StatusMapper.end(call, e, "ExportSession");
    }
  }
}
