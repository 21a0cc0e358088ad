package io.roomfield.slam.rpc;

import io.grpc.stub.ServerCallStreamObserver;
import io.roomfield.slam.ingest.BadInputException;
import io.roomfield.slam.mapping.MapSnapshot;
import io.roomfield.slam.meshing.LiveMesh;
import io.roomfield.slam.meshing.MeshPatch;
import io.roomfield.slam.session.PoseListener;
import io.roomfield.slam.session.SlamSession;
import io.roomfield.slam.tracking.TrackingResult;
import io.roomfield.slam.v1.MeshUpdated;
import io.roomfield.slam.v1.WatchMeshResponse;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One WatchMesh call: a thread of its own that waits for mapping rounds, extracts what they changed
 * and sends it. While the client reads, rounds gather, and the next update is of the newest map.
 */
final class MeshWatch implements PoseListener {
  private final SlamSession session;
  private final LiveMesh mesh;
  private final ServerCallStreamObserver<WatchMeshResponse> call;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  /** When the first round ended that is not in the mesh; guarded by lock, as are those below. */
  private Optional<Instant> mappedAt = Optional.empty();

  private boolean ended;

  /** Why no more will come for now. */
  private Optional<BadInputException> suspension = Optional.empty();

  private MeshWatch(
      SlamSession session, LiveMesh mesh, ServerCallStreamObserver<WatchMeshResponse> call) {
    this.session = session;
    this.mesh = mesh;
    this.call = call;
  }

  /**
   * Sends a session's mesh and what becomes of it.
   *
   * @param mesh nobody else's
   */
  static void open(
      SlamSession session,
      LiveMesh mesh,
      ServerCallStreamObserver<WatchMeshResponse> call,
      ExecutorService executor) {
    MeshWatch watch = new MeshWatch(session, mesh, call);
    call.setOnReadyHandler(watch::signal);
    Runnable stopListening = session.listen(watch);
    Future<?> work;
    try {
      work = executor.submit(() -> watch.run(stopListening));
    } catch (RuntimeException e) {
      stopListening.run();
      throw e;
    }
    call.setOnCancelHandler(
        () -> {
          stopListening.run();
          work.cancel(true);
        });
  }

  @Override
  public void tracked(TrackingResult result) {
    // Poses are another call's.
  }

  @Override
  public void mapped() {
    lock.lock();
    try {
      mappedAt = mappedAt.or(() -> Optional.of(Instant.now()));
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void ended() {
    lock.lock();
    try {
      ended = true;
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void suspended(BadInputException why) {
    lock.lock();
    try {
      suspension = Optional.of(why);
    } finally {
      lock.unlock();
    }
    ended();
  }

  private void signal() {
    lock.lock();
    try {
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  private void run(Runnable stopListening) {
    try {
      // What there is, what rounds make of it, and what the last refinement left.
      update(Optional.empty());
      Optional<Instant> round = nextRound();
      while (round.isPresent()) {
        update(round);
        round = nextRound();
      }
      if (suspension.isPresent()) {
        call.onError(StatusMapper.toStatus(suspension.get()));
        return;
      }
      update(Optional.empty());
      call.onCompleted();
    } catch (InterruptedException | CancellationException e) {
      // Interrupted because the call was cancelled or the server is being stopped: nobody listens.
      Thread.currentThread().interrupt();
    } catch (Throwable e) {
      call.onError(StatusMapper.toStatus(e, "WatchMesh"));
    } finally {
      stopListening.run(); // nobody does where the server ends the call
    }
  }

  /** Waits for a round that is not in the mesh; empty where no more will come. */
  private Optional<Instant> nextRound() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (mappedAt.isEmpty() && !ended) {
        changed.await();
      }
      Optional<Instant> round = ended ? Optional.empty() : mappedAt;
      mappedAt = Optional.empty();
      return round;
    } finally {
      lock.unlock();
    }
  }

  private void update(Optional<Instant> round) throws InterruptedException {
    Optional<MapSnapshot> map = session.map();
    if (map.isEmpty()) {
      return;
    }
    for (MeshPatch patch : mesh.update(map.get(), session.keyframes())) {
      send(WatchMeshResponse.newBuilder().setPatch(ProtoConverter.meshPatch(patch)).build());
    }
    MeshUpdated.Builder updated = MeshUpdated.newBuilder().setMapVersion(map.get().version());
    round.ifPresent(at -> updated.setMappedUnixNs(unixNanos(at)));
    send(WatchMeshResponse.newBuilder().setUpdated(updated).build());
  }

  private static long unixNanos(Instant at) {
    return TimeUnit.SECONDS.toNanos(at.getEpochSecond()) + at.getNano();
  }

  private void send(WatchMeshResponse message) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!call.isReady()) {
        changed.await();
      }
    } finally {
      lock.unlock();
    }
    call.onNext(message);
  }
}
