package io.roomfield.slam.session;

import io.roomfield.slam.config.LimitsConfig;
import io.roomfield.slam.config.PrincipalLimits;
import io.roomfield.slam.ingest.BadInputException;
import io.roomfield.slam.ingest.BadInputException.Kind;
import io.roomfield.slam.store.Rows.SessionRow;
import io.roomfield.slam.store.SessionFiles;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * What each principal's sessions use, and what they may: {@link PrincipalLimits}. A refusal says
 * what is used, what is allowed and what would fit. Callable from several threads.
 */
public final class Quotas {
  /** Files are looked at so often while frames come. */
  private static final long DISK_USE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final LimitsConfig limits;
  private final Supplier<Collection<SlamSession>> inMemory;
  private final Optional<SessionFiles> files;
  private final LongSupplier nanoTime;

  private final Map<String, FrameRate> rates = new ConcurrentHashMap<>();
  private final Map<String, DiskUse> diskUses = new ConcurrentHashMap<>();

  /** Owners of sessions that have files: a session is owned for good. */
  private final Map<String, String> owners = new ConcurrentHashMap<>();

  private final List<NewSession> coming = new ArrayList<>(); // guarded by this

  private record DiskUse(long bytes, long atNanos) {}

  Quotas(
      LimitsConfig limits,
      Supplier<Collection<SlamSession>> inMemory,
      Optional<SessionFiles> files,
      LongSupplier nanoTime) {
    this.limits = limits;
    this.inMemory = inMemory;
    this.files = files;
    this.nanoTime = nanoTime;
  }

  /** What a principal may use. */
  PrincipalLimits of(String owner) {
    return limits.of(owner);
  }

  /** A place for a session that is being made, and for the bytes of it that have come. */
  public final class NewSession implements AutoCloseable {
    private final String owner;
    private long bytes; // guarded by the quotas

    private NewSession(String owner) {
      this.owner = owner;
    }

    /**
     * Takes more room on disk.
     *
     * @throws BadInputException of kind LIMIT if its owner has not so much left
     */
    public void addBytes(long more) {
      long limit = of(owner).diskBytes();
      synchronized (Quotas.this) {
        if (limit > 0) {
          requireDisk(owner, limit, more);
        }
        bytes += more;
      }
    }

    /** The session is there, or will not be. */
    @Override
    public void close() {
      synchronized (Quotas.this) {
        coming.remove(this);
      }
    }
  }

  /**
   * Takes a place for a new session, until it is closed.
   *
   * @throws BadInputException of kind LIMIT if its owner has none left
   */
  public synchronized NewSession newSession(String owner) {
    long limit = of(owner).sessions();
    if (limit > 0) {
      long used = sessionsOf(owner) + coming.stream().filter(n -> n.owner.equals(owner)).count();
      if (used >= limit) {
        throw full(
            "sessions",
            "at most " + limit,
            "%d of %s, %d allowed; delete one".formatted(used, owner, limit));
      }
    }
    NewSession place = new NewSession(owner);
    place.addBytes(0);
    coming.add(place);
    return place;
  }

  private long sessionsOf(String owner) {
    Stream<String> kept =
        files.map(SessionFiles::list).orElse(List.of()).stream()
            .filter(row -> row.owner().equals(owner))
            .map(SessionRow::id);
    Stream<String> loaded = loadedOf(owner).map(SlamSession::id);
    return Stream.concat(kept, loaded).distinct().count();
  }

  /** The sessions of an owner that are in memory. */
  Stream<SlamSession> loadedOf(String owner) {
    return inMemory.get().stream().filter(s -> s.ownership().owner().equals(owner));
  }

  /** Whether one more session of an owner may be in memory. */
  boolean mayLoad(String owner) {
    long limit = of(owner).loadedSessions();
    return limit == 0 || loadedOf(owner).count() < limit;
  }

  /** Why not. */
  BadInputException tooManyLoaded(String owner) {
    int limit = of(owner).loadedSessions();
    return full(
        "sessions",
        "at most %d in use at a time".formatted(limit),
        "%d of %s in use, %d allowed; finish or close one"
            .formatted(loadedOf(owner).count(), owner, limit));
  }

  /** What a stream of frames into a session must keep to. */
  FrameAdmission admission(SlamSession session) {
    String owner = session.ownership().owner();
    return new FrameAdmission() {
      @Override
      public Optional<BadInputException> tooFast() {
        return Quotas.this.tooFast(owner);
      }

      @Override
      public void requireRoom() {
        if (!session.settings().localiseOnly()) {
          requireMaps(owner);
        }
        long limit = of(owner).diskBytes();
        if (limit > 0) {
          requireDisk(owner, limit, 0);
        }
      }
    };
  }

  private Optional<BadInputException> tooFast(String owner) {
    double limit = of(owner).framesPerSecond();
    if (limit == 0) {
      return Optional.empty();
    }
    long now = nanoTime.getAsLong();
    FrameRate rate = rates.computeIfAbsent(owner, name -> new FrameRate(limit, now));
    return rate.pass(now) ? Optional.empty() : Optional.of(tooFast(limit, rate.offered(now)));
  }

  private static BadInputException tooFast(double limit, long offered) {
    String allowed = limit == Math.rint(limit) ? Long.toString((long) limit) : "" + limit;
    return full(
        "frames per second",
        "at most " + allowed,
        "%s allowed, the owner's streams send %d; send at most %s or declare SKIP"
            .formatted(allowed, offered, allowed));
  }

  private void requireMaps(String owner) {
    long limit = of(owner).mapBytes();
    if (limit == 0) {
      return;
    }
    long used = loadedOf(owner).mapToLong(SlamSession::mapBytes).sum();
    if (used >= limit) {
      throw full(
          "map bytes",
          "less than " + limit,
          "%d in memory, %d allowed; close a session, or open its map with localise_only"
              .formatted(used, limit));
    }
  }

  /**
   * @param more bytes that are to come
   */
  private void requireDisk(String owner, long limit, long more) {
    long used = onDisk(owner) + comingBytes(owner);
    if (used + more > limit || used == limit) {
      throw full(
          "disk bytes",
          "at most %d".formatted(limit),
          "%d used, %d allowed, so %d more fit; delete a session"
              .formatted(used, limit, Math.max(0, limit - used)));
    }
  }

  private synchronized long comingBytes(String owner) {
    return coming.stream().filter(n -> n.owner.equals(owner)).mapToLong(n -> n.bytes).sum();
  }

  private long onDisk(String owner) {
    if (files.isEmpty()) {
      return 0;
    }
    long now = nanoTime.getAsLong();
    DiskUse known = diskUses.get(owner);
    if (known == null || now - known.atNanos >= DISK_USE_NANOS) {
      known = new DiskUse(measure(files.get(), owner), now);
      diskUses.put(owner, known);
    }
    return known.bytes;
  }

  private long measure(SessionFiles from, String owner) {
    Map<String, Long> sizes = from.sizes();
    owners.keySet().retainAll(sizes.keySet());
    return sizes.entrySet().stream()
        .filter(size -> owner.equals(ownerOf(from, size.getKey())))
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  /** Null where it cannot be told. */
  private String ownerOf(SessionFiles from, String id) {
    return owners.computeIfAbsent(id, i -> from.find(i).map(SessionRow::owner).orElse(null));
  }

  /** To be told that files have come or gone: what is known of their sizes is out of date. */
  void filesChanged() {
    diskUses.clear();
  }

  private static BadInputException full(String what, String expected, String message) {
    return new BadInputException(
        Kind.LIMIT, what, expected, message, "%s: %s".formatted(what, message));
  }
}
