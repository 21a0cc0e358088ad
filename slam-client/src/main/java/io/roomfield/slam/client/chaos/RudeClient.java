package io.roomfield.slam.client.chaos;

import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.roomfield.slam.client.ConnectionSecurity;
import io.roomfield.slam.client.FrameStreamer;
import io.roomfield.slam.client.PoseEstimate;
import io.roomfield.slam.client.SlamClient;
import io.roomfield.slam.client.SlamClientException;
import io.roomfield.slam.client.replay.ServerProcess;
import io.roomfield.slam.v1.Frame;
import io.roomfield.slam.v1.SlamServiceGrpc;
import io.roomfield.slam.v1.StreamFramesRequest;
import io.roomfield.slam.v1.StreamFramesResponse;
import io.roomfield.slam.v1.StreamStart;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;

/** One client that does what it should not, until it is told to stop. */
final class RudeClient {
  /** Frames that a flood has under way: as many as the connection takes. */
  private static final int UNLIMITED = Integer.MAX_VALUE;

  /** Bytes that pass before a connection breaks: one and a half frames of 160x120. */
  private static final long CUT_BYTES = 150_000;

  /** A number that no walk has. */
  private static final long FAR = Long.MIN_VALUE; // 2^63, of unsigned numbers

  /** What it does. */
  enum Kind {
    STALLS("never reads its answers"),
    VANISHES("breaks off within a message, again and again"),
    FLOODS_FREE("sends as fast as it can, sync FREE"),
    FLOODS_STRICT("sends as fast as it can, sync STRICT"),
    MISNUMBERS("sends old, repeated and far-future numbers");

    private final String words;

    Kind(String words) {
      this.words = words;
    }

    String words() {
      return words;
    }
  }

  /**
   * How it fared.
   *
   * @param sent frames
   * @param told frames of whose fate it heard, or that the session has where it did not listen
   */
  record Reported(int sent, int told) {}

  private final Stage stage;
  private final ServerProcess server;
  private final Kind kind;
  private final CountDownLatch started = new CountDownLatch(1);
  private final CountDownLatch stop = new CountDownLatch(1);

  RudeClient(Stage stage, ServerProcess server, Kind kind) {
    this.stage = stage;
    this.server = server;
    this.kind = kind;
  }

  /** Waits until it has begun, or failed to. */
  void awaitStart() throws InterruptedException {
    started.await();
  }

  void stop() {
    stop.countDown();
  }

  private boolean isStopped() {
    return stop.getCount() == 0;
  }

  /** Does it until it is stopped. */
  Reported work() throws IOException, InterruptedException {
    try (SlamClient client = Stage.client(server)) {
      String id = stage.session(client);
      started.countDown();
      Reported reported =
          switch (kind) {
            case STALLS -> stall(client, id);
            case VANISHES -> vanish(client, id);
            case FLOODS_FREE, FLOODS_STRICT -> flood(client, id);
            case MISNUMBERS -> misnumber(client, id);
          };
      client.deleteSession(id);
      return reported;
    } finally {
      started.countDown();
    }
  }

  /** The frame of the walk, to and fro, that comes as number n; its time follows its number. */
  private Frame frame(long n) {
    List<RecordedWalk.Shot> shots = stage.walk().shots();
    RecordedWalk.Shot shot = shots.get(stage.walk().toAndFro(n));
    return Frame.newBuilder()
        .setSequenceNumber(n)
        .setTimestampNs(stage.walk().nanosAt(n))
        .setColour(shot.colour())
        .setDepth(shot.depth())
        .build();
  }

  private void send(FrameStreamer streamer, Frame frame) throws InterruptedException {
    streamer.send(
        frame.getSequenceNumber(), frame.getTimestampNs(), frame.getColour(), frame.getDepth());
  }

  private Reported flood(SlamClient client, String id) throws InterruptedException {
    FrameFates fates = new FrameFates();
    int sent = 0;
    try (FrameStreamer streamer = client.streamFrames(id, UNLIMITED, fates)) {
      while (!isStopped()) {
        send(streamer, frame(sent));
        sent++;
      }
      streamer.finish();
    }
    return new Reported(sent, fates.told.get());
  }

