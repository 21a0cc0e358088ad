package io.roomfield.slam.session;

import io.opentelemetry.api.trace.Tracer;
import io.roomfield.geometry.InvalidValueException;
import io.roomfield.slam.access.Ownership;
import io.roomfield.slam.access.Principal;
import io.roomfield.slam.access.Role;
import io.roomfield.slam.config.ServerConfig;
import io.roomfield.slam.ingest.BadInputException;
import io.roomfield.slam.ingest.BadInputException.Kind;
import io.roomfield.slam.store.Json;
import io.roomfield.slam.store.Rows.SessionRow;
import io.roomfield.slam.store.SessionDatabase;
import io.roomfield.slam.store.SessionFiles;
import io.roomfield.slam.store.StoredSession;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sessions by their ids, which cannot be guessed. Where sessions are kept, those that nobody
 * uses leave memory and come back when they are asked for. Callable from several threads.
 */
public final class SessionRegistry implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SessionRegistry.class);

  private static final int ID_BYTES = 16;

  private static final ThreadFactory CLOSING = Thread.ofPlatform().name("closing-", 0).factory();

  /** Ids that come from outside are cut to this in errors. */
  private static final int SHOWN_ID_LENGTH = 64;

  private static final long MEBIBYTE = 1 << 20;

  /** A session in memory. */
  private static final class Loaded {
    final SlamSession session;
    volatile long usedNanos = System.nanoTime();

    Loaded(SlamSession session) {
      this.session = session;
    }
  }

  private final Engine.Factory engines;
  private final SlamMetrics metrics;
  private final ServerConfig config;
  private final Tracer tracer;

  /** Empty where sessions end with the process. */
  private final Optional<SessionFiles> files;

  private final Map<String, Loaded> loaded = new ConcurrentHashMap<>();

  /** Held while a session is loaded or leaves memory. */
  private final Object moving = new Object();

  private boolean closed; // guarded by moving

  private final ScheduledExecutorService unloader =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("unloader").factory());

  private final SecureRandom random = new SecureRandom();

  private final Quotas quotas;

  /**
   * @param files where sessions are kept; closed with the registry
   */
  public SessionRegistry(
      Engine.Factory engines,
      SlamMetrics metrics,
      ServerConfig config,
      Optional<SessionFiles> files,
      Tracer tracer) {
    this.engines = engines;
    this.metrics = metrics;
    this.config = config;
    this.files = files;
    quotas = new Quotas(config.limits(), this::sessions, files, System::nanoTime);
    this.tracer = tracer;
    long every = Math.max(1, config.unloadSeconds() / 2);
    if (files.isPresent()) {
      var unused =
          unloader.scheduleWithFixedDelay(this::unloadUnused, every, every, TimeUnit.SECONDS);
    }
  }

  private List<SlamSession> sessions() {
    return loaded.values().stream().map(there -> there.session).toList();
  }

  /** What principals use, and may use. */
  public Quotas quotas() {
    return quotas;
  }

  /** A session that is in memory. */
  Optional<SlamSession> loaded(String id) {
    return Optional.ofNullable(loaded.get(id)).map(there -> there.session);
  }

  /** Whether sessions outlive the process. */
  public boolean keepsSessions() {
    return files.isPresent();
  }

  /**
   * Opens a new session that is ready to take frames.
   *
   * @param owner to whom it belongs
   * @throws BadInputException of kind LIMIT if there are as many as there may be
   */
  public SlamSession open(SessionSettings settings, Principal owner) {
    synchronized (moving) {
      try (Quotas.NewSession _ = quotas.newSession(owner.name())) {
        makeRoom(owner.name());
        return openNow(plan(settings, owner));
      }
    }
  }

  private SlamSession openNow(SessionPlan plan) {
    try {
      return add(plan);
    } catch (RuntimeException | Error e) {
      files.ifPresent(f -> f.delete(plan.id())); // nobody has its id
      throw e;
    }
  }

  private SessionPlan plan(SessionSettings settings, Principal owner) {
    Ownership ownership = Ownership.of(owner);
    if (files.isEmpty()) {
      return new SessionPlan(newId(), settings, ownership, Journal.NONE, Optional.empty());
    }
    SessionRow row = newRow(settings, owner, SessionRow.State.OPEN);
    return new SessionPlan(
        row.id(), settings, ownership, journal(row, files.get().create(row)), Optional.empty());
  }

  /** See {@link SessionSettings#checked}. */
  SessionSettings checked(SessionSettings settings) {
    return settings.checked(config.maxMessageBytes());
  }

  /** The row of a session that is new, or a copy. */
  SessionRow newRow(SessionSettings settings, Principal owner, SessionRow.State state) {
    return new SessionRow(
        newId(), owner.name(), "{}", Json.write(settings), System.currentTimeMillis(), state);
  }

  private Journal journal(SessionRow row, SessionDatabase database) {
    return new StoredJournal(
        row,
        files.orElseThrow(),
        database,
        new StoredJournal.Limits(
            Duration.ofSeconds(config.checkpointSeconds()), MEBIBYTE * config.mapMebibytes()),
        metrics);
  }

  private SlamSession add(SessionPlan plan) {
    try {
      double weight = quotas.of(plan.ownership().owner()).weight();
      Engine.Factory weighed =
          (settings, onMapped) -> {
            Engine engine = engines.open(settings, onMapped);
            engine.weight(weight);
            return engine;
          };
      SlamSession session =
          SlamSession.open(plan, weighed, config.queueCapacity(), metrics, tracer);
      loaded.put(session.id(), new Loaded(session));
      return session;
    } catch (RuntimeException | Error e) {
      plan.journal().close();
      throw e;
    }
  }

  /** One session fewer than there may be: idle ones leave memory if need be. */
  private void makeRoom(String owner) {
    if (closed) {
      throw BadInputException.of(
          Kind.UNAVAILABLE, "sessions", "a server that runs", "one that stops");
    }
    while (!quotas.mayLoad(owner)) {
      unloadIdle(
          l -> l.session.ownership().owner().equals(owner), () -> quotas.tooManyLoaded(owner));
    }
    while (loaded.size() >= config.maxSessions()) {
      unloadIdle(
          l -> true,
          () ->
              BadInputException.of(
                  Kind.LIMIT,
                  "sessions",
                  "at most %d in use at a time".formatted(config.maxSessions()),
                  config.maxSessions() + 1));
    }
  }

  /** The one that was used longest ago leaves memory. */
  private void unloadIdle(Predicate<Loaded> among, Supplier<BadInputException> none) {
    Loaded idle =
        loaded.values().stream()
            .filter(l -> l.session.isKept() && l.session.isIdle() && among.test(l))
            .min(Comparator.comparingLong(l -> l.usedNanos))
            .orElseThrow(none);
    unload(idle.session.id());
  }

  /**
   * A session; loaded if it was not in memory.
   *
   * @throws BadInputException of kind NOT_FOUND if there is none of this id, LIMIT if there are as
   *     many in use as there may be
   */
  public SlamSession get(String id) {
    Loaded there = loaded.get(id);
    if (there == null) {
      synchronized (moving) {
        there = loaded.get(id);
        return there != null ? there.session : load(id);
      }
    }
    there.usedNanos = System.nanoTime();
    return there.session;
  }

  private SlamSession load(String id) {
    SessionFiles from = files.filter(f -> f.has(id)).orElseThrow(() -> unknown(id));
    makeRoom(ownership(id).owner());
    StoredSession stored = from.load(id);
    SessionSettings settings = Json.read(stored.session().settings(), SessionSettings.class);
    SlamSession session =
        add(
            new SessionPlan(
                id,
                settings,
                ownership(stored.session()),
                journal(stored.session(), from.open(id)),
                Optional.of(stored)));
    metrics.sessionLoaded();
    LOG.info(
        "Session {}: loaded, {} frames, {} to be tracked again",
        session.loggedId(),
        stored.frames().size(),
        stored.frames().size() - session.statistics().tracked() - session.statistics().dropped());
    return session;
  }

  /**
   * Opens the way in for a session's frames.
   *
   * @throws BadInputException see {@link #revive} and {@link SlamSession#openWriter}
   */
  public FrameWriter openWriter(String id, FrameListener listener, FramePolicy policy) {
    SlamSession session = revive(id);
    return session.openWriter(listener, policy, quotas.admission(session));
  }

  /**
   * A session; loaded again if it has failed, where sessions are kept.
   *
   * @throws BadInputException see {@link #get}
   */
  public SlamSession revive(String id) {
    SlamSession session = get(id);
    if (session.isKept() && (session.isClosed() || session.state() == SlamSession.State.FAILED)) {
      synchronized (moving) {
        session = get(id); // another stream may have loaded it meanwhile
        if (session.isClosed() || session.state() == SlamSession.State.FAILED) {
          unload(id);
          session = load(id);
        }
      }
    }
    return session;
  }

  /** Whose a session is, whether or not it is in memory. */
  public Ownership ownership(String id) {
    Loaded there = loaded.get(id);
    return there != null
        ? there.session.ownership()
        : ownership(files.flatMap(f -> f.find(id)).orElseThrow(() -> unknown(id)));
  }

  private static Ownership ownership(SessionRow row) {
    return new Ownership(row.owner(), Json.read(row.grants(), Grants.class));
  }

  /** Roles by name, as JSON has them. */
  private static final class Grants extends HashMap<String, Role> {
    private static final long serialVersionUID = 1;
  }

  /**
   * Lets only those pass who have a role. To a stranger a session is not there.
   *
   * @throws BadInputException of kind NOT_FOUND if there is no session of this id or the principal
   *     has no role on it, FORBIDDEN if it has another role than is needed
   */
  public void requireRole(String id, Principal principal, Role needed) {
    Role role = ownership(id).roleOf(principal).orElseThrow(() -> unknown(id));
    if (!role.includes(needed)) {
      throw BadInputException.of(
          Kind.FORBIDDEN, "session_id", "a session to be " + needed + " of", role + " of it");
    }
  }

  /**
   * Shares a session with a principal, or no longer.
   *
   * @param role empty to take back what was granted
   * @throws BadInputException of kind NOT_FOUND if there is no session of this id
   * @throws InvalidValueException if the principal is the owner, or its name is none
   */
  public synchronized void share(String id, String principal, Optional<Role> role) {
    SlamSession session = get(id);
    session.setOwnership(session.ownership().sharedWith(principal, role)).join();
  }

  /**
   * A session as a list shows it.
   *
   * @param state of one that is not in memory: as it was when it left
   */
  public record Summary(String id, String label, SlamSession.State state, Ownership ownership) {}

  /** The sessions that a principal has a role on, in memory or not. */
  public List<Summary> visibleTo(Principal principal) {
    Map<String, Summary> all = new LinkedHashMap<>();
    files.map(SessionFiles::list).orElse(List.of()).forEach(row -> all.put(row.id(), of(row)));
    loaded.values().forEach(l -> all.put(l.session.id(), of(l.session)));
    return all.values().stream()
        .filter(summary -> summary.ownership.roleOf(principal).isPresent())
        .toList();
  }

  private static Summary of(SlamSession session) {
    return new Summary(
        session.id(), session.settings().label(), session.state(), session.ownership());
  }

  private static Summary of(SessionRow row) {
    boolean open = row.state() == SessionRow.State.OPEN;
    return new Summary(
        row.id(),
        Json.read(row.settings(), SessionSettings.class).label(),
        open ? SlamSession.State.OPEN : SlamSession.State.FINISHED,
        ownership(row));
  }

  /**
   * Takes a session out of memory; waits until its threads have stopped.
   *
   * @throws BadInputException of kind NOT_FOUND if there is none of this id
   */
  public void close(String id) {
    synchronized (moving) {
      if (!unload(id) && files.filter(f -> f.has(id)).isEmpty()) {
        throw unknown(id);
      }
    }
  }

  /** Whether it was in memory. */
  private boolean unload(String id) {
    Loaded there = loaded.remove(id);
    if (there != null) {
      metrics.sessionUnloaded();
      there.session.close();
    }
    return there != null;
  }

  /** What is thrown here would end the unloading of all sessions. */
  private void unloadOrLog(SlamSession session) {
    try {
      unload(session.id());
    } catch (RuntimeException e) {
      LOG.error("Session {}: did not leave memory in order", session.loggedId(), e);
    }
  }

  private void unloadUnused() {
    long limit = TimeUnit.SECONDS.toNanos(config.unloadSeconds());
    for (Loaded l : loaded.values()) {
      synchronized (moving) {
        boolean unused = l.session.isIdle() && System.nanoTime() - l.usedNanos > limit;
        if (unused && loaded.get(l.session.id()) == l) {
          LOG.info("Session {}: not used, leaves memory", l.session.loggedId());
          unloadOrLog(l.session);
        }
      }
    }
  }

  /**
   * Ends a session and deletes what is kept of it.
   *
   * @throws BadInputException of kind NOT_FOUND if there is none of this id
   */
  public void delete(String id) {
    synchronized (moving) {
      Loaded there = loaded.remove(id);
      boolean kept = files.filter(f -> f.has(id)).isPresent();
      if (there == null && !kept) {
        throw unknown(id);
      }
      if (there != null) {
        there.session.abandon();
      }
      if (kept) {
        files.orElseThrow().delete(id);
        quotas.filesChanged();
      }
    }
  }

  /** Sessions in memory. */
  public int size() {
    return loaded.size();
  }

  /** Sum of a value over the sessions in memory. */
  double sum(ToDoubleFunction<SlamSession> value) {
    return loaded.values().stream().mapToDouble(l -> value.applyAsDouble(l.session)).sum();
  }

  /** Largest of a value over the sessions in memory; 0 without any. */
  double max(ToDoubleFunction<SlamSession> value) {
    return loaded.values().stream()
        .mapToDouble(l -> value.applyAsDouble(l.session))
        .max()
        .orElse(0);
  }

  /** Size of the files of all sessions. */
  long storedBytes() {
    return files.map(SessionFiles::bytes).orElse(0L);
  }

  /** Closes all sessions, at the same time: each may need a while for the frame at hand. */
  @Override
  public void close() {
    unloader.shutdownNow();
    synchronized (moving) {
      closed = true;
      try (ExecutorService each = Executors.newThreadPerTaskExecutor(CLOSING)) {
        loaded.values().forEach(l -> each.execute(() -> unloadOrLog(l.session)));
      }
      files.ifPresent(SessionFiles::close);
    }
  }

  private String newId() {
    byte[] bytes = new byte[ID_BYTES];
    random.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  static BadInputException unknown(String id) {
    String shown = id.length() > SHOWN_ID_LENGTH ? id.substring(0, SHOWN_ID_LENGTH) + "..." : id;
    return BadInputException.of(
        Kind.NOT_FOUND, "session_id", "the id of an open session", '"' + shown + '"');
  }
}
