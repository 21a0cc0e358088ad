package io.roomfield.slam.rpc;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.roomfield.slam.access.Principal;
import io.roomfield.slam.session.Quotas;
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
import java.util.concurrent.atomic.AtomicBoolean;
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
  private final Quotas.NewSession place;
  private final AtomicBoolean begun = new AtomicBoolean();
  private boolean over;
  private Future<?> work = CompletableFuture.completedFuture(null);

  /**
   * @param place of the session, closed with the call: what comes is counted there
   * @param file where it goes, deleted with the call
   * @param take makes a session of the file
   */
  private SessionImport(
      Quotas.NewSession place,
      Path file,
      Function<Path, Session> take,
      ServerCallStreamObserver<Session> call,
      ExecutorService executor)
      throws IOException {
    this.place = place;
    this.file = file;
    this.take = take;
    this.call = call;
    this.executor = executor;
    out = Files.newOutputStream(file);
    call.setOnCancelHandler(this::cancel);
  }

  /**
   * Takes over a call of {@code caller}'s that has just come in, or refuses it.
   *
   * @param take makes a session of the file
   * @param executor where that is done
   */
  static StreamObserver<SessionFile> open(
      SessionCopies copies,
      Principal caller,
      Function<Path, Session> take,
      ServerCallStreamObserver<Session> call,
      ExecutorService executor) {
    try {
      Path file = copies.temporaryFile();
      Quotas.NewSession place = copies.place(caller);
      try {
        return new SessionImport(place, file, take, call, executor);
      } catch (IOException e) {
        place.close();
        throw new UncheckedIOException(e);
      }
    } catch (RuntimeException e) {
      call.onError(StatusMapper.toStatus(e, "ImportSession"));
      return new Refused();
    }
  }

  /** Work that has not begun never will, and tidies nothing up. */
  private void cancel() {
    if (work.cancel(true) && begun.compareAndSet(false, true)) {
      end();
    }
  }

  /** What still comes of a call that was refused. */
  private static final class Refused implements StreamObserver<SessionFile> {
    @Override
    public void onNext(SessionFile chunk) {}

    @Override
    public void onError(Throwable t) {}

    @Override
    public void onCompleted() {}
  }

  @Override
  public void onNext(SessionFile chunk) {
    if (over) {
      return;
    }
    try {
      place.addBytes(chunk.getData().size());
      chunk.getData().writeTo(out);
    } catch (IOException | RuntimeException e) {
      fail(e);
    }
  }

  @Override
  public void onCompleted() {
    if (over) {
      return;
    }
    try {
      work = executor.submit(this::answer);
    } catch (RuntimeException e) {
      fail(e);
    }
  }

  private void answer() {
    if (!begun.compareAndSet(false, true)) {
      return;
    }
    try {
      out.close();
      Session session = take.apply(file); // which counts for itself now
      end();
      call.onNext(session);
      call.onCompleted();
    } catch (IOException | RuntimeException | Error e) {
      fail(e);
    }
  }

  @Override
  public void onError(Throwable t) {
    end(); // broken off by the client
  }

  private void fail(Throwable e) {
    end();
    StatusMapper.end(call, e, "ImportSession");
  }

  private void end() {
    over = true;
    place.close();
    try {
      out.close();
      Files.deleteIfExists(file);
    } catch (IOException e) {
      LOG.warn("A file that came in is left behind", e);
    }
  }
}