  /** Each round has a good frame, and five that are known, old or taken already. */
  private Reported misnumber(SlamClient client, String id) throws InterruptedException {
    FrameFates fates = new FrameFates();
    int sent = 0;
    try (FrameStreamer streamer = client.streamFrames(id, Stage.IN_FLIGHT, fates)) {
      for (long n = 1; !isStopped(); n++) {
        Frame good = frame(n);
        send(streamer, good);
        send(streamer, good);
        send(streamer, good.toBuilder().setTimestampNs(good.getTimestampNs() + 1).build());
        send(streamer, frame(n / 2).toBuilder().setTimestampNs(0).build());
        sent += 4;
      }
      Frame last = frame(1);
      send(
          streamer, last.toBuilder().setSequenceNumber(FAR).setTimestampNs(Long.MAX_VALUE).build());
      send(streamer, last.toBuilder().setSequenceNumber(2).build());
      send(streamer, last.toBuilder().setSequenceNumber(FAR + 1).build());
      sent += 3;
      streamer.finish();
    }
    return new Reported(sent, fates.told.get());
  }

  /** A frame whose acceptance was told is in the trajectory, whoever has vanished. */
  private Reported vanish(SlamClient client, String id) throws IOException, InterruptedException {
    FrameFates fates = new FrameFates();
    long next = 0;
    while (!isStopped()) {
      try (CutConnection way = new CutConnection(server.hostAndPort(), CUT_BYTES);
          SlamClient cut = SlamClient.connect(way.hostAndPort(), ConnectionSecurity.NONE);
          FrameStreamer streamer = cut.streamFrames(id, Stage.IN_FLIGHT, fates)) {
        next = streamer.lastAccepted().orElse(-1) + 1;
        while (true) {
          send(streamer, frame(next));
          next++;
        }
      } catch (SlamClientException e) {
        // Cut; or the server has not noticed that the last one was, and says so: again.
      }
    }
    return inTrajectory(client, id, fates.accepted);
  }

  /** Of the frames that the session has accepted, and that those are among them which were told. */
  private static Reported inTrajectory(SlamClient client, String id, Set<Long> told) {
    int accepted = (int) client.finishSession(id).getFramesAccepted();
    Set<Long> missing = new HashSet<>(told);
    List<PoseEstimate> trajectory = client.trajectory(id);
    trajectory.forEach(pose -> missing.remove(pose.sequenceNumber()));
    return new Reported(accepted, trajectory.size() - missing.size());
  }

  /** Sends while the connection takes it and reads nothing: what was accepted is tracked. */
  private Reported stall(SlamClient client, String id) throws InterruptedException {
    ManagedChannel channel =
        ManagedChannelBuilder.forTarget(server.hostAndPort()).usePlaintext().build();
    try {
      Deaf deaf = new Deaf();
      var unused = SlamServiceGrpc.newStub(channel).streamFrames(deaf);
      deaf.call.onNext(
          StreamFramesRequest.newBuilder()
              .setStart(StreamStart.newBuilder().setSessionId(id))
              .build());
      Thread ender =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      stop.await();
                      deaf.ready.release();
                    } catch (InterruptedException e) {
                      Thread.currentThread().interrupt();
                    }
                  });
      long n = 0;
      while (!isStopped()) {
        deaf.ready.acquire();
        while (deaf.call.isReady() && !isStopped()) {
          deaf.call.onNext(StreamFramesRequest.newBuilder().setFrame(frame(n)).build());
          n++;
        }
      }
      ender.join();
      deaf.call.cancel("stalled long enough", null);
    } finally {
      channel.shutdownNow();
    }
    return inTrajectory(client, id, Set.of());
  }

  /** Asks for no answer. */
  private static final class Deaf
      implements ClientResponseObserver<StreamFramesRequest, StreamFramesResponse> {
    final Semaphore ready = new Semaphore(0);
    ClientCallStreamObserver<StreamFramesRequest> call;

    @Override
    public void beforeStart(ClientCallStreamObserver<StreamFramesRequest> stream) {
      call = stream;
      stream.disableAutoRequestWithInitial(0);
      stream.setOnReadyHandler(ready::release);
    }

    @Override
    public void onNext(StreamFramesResponse answer) {
      throw new IllegalStateException("an answer that was not asked for");
    }

    @Override
    public void onError(Throwable cause) {
      ready.release();
    }

    @Override
    public void onCompleted() {
      ready.release();
    }
  }
}
