package io.roomfield.slam.compute;

import io.roomfield.geometry.InvalidValueException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.LongSupplier;

/**
 * Shares the compute threads among sessions: tracking goes first, then whoever has had least for
 * its weight (start-time fair queueing: Goyal et al., SIGCOMM 1996). Work is done in turns, a frame
 * or a mapper's iteration long, and nothing is held but the turn. A session's virtual time is
 *
 * <pre>v = sum over its turns of time * lanes / weight</pre>
 *
 * and a turn that waits is granted in the order of (tracking before mapping, v, arrival) as soon as
 *
 * <ul>
 *   <li>for tracking, fewer trackers run than there are slots: it never waits for mapping;
 *   <li>for mapping, a slot is free; it then takes as many as it has lanes. One that has waited for
 *       {@link #PATIENCE_NANOS} goes as tracking does, so that no map stands still.
 * </ul>
 *
 * So one tracker and one mapper alone never wait. Callable from several threads; see ADR 18.
 */
public final class ComputeShare {
  /** What a turn is for. */
  public enum Work {
    TRACKING,
    MAPPING
  }

  /** A mapping round of a live camera takes a fifth of this; its map should not be older. */
  static final long PATIENCE_NANOS = 1_000_000_000L;

  /**
   * Virtual time that a session may be behind all others when it comes back: between two turns it
   * keeps what it is owed for the others' longer turns (an iteration of the paper's mapper takes
   * about so long), and no more.
   */
  static final long CREDIT_NANOS = 100_000_000L;

  /** A lone session's tracker and mapper fit. */
  private static final int LEAST_SLOTS = 2;

  private static final Comparator<Turn> ORDER =
      Comparator.comparing((Turn turn) -> !turn.first)
          .thenComparingDouble(turn -> turn.session.virtualNanos)
          .thenComparingLong(turn -> turn.arrival);

  private final int slots;
  private final LongSupplier nanoTime;

  // All below, and what sessions and turns have, is guarded by this.
  private final List<Turn> running = new ArrayList<>();
  private final List<Turn> waiting = new ArrayList<>();
  private double floor; // least virtual time of those that compute; never falls
  private long arrivals;

  /**
   * @param threads to share, > 0
   */
  public ComputeShare(int threads) {
    this(threads, System::nanoTime);
  }

  ComputeShare(int threads, LongSupplier nanoTime) {
    if (threads <= 0) {
      throw new InvalidValueException("threads", threads, "> 0");
    }
    slots = Math.max(LEAST_SLOTS, threads);
    this.nanoTime = nanoTime;
  }

  /** A session's part, of weight 1. */
  public final class Session {
    private double virtualNanos;
    private double weight = 1;
    private int turns; // that run or wait

    /**
     * @param weight relative to others', > 0
     */
    public void weight(double newWeight) {
      if (!(newWeight > 0) || !Double.isFinite(newWeight)) {
        throw new InvalidValueException("weight", newWeight, "> 0");
      }
      synchronized (ComputeShare.this) {
        weight = newWeight;
      }
    }

    /**
     * Waits for a turn.
     *
     * @param lanes that it computes on, > 0
     */
    public Turn begin(Work work, int lanes) throws InterruptedException {
      Turn turn = ask(work, lanes);
      turn.await();
      return turn;
    }

    Turn ask(Work work, int lanes) {
      Turn turn = new Turn(this, work, lanes);
      synchronized (ComputeShare.this) {
        if (turns == 0) {
          virtualNanos = Math.max(virtualNanos, floor - CREDIT_NANOS);
        }
        turns++;
        turn.queue();
        grant();
      }
      return turn;
    }
  }

  /** Leave to compute, until it is closed. For one thread. */
  public final class Turn implements AutoCloseable {
    private final Session session;
    private final Work work;
    private final int lanes;
    private CompletableFuture<Void> granted;
    private boolean first; // goes as tracking does
    private long arrival;
    private long sinceNanos; // that it waits, or runs

    private Turn(Session session, Work work, int lanes) {
      this.session = session;
      this.work = work;
      this.lanes = lanes;
    }

    private void queue() {
      granted = new CompletableFuture<>();
      first = work == Work.TRACKING;
      arrival = arrivals++;
      sinceNanos = nanoTime.getAsLong();
      waiting.add(this);
    }

    private void await() throws InterruptedException {
      try {
        granted.get();
      } catch (InterruptedException e) {
        close();
        throw e;
      } catch (ExecutionException e) {
        throw new IllegalStateException("a turn is granted, never failed", e);
      }
    }

    /**
     * Lets others go that go before, and waits to go on.
     *
     * @throws InterruptedException and the turn is over
     */
    public void pass() throws InterruptedException {
      passOn();
      await();
    }

    void passOn() {
      synchronized (ComputeShare.this) {
        charge();
        running.remove(this);
        queue();
        grant();
      }
    }

    boolean isGranted() {
      synchronized (ComputeShare.this) {
        return granted.isDone();
      }
    }

    private void charge() {
      session.virtualNanos += (nanoTime.getAsLong() - sinceNanos) * (double) lanes / session.weight;
      raiseFloor();
    }

    @Override
    public void close() {
      synchronized (ComputeShare.this) {
        if (running.contains(this)) {
          charge();
          running.remove(this);
          session.turns--;
        } else if (waiting.remove(this)) {
          session.turns--;
        }
        grant();
      }
    }
  }

  /** A session of its own. */
  public Session join() {
    return new Session();
  }

  private void raiseFloor() {
    double least = Double.POSITIVE_INFINITY;
    for (List<Turn> turns : List.of(running, waiting)) {
      for (Turn turn : turns) {
        least = Math.min(least, turn.session.virtualNanos);
      }
    }
    if (Double.isFinite(least)) {
      floor = Math.max(floor, least);
    }
  }

  private void grant() {
    long now = nanoTime.getAsLong();
    for (Turn turn : waiting) {
      turn.first |= now - turn.sinceNanos >= PATIENCE_NANOS;
    }
    waiting.sort(ORDER);
    // Who is first waits for more than all others do: while it waits, they do.
    while (!waiting.isEmpty() && fits(waiting.getFirst())) {
      Turn turn = waiting.removeFirst();
      turn.sinceNanos = now;
      running.add(turn);
      turn.granted.complete(null);
    }
  }

  private boolean fits(Turn next) {
    int used = 0;
    for (Turn turn : running) {
      used += turn.first || !next.first ? turn.lanes : 0;
    }
    return used < slots;
  }
}
