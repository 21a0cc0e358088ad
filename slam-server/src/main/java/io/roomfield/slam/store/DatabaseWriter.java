package io.roomfield.slam.store;

import com.google.common.util.concurrent.Uninterruptibles;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;

/**
 * The one thread that writes a database. What is put in while it writes is committed together next
 * (group commit); slices of a checkpoint are written in between, each in a transaction of its own,
 * so that no frame waits for more than one. After a failed write nothing is written any more.
 */
final class DatabaseWriter implements AutoCloseable {
  /** Something to write. */
  @FunctionalInterface
  interface Write {
    void run(Statements statements) throws SQLException;
  }

  /** Work that is done slice by slice. */
  @FunctionalInterface
  interface Sliced {
    /** Writes a slice; false when there was none left. */
    boolean writeSlice(Statements statements) throws SQLException;
  }

  /** For so long a write may wait that can. */
  private static final long LATER_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  private record Pending(Write write, CompletableFuture<Void> written) {}

  private record PendingSlices(Sliced slices, CompletableFuture<Void> written) {}

  private final Connection connection;
  private final Statements statements;
  private final long gatherNanos;
  private final LongConsumer committed;
  private final Thread thread;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ArrayDeque<Pending> pending = new ArrayDeque<>();
  private final ArrayDeque<PendingSlices> sliced = new ArrayDeque<>();
  private int hurried; // of those pending, which cannot wait
  private boolean closed;
  private StorageException failure;

  /**
   * @param connection this writer's alone; closed with it
   * @param gather for so long after a write was put in others may join its transaction
   * @param committed told how many nanoseconds a transaction took, those of slices left out
   */
  DatabaseWriter(Connection connection, Duration gather, LongConsumer committed) {
    this.connection = connection;
    statements = new Statements(connection);
    gatherNanos = gather.toNanos();
    this.committed = committed;
    thread = Thread.ofPlatform().daemon().name("database").start(this::work);
  }

  /** Puts in a write; done when it is durable. */
  CompletableFuture<Void> put(Write write) {
    Pending put = new Pending(write, new CompletableFuture<>());
    enqueue(
        () -> {
          pending.add(put);
          hurried++;
        },
        put.written);
    return put.written;
  }

  /**
   * Puts in a write that can wait a moment for one that cannot: on its own it would cost a
   * transaction as well. Done when it is durable.
   */
  CompletableFuture<Void> putLater(Write write) {
    Pending put = new Pending(write, new CompletableFuture<>());
    enqueue(() -> pending.add(put), put.written);
    return put.written;
  }

  /** Puts in work that comes after everything else; done when its last slice is durable. */
  CompletableFuture<Void> putSliced(Sliced slices) {
    PendingSlices put = new PendingSlices(slices, new CompletableFuture<>());
    enqueue(() -> sliced.add(put), put.written);
    return put.written;
  }

  private void enqueue(Runnable put, CompletableFuture<Void> written) {
    lock.lock();
    try {
      if (failure == null && !closed) {
        put.run();
        changed.signalAll();
        return;
      }
    } finally {
      lock.unlock();
    }
    written.completeExceptionally(
        failure != null
            ? failure
            : new StorageException(StorageException.Kind.FAILED, "the session is closed", null));
  }

  private void work() {
    try {
      boolean more = true;
      while (more) {
        more = writeNext();
      }
      connection.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (SQLException | RuntimeException | Error e) {
      fail(e);
    }
  }

  /** False when there is nothing left and nothing will come. */
  private boolean writeNext() throws InterruptedException, SQLException {
    List<Pending> group;
    PendingSlices background;
    lock.lockInterruptibly();
    try {
      long patience = LATER_NANOS;
      while (hurried == 0 && sliced.isEmpty() && !closed && patience > 0) {
        if (pending.isEmpty()) {
          changed.await();
        } else {
          patience = changed.awaitNanos(patience);
        }
      }
      if (pending.isEmpty() && sliced.isEmpty()) {
        return false; // closed
      }
      gather();
      group = new ArrayList<>(pending);
      hurried = 0;
      background = group.isEmpty() ? sliced.element() : null;
    } finally {
      lock.unlock();
    }
    if (background == null) {
      write(group);
    } else {
      write(background);
    }
    return true;
  }

  private void gather() throws InterruptedException {
    long left = pending.isEmpty() ? 0 : gatherNanos;
    while (left > 0 && !closed) {
      left = changed.awaitNanos(left);
    }
  }

  private void write(List<Pending> group) throws SQLException {
    long start = System.nanoTime();
    for (Pending write : group) {
      write.write.run(statements);
    }
    connection.commit();
    committed.accept(System.nanoTime() - start);
    forget(() -> group.forEach(written -> pending.remove()));
    group.forEach(written -> written.written.complete(null));
  }

  private void write(PendingSlices background) throws SQLException {
    boolean more = background.slices.writeSlice(statements);
    connection.commit();
    if (!more) {
      forget(sliced::remove);
      background.written.complete(null);
    }
  }

  private void forget(Runnable written) {
    lock.lock();
    try {
      written.run();
    } finally {
      lock.unlock();
    }
  }

  /** With a full heap tries until everybody has heard who waits: nobody else can tell them. */
  private void fail(Throwable cause) {
    boolean told = false;
    while (!told) {
      try {
        tellFailure(cause);
        told = true;
      } catch (OutOfMemoryError e) {
        LockSupport.parkNanos(LATER_NANOS); // others may let go of theirs
      }
    }
  }

  private void tellFailure(Throwable cause) {
    StorageException why = SessionDatabase.failure(cause);
    lock.lock();
    try {
      if (failure == null) {
        failure = why; // nothing is put in from now on
      }
    } finally {
      lock.unlock();
    }
    try {
      connection.close(); // rolls back what was under way
    } catch (SQLException e) {
      why.addSuppressed(e);
    }
    while (!pending.isEmpty()) {
      pending.element().written.completeExceptionally(failure);
      pending.remove();
    }
    while (!sliced.isEmpty()) {
      sliced.element().written.completeExceptionally(failure);
      sliced.remove();
    }
  }

  /** Writes what was put in, then closes the connection. Waits. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    Uninterruptibles.joinUninterruptibly(thread);
  }
}
