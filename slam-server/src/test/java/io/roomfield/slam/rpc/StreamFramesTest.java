package io.roomfield.slam.rpc;

import static io.roomfield.slam.rpc.Refusals.assertRefusal;
import static io.roomfield.slam.rpc.RunningServer.EDGE;
import static io.roomfield.slam.rpc.RunningServer.frame;
import static io.roomfield.slam.rpc.RunningServer.start;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.roomfield.slam.ingest.RgbdFrame;
import io.roomfield.slam.ingest.TestImages;
import io.roomfield.slam.tracking.TrackingStatus;
import io.roomfield.slam.v1.CloseSessionRequest;
import io.roomfield.slam.v1.ColourEncoding;
import io.roomfield.slam.v1.DepthEncoding;
import io.roomfield.slam.v1.FinishSessionRequest;
import io.roomfield.slam.v1.FrameRejected;
import io.roomfield.slam.v1.FrameTracked;
import io.roomfield.slam.v1.GetSessionStatusRequest;
import io.roomfield.slam.v1.SessionState;
import io.roomfield.slam.v1.SessionStatus;
import io.roomfield.slam.v1.StreamFramesRequest;
import io.roomfield.slam.v1.StreamFramesResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StreamFramesTest {
  private static final int RGB8 = ColourEncoding.COLOUR_ENCODING_RGB8_VALUE;
  private static final int RAW16 = DepthEncoding.DEPTH_ENCODING_RAW16_VALUE;

  /** The tracking thread holds one frame beside those in the queue. */
  private static final int FRAMES_HELD = RunningServer.QUEUE_CAPACITY + 1;

  private RunningServer server;
  private String session;
  private RecordedAnswers<StreamFramesResponse> answers;
  private StreamObserver<StreamFramesRequest> stream;

  @BeforeAll
  void startServer() throws IOException {
    server = new RunningServer(Map.of());
  }

  @AfterAll
  void stopServer() {
    server.close();
  }

  @BeforeEach
  void openStream() {
    session = server.openSession();
    answers = new RecordedAnswers<>();
    stream = server.streaming().streamFrames(answers);
  }

  @AfterEach
  void closeSession() {
    if (session != null) {
      close(session);
    }
  }

  @Test
  void acceptedThenTracked() throws InterruptedException {
    server.engine().status(TrackingStatus.UNCERTAIN);
    stream.onNext(start(session));
    stream.onNext(frame(7));
    assertThat(answers.next().hasAccepted()).isTrue();
    server.engine().permit(1);

    StreamFramesResponse answer = answers.next();
    assertThat(answer.getSequenceNumber()).isEqualTo(7);
    FrameTracked tracked = answer.getTracked();
    assertThat(tracked.getPose().getSequenceNumber()).isEqualTo(7);
    assertThat(tracked.getPose().getTimestampNs()).isEqualTo(70);
    assertThat(tracked.getPose().getWorldFromCamera().getQw()).isEqualTo(1);
    assertThat(tracked.getPose().getStatus())
        .isEqualTo(io.roomfield.slam.v1.TrackingStatus.TRACKING_STATUS_UNCERTAIN);
    assertThat(tracked.getPose().getStatusReason()).isEqualTo("as the test says");
    assertThat(tracked.getLosses().getDepthM()).isEqualTo(0.01);
    assertThat(tracked.getTrackingMs()).isEqualTo(2);
    assertThat(tracked.getKeyframes()).isEqualTo(1);
  }

  /**
   * The client sends far more than the queue holds, as fast as it can. Were they read, they would
   * be refused for want of room; instead the server leaves them on the wire until there is.
   */
  @Test
  void readsNoFurtherThanTheQueueHasRoomFor() throws InterruptedException {
    int frames = 4 * FRAMES_HELD;
    stream.onNext(start(session));
    LongStream.rangeClosed(1, frames).forEach(i -> stream.onNext(frame(i)));
    stream.onCompleted();
    List<String> heard = new ArrayList<>();
    for (int i = 0; i < FRAMES_HELD; i++) {
      heard.add(describe(answers.next()));
    }
    SessionStatus status = status();
    assertThat(status.getFramesAccepted()).isEqualTo(FRAMES_HELD);
    assertThat(status.getFramesRejected()).isZero();

    server.engine().permit(frames);
    for (int i = FRAMES_HELD; i < 2 * frames; i++) {
      heard.add(describe(answers.next()));
    }

    assertThat(answers.end()).isNull();
    for (String fate : new String[] {"accepted", "tracked"}) {
      assertThat(heard.stream().filter(answer -> answer.startsWith(fate)))
          .containsExactlyElementsOf(
              LongStream.rangeClosed(1, frames).mapToObj(i -> fate + " " + i).toList());
    }
    for (int i = 1; i <= frames; i++) {
      assertThat(heard.indexOf("accepted " + i)).isLessThan(heard.indexOf("tracked " + i));
    }
  }

  @Test
  void halfCloseDrainsTheQueue() throws InterruptedException {
    stream.onNext(start(session));
    stream.onNext(frame(1));
    stream.onNext(frame(2));
    stream.onCompleted();
    assertThat(answers.next().hasAccepted()).isTrue();
    assertThat(answers.next().hasAccepted()).isTrue();
    assertThat(answers.isEmpty()).isTrue();
    server.engine().permit(2);

    assertThat(answers.next().hasTracked()).isTrue();
    assertThat(answers.next().hasTracked()).isTrue();
    assertThat(answers.end()).isNull();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("badFrames")
  void refusesAFrameAndGoesOn(String field, StreamFramesRequest bad) throws InterruptedException {
    server.engine().permit(2);
    stream.onNext(start(session));
    stream.onNext(frame(10));
    assertThat(describe(answers.next())).isEqualTo("accepted 10");
    assertThat(describe(answers.next())).isEqualTo("tracked 10");

    stream.onNext(bad);

    StreamFramesResponse answer = answers.next();
    assertThat(answer.getSequenceNumber()).isEqualTo(bad.getFrame().getSequenceNumber());
    FrameRejected rejected = answer.getRejected();
    assertThat(rejected.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT.value());
    assertThat(rejected.getMessage())
        .startsWith("frame " + bad.getFrame().getSequenceNumber() + ": ");
    assertThat(rejected.getBadInput().getField()).isEqualTo(field);
    assertThat(rejected.getBadInput().getExpected()).isNotEmpty();
    assertThat(rejected.getBadInput().getGot()).isNotEmpty();
    stream.onNext(frame(12));
    assertThat(describe(answers.next())).isEqualTo("accepted 12");
    assertThat(describe(answers.next())).isEqualTo("tracked 12");
  }

  static Stream<Arguments> badFrames() {
    byte[] colour = new byte[3 * EDGE * EDGE];
    byte[] depth = TestImages.rawDepth(EDGE, EDGE, 2000);
    byte[] noise = {1, 2, 3, 4};
    int jpeg = ColourEncoding.COLOUR_ENCODING_JPEG_VALUE;
    int png16 = DepthEncoding.DEPTH_ENCODING_PNG16_VALUE;
    RgbdFrame.EncodedImages fine = TestImages.raw(EDGE, EDGE, 2000);
    return Stream.of(
        Arguments.of("frame.sequence_number", frame(10, 120, fine)),
        Arguments.of("frame.sequence_number", frame(9, 120, fine)),
        Arguments.of("frame.timestamp_ns", frame(11, 100, fine)),
        Arguments.of("frame.timestamp_ns", frame(11, 99, fine)),
        bad("frame.colour.data", RGB8, new byte[5], RAW16, depth),
        bad("frame.colour.data", jpeg, noise, RAW16, depth),
        bad("frame.depth.data", RGB8, colour, png16, noise),
        bad("frame.depth.data", RGB8, colour, RAW16, new byte[5]),
        bad("frame.depth.data", RGB8, colour, RAW16, new byte[2 * EDGE * EDGE]),
        bad("frame.colour.encoding", 0, colour, RAW16, depth),
        bad("frame.depth.encoding", RGB8, colour, 0, depth),
        // 65.5 m and 1 mm in millimetres.
        bad("depth_scale", RGB8, colour, RAW16, TestImages.rawDepth(EDGE, EDGE, 65_500)),
        bad("depth_scale", RGB8, colour, RAW16, TestImages.rawDepth(EDGE, EDGE, 1)));
  }

  private static Arguments bad(
      String field, int colourEncoding, byte[] colour, int depthEncoding, byte[] depth) {
    return Arguments.of(
        field,
        frame(11, 110, new RgbdFrame.EncodedImages(colourEncoding, colour, depthEncoding, depth)));
  }

  /** gRPC ends a call on a message that is too long; the session and what it has stay. */
  @Test
  void messageOverTheLimitEndsTheStreamButNotTheSession() throws InterruptedException {
    server.engine().permit(2);
    stream.onNext(start(session));
    stream.onNext(frame(1));
    assertThat(describe(answers.next())).isEqualTo("accepted 1");
    assertThat(describe(answers.next())).isEqualTo("tracked 1");

    byte[] colour = new byte[2 * RunningServer.MAX_MESSAGE_BYTES];
    stream.onNext(frame(2, 20, new RgbdFrame.EncodedImages(RGB8, colour, RAW16, new byte[0])));

    assertRefusal(answers.end(), Status.Code.RESOURCE_EXHAUSTED, "message");
    assertThat(status().getState()).isEqualTo(SessionState.SESSION_STATE_OPEN);
    reopen();
    stream.onNext(frame(3));
    assertThat(describe(answers.next())).isEqualTo("accepted 3");
    assertThat(describe(answers.next())).isEqualTo("tracked 3");
  }

  @Test
  void breakingOffLosesNothingAccepted() throws InterruptedException {
    stream.onNext(start(session));
    stream.onNext(frame(1));
    assertThat(describe(answers.next())).isEqualTo("accepted 1");
    ((ClientCallStreamObserver<StreamFramesRequest>) stream).cancel("by the test", null);
    answers.end();

    reopen();
    stream.onNext(frame(2));
    assertThat(describe(answers.next())).isEqualTo("accepted 2");
    server.engine().permit(2);
    assertThat(describe(answers.next())).isEqualTo("tracked 2");
    assertThat(status().getFramesTracked()).isEqualTo(2);
  }

  @Test
  void secondStreamOfASessionIsRefused() throws InterruptedException {
    stream.onNext(start(session));
    stream.onNext(frame(1));
    answers.next();
    RecordedAnswers<StreamFramesResponse> second = new RecordedAnswers<>();
    server.streaming().streamFrames(second).onNext(start(session));

    assertRefusal(second.end(), Status.Code.ALREADY_EXISTS, "start.session_id");
  }

  @Test
  void startMustComeFirstAndOnce() throws InterruptedException {
    stream.onNext(frame(1));
    assertRefusal(answers.end(), Status.Code.INVALID_ARGUMENT, "message");

    answers = new RecordedAnswers<>();
    stream = server.streaming().streamFrames(answers);
    stream.onNext(start(session));
    stream.onNext(start(session));
    assertRefusal(answers.end(), Status.Code.INVALID_ARGUMENT, "start");

    answers = new RecordedAnswers<>();
    stream = server.streaming().streamFrames(answers);
    stream.onNext(StreamFramesRequest.getDefaultInstance());
    assertRefusal(answers.end(), Status.Code.INVALID_ARGUMENT, "message");
  }

  @Test
  void unknownSessionIsNotFound() {
    stream.onNext(start("no-such-session"));

    assertRefusal(answers.end(), Status.Code.NOT_FOUND, "session_id");
  }

  @Test
  void framesAfterFinishAreRefused() throws InterruptedException {
    stream.onNext(start(session));
    stream.onNext(frame(1));
    // The stream is open now; a start that came after the finish would be refused as a whole.
    assertThat(describe(answers.next())).isEqualTo("accepted 1");
    server.engine().permit(1);
    assertThat(describe(answers.next())).isEqualTo("tracked 1");
    var finish = FinishSessionRequest.newBuilder().setSessionId(session).build();
    assertThat(server.blocking().finishSession(finish).getState())
        .isEqualTo(SessionState.SESSION_STATE_FINISHED);

    stream.onNext(frame(2));

    assertThat(answers.next().getRejected().getCode())
        .isEqualTo(Status.Code.FAILED_PRECONDITION.value());
  }

  @Test
  void failureOfTheEngineDropsWhatWaitsAndIsTold() throws InterruptedException {
    server.engine().failWith(new IllegalStateException("loss is not finite"));
    stream.onNext(start(session));
    stream.onNext(frame(1));
    assertThat(describe(answers.next())).isEqualTo("accepted 1");
    server.engine().permit(1);

    assertThat(answers.next().getDropped().getReason()).isEqualTo("loss is not finite");
    stream.onNext(frame(2));
    assertThat(answers.next().getRejected().getMessage()).contains("loss is not finite");
    assertThat(status().getState()).isEqualTo(SessionState.SESSION_STATE_FAILED);
    assertThat(status().getFailure()).isEqualTo("loss is not finite");
  }

  @Test
  void closingTheSessionDropsWhatWaits() throws InterruptedException {
    stream.onNext(start(session));
    stream.onNext(frame(1));
    assertThat(describe(answers.next())).isEqualTo("accepted 1");
    close(session);
    session = null;

    assertThat(answers.next().getDropped().getReason()).isEqualTo("the session was closed");
    stream.onNext(frame(2));
    assertThat(answers.next().getRejected().getCode()).isEqualTo(Status.Code.NOT_FOUND.value());
  }

  /**
   * Opens a stream after the last one broke off: the server may learn of that a moment later than
   * the client, so until it has it says that there is one already.
   */
  private void reopen() throws InterruptedException {
    boolean open = false;
    while (!open) {
      answers = new RecordedAnswers<>();
      stream = server.streaming().streamFrames(answers);
      stream.onNext(start(session));
      open = answers.answeredBeforeEnd();
    }
  }

  private static String describe(StreamFramesResponse answer) {
    return switch (answer.getResultCase()) {
      case ACCEPTED -> "accepted " + answer.getSequenceNumber();
      case REJECTED -> "rejected " + answer.getSequenceNumber();
      case TRACKED -> "tracked " + answer.getSequenceNumber();
      case DROPPED -> "dropped " + answer.getSequenceNumber();
      case STARTED -> "started";
      case RESULT_NOT_SET -> "nothing";
    };
  }

  private SessionStatus status() {
    return server
        .blocking()
        .getSessionStatus(GetSessionStatusRequest.newBuilder().setSessionId(session).build());
  }

  private void close(String id) {
    server.blocking().closeSession(CloseSessionRequest.newBuilder().setSessionId(id).build());
  }
}
