package io.roomfield.slam.rpc;

import io.grpc.stub.StreamObserver;
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
  private boolean over;

  /**
   * @param take makes a session of the file
   */
  SessionImport(
      SessionCopies copies, Function<Path, Session> take, StreamObserver<Session> answer) {
    this.take = take;
    this.answer = answer;
    file = copies.temporaryFile();
    try {
      out = Files.newOutputStream(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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
    try {
      out.close();
      Session session = take.apply(file);
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
    try {
      out.close();
      Files.deleteIfExists(file);
    } catch (IOException e) {
      LOG.warn("A file that came in is left behind", e);
    }
  }
}
