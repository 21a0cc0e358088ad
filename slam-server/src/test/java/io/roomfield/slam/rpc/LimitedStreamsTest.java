package io.roomfield.slam.rpc;

import static io.roomfield.slam.rpc.Refusals.assertRefusal;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.roomfield.slam.v1.FramePolicy;
import io.roomfield.slam.v1.GetSessionStatusRequest;
import io.roomfield.slam.v1.Session;
import io.roomfield.slam.v1.SessionFile;
import io.roomfield.slam.v1.SessionStatus;
import io.roomfield.slam.v1.StreamFramesRequest;
import io.roomfield.slam.v1.StreamFramesResponse;
import io.roomfield.slam.v1.StreamStart;
import io.roomfield.slam.v1.SyncMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Streams that bring more than there is room for. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class LimitedStreamsTest {
  /** The tracker holds one, the queue the others. */
  private static final int FRAMES_HELD = RunningServer.QUEUE_CAPACITY + 1;

  private static final int CHUNK_BYTES = 60_000;

  @TempDir private Path folder;

  private static String open(RunningServer server, SyncMode sync) {
    return server
        .blocking()
        .createSession(RunningServer.sessionRequest().setSync(sync).build())
        .getSessionId();
  }

  private static StreamFramesRequest startSkipping(String session) {
    return StreamFramesRequest.newBuilder()
        .setStart(
            StreamStart.newBuilder().setSessionId(session).setPolicy(FramePolicy.FRAME_POLICY_SKIP))
        .build();
  }

  /** What is accepted is tracked, and the rest is read, dropped and counted. */
  @Test
  void aStreamThatSkipsIsReadWhileTheQueueIsFull() throws Exception {
    int frames = 4 * FRAMES_HELD;
    try (RunningServer server = new RunningServer(Map.of())) {
      String session = open(server, SyncMode.SYNC_MODE_FREE);
      RecordedAnswers<StreamFramesResponse> answers = new RecordedAnswers<>();
      StreamObserver<StreamFramesRequest> stream = server.streaming().streamFrames(answers);
      stream.onNext(startSkipping(session));
      List<Long> accepted = new ArrayList<>();
      List<Long> dropped = new ArrayList<>();
      for (int i = 1; i <= frames; i++) {
        stream.onNext(RunningServer.frame(i));
        StreamFramesResponse answer = answers.next();
        (answer.hasAccepted() ? accepted : dropped).add(answer.getSequenceNumber());
      }
      assertThat(accepted).hasSizeLessThanOrEqualTo(FRAMES_HELD);
      assertThat(dropped).hasSize(frames - accepted.size());

      server.engine().permit(frames);
      stream.onCompleted();
      for (long number : accepted) {
        StreamFramesResponse answer = answers.next();
        assertThat(answer.hasTracked()).isTrue();
        assertThat(answer.getSequenceNumber()).isEqualTo(number);
      }
      assertThat(answers.end()).isNull();
      SessionStatus status =
          server
              .blocking()
              .getSessionStatus(GetSessionStatusRequest.newBuilder().setSessionId(session).build());
      assertThat(status.getShed().getFramesNoRoom()).isEqualTo(dropped.size());
      assertThat(status.getFramesRejected()).isZero();
    }
  }

  @Test
  void aStrictSessionLeavesNothingOut() throws IOException {
    try (RunningServer server = new RunningServer(Map.of())) {
      RecordedAnswers<StreamFramesResponse> answers = new RecordedAnswers<>();
      StreamObserver<StreamFramesRequest> stream = server.streaming().streamFrames(answers);
      stream.onNext(startSkipping(open(server, SyncMode.SYNC_MODE_STRICT)));
      assertRefusal(answers.end(), Status.Code.INVALID_ARGUMENT, "start.policy");
    }
  }

  /** The client is still sending when it hears; nothing of what came is left behind. */
  @Test
  void anImportOverTheQuotaEndsWhileItComes() throws IOException {
    Map<String, ?> options =
        Map.of(
            "keepSessions", true,
            "dataDirectory", folder.toString(),
            "limits", Map.of("everyone", Map.of("diskBytes", 2 * CHUNK_BYTES)));
    try (RunningServer server = new RunningServer(options)) {
      RecordedAnswers<Session> answers = new RecordedAnswers<>();
      StreamObserver<SessionFile> file = server.streaming().importSession(answers);
      for (int i = 0; i < 3; i++) {
        file.onNext(
            SessionFile.newBuilder().setData(ByteString.copyFrom(new byte[CHUNK_BYTES])).build());
      }
      assertRefusal(answers.end(), Status.Code.RESOURCE_EXHAUSTED, "disk bytes");
      try (Stream<Path> left = Files.list(folder.resolve("sessions"))) {
        assertThat(left).isEmpty();
      }
    }
  }
}
