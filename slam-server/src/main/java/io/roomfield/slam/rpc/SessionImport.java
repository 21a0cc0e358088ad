package io.roomfield.slam.rpc;

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
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One ImportSession call: the file's bytes go to disk as they come, and become a session at the
 * end.
 */
final class SessionImport implements StreamObserver<SessionFile> {
  private static final Logger LOG = LoggerFactory.getLogger(SessionImport.class);

  private final Function<Path, Session> take;
  private final StreamObserver<Session> answer;
  private final Path file;
  private final OutputStream out;
  private final Quotas.NewSession place;
  private boolean over;

  /**
   * @param place of the session, closed with the call: what comes is counted there
   * @param file where it goes, deleted with the call
   * @param take makes a session of the file
   */
  private SessionImport(
      Quotas.NewSession place,
      Path file,
      Function<Path, Session> take,
      StreamObserver<Session> answer)
      throws IOException {
    this.place = place;
    this.file = file;
    this.take = take;
    this.answer = answer;
    out = Files.newOutputStream(file);
  }

  /**
   * Takes over a call that has just come in, or refuses it.
   *
   * @param take makes a session of the file
   */
  static StreamObserver<SessionFile> open(
      SessionCopies copies,
      Principal caller,
      Function<Path, Session> take,
      StreamObserver<Session> answer) {
    try {
      Path file = copies.temporaryFile();
      Quotas.NewSession place = copies.place(caller);
      try {
        return new SessionImport(place, file, take, answer);
      } catch (IOException e) {
        place.close();
        throw new UncheckedIOException(e);
      }
    } catch (RuntimeException e) {
      answer.onError(StatusMapper.toStatus(e, "ImportSession"));
      return new Refused();
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
      out.close();
      Session session = take.apply(file); // which counts for itself now
      end();
      answer.onNext(session);
      answer.onCompleted();
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
    answer.onError(StatusMapper.toStatus(e, "ImportSession"));
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
