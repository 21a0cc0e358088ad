package io.roomfield.slam.rpc;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.roomfield.slam.session.SessionCopies;
import io.roomfield.slam.v1.Session;
import io.roomfield.slam.v1.SessionFile;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One ImportSession call: the file's bytes go to disk as they come, and become a session at the
 * end, on a thread of its own that is interrupted when the call is cancelled.
 */
final class SessionImport implements StreamObserver<SessionFile> {
  private static final Logger LOG = LoggerFactory.getLogger(SessionImport.class);

  private final Function<Path, Session> take;
  private final ServerCallStreamObserver<Session> call;
  private final ExecutorService executor;
  private final Path file;
  private final OutputStream out;
  private boolean over;
  private Future<?> work = CompletableFuture.completedFuture(null);

  /**
   * @param take makes a session of the file
   */
  SessionImport(
      SessionCopies copies,
      Function<Path, Session> take,
      ServerCallStreamObserver<Session> call,
      ExecutorService executor) {
    this.take = take;
    this.call = call;
    this.executor = executor;
    file = copies.temporaryFile();
    try {
      out = Files.newOutputStream(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    call.setOnCancelHandler(() -> work.cancel(true));
  }

  @Override
  public void onNext(SessionFile chunk) {
    if (over) {
      return;
    }
    try {
      chunk.getData().writeTo(out);
    } catch (IOException e) {
      fail(e);
    }
  }

  @Override
  public void onCompleted() {
    if (over) {
      return;
    }
    work = executor.submit(this::answer);
  }

  private void answer() {
    try {
      out.close();
      Session session = take.apply(file);
      end();
      call.onNext(session);
      call.onCompleted();
    } catch (IOException | RuntimeException e) {
      fail(e);
    }
  }

  @Override
  public void onError(Throwable t) {
    end(); // broken off by the client
  }

  private void fail(Exception e) {
    end();
    StatusMapper.end(call, e, "ImportSession");
  }

  private void end() {
    over = true;
    try {
      out.close();
      Files.deleteIfExists(file);
    } catch (IOException e) {
      LOG.warn("A file that came in is left behind", e);
    }
  }
}
