package io.roomfield.slam.session;

import io.roomfield.slam.config.ServerConfig;
import io.roomfield.slam.ingest.BadInputException;
import io.roomfield.slam.ingest.BadInputException.Kind;
import io.roomfield.slam.store.Json;
import io.roomfield.slam.store.Rows.SessionRow;
import io.roomfield.slam.store.SessionDatabase;
import io.roomfield.slam.store.SessionFiles;
import io.roomfield.slam.store.StorageException;
import io.roomfield.slam.store.StoredSession;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sessions by their ids, which cannot be guessed. Where sessions are kept, those that nobody
 * uses leave memory and come back when they are asked for. Callable from several threads.
 */
public final class SessionRegistry implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SessionRegistry.class);

  private static final int ID_BYTES = 16;

  /** Ids that come from outside are cut to this in errors. */
  private static final int SHOWN_ID_LENGTH = 64;

  /** Whose sessions are without authentication. */
  private static final String LOCAL = "local";

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

  /** Empty where sessions end with the process. */
  private final Optional<SessionFiles> files;

  private final Map<String, Loaded> loaded = new ConcurrentHashMap<>();

  /** Held while a session is loaded or leaves memory. */
  private final Object moving = new Object();

  private final ScheduledExecutorService unloader =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("unloader").factory());

  private final SecureRandom random = new SecureRandom();

  /**
   * @param files where sessions are kept; closed with the registry
   */
  public SessionRegistry(
      Engine.Factory engines,
      SlamMetrics metrics,
      ServerConfig config,
      Optional<SessionFiles> files) {
    this.engines = engines;
    this.metrics = metrics;
    this.config = config;
    this.files = files;
    long every = Math.max(1, config.unloadSeconds() / 2);
    if (files.isPresent()) {
      var unused =
          unloader.scheduleWithFixedDelay(this::unloadUnused, every, every, TimeUnit.SECONDS);
    }
  }

  /** Whether sessions outlive the process. */
  public boolean keepsSessions() {
    return files.isPresent();
  }

  /**
   * Opens a new session that is ready to take frames.
   *
   * @throws BadInputException of kind LIMIT if there are as many as there may be
   */
  public SlamSession open(SessionSettings settings) {
    synchronized (moving) {
      makeRoom();
      return add(plan(settings));
    }
  }

  private SessionPlan plan(SessionSettings settings) {
    if (files.isEmpty()) {
      return SessionPlan.unkept(newId(), settings);
    }
    SessionRow row = row(Json.write(settings), LOCAL, SessionRow.State.OPEN);
    return new SessionPlan(
        row.id(), settings, journal(row.id(), files.get().create(row)), Optional.empty());
  }

  private Journal journal(String id, SessionDatabase database) {
    return new StoredJournal(
        id, files.orElseThrow(), database, Duration.ofSeconds(config.checkpointSeconds()));
  }

  private SlamSession add(SessionPlan plan) {
    try {
      SlamSession session = SlamSession.open(plan, engines, config.queueCapacity(), metrics);
      loaded.put(session.id(), new Loaded(session));
      return session;
    } catch (RuntimeException | Error e) {
      plan.journal().close();
      throw e;
    }
  }

  /** One session fewer than there may be: an idle one leaves memory if need be. */
  private void makeRoom() {
    while (loaded.size() >= config.maxSessions()) {
      Loaded idle =
          loaded.values().stream()
              .filter(l -> l.session.isKept() && l.session.isIdle())
              .min(Comparator.comparingLong(l -> l.usedNanos))
              .orElseThrow(
                  () ->
                      BadInputException.of(
                          Kind.LIMIT,
                          "sessions",
                          "at most %d in use at a time".formatted(config.maxSessions()),
                          config.maxSessions() + 1));
      unload(idle.session.id());
    }
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
    makeRoom();
    StoredSession stored = from.load(id);
    SessionSettings settings = Json.read(stored.session().settings(), SessionSettings.class);
    SlamSession session =
        add(new SessionPlan(id, settings, journal(id, from.open(id)), Optional.of(stored)));
    LOG.info(
        "Session {}: loaded, {} frames, {} to be tracked again",
        session.loggedId(),
        stored.frames().size(),
        stored.frames().size() - session.statistics().tracked() - session.statistics().dropped());
    return session;
  }

  /**
   * Opens the way in for a session's frames. A session that has failed is loaded again first, where
   * sessions are kept.
   *
   * @throws BadInputException see {@link #get} and {@link SlamSession#openWriter}
   */
  public FrameWriter openWriter(String id, FrameListener listener) {
    SlamSession session = get(id);
    if (session.isKept() && (session.isClosed() || session.state() == SlamSession.State.FAILED)) {
      synchronized (moving) {
        unload(id);
        session = load(id);
      }
    }
    return session.openWriter(listener);
  }

  /**
   * Keeps a session as it is now, as a finished session of its own.
   *
   * @param label of the new session; empty for the old one's
   * @throws BadInputException of kind WRONG_MOMENT where sessions are not kept
   */
  public SlamSession save(String id, String label) {
    SessionRow saved =
        copied(id, row -> row(relabelled(row, label), row.owner(), SessionRow.State.FINISHED));
    return get(saved.id());
  }

  /**
   * Opens a new session in the map of another, which stays as it is.
   *
   * @throws BadInputException of kind WRONG_MOMENT where sessions are not kept, or this one has no
   *     map
   */
  public SlamSession openMap(String id, MapOpening opening) {
    SessionRow opened =
        copied(
            id,
            row ->
                row(
                    Json.write(opening.settings(Json.read(row.settings(), SessionSettings.class))),
                    row.owner(),
                    SessionRow.State.OPEN));
    SessionFiles kept = files.orElseThrow();
    try {
      kept.keepMap(opened.id(), state -> StoredJournal.asMap(state, opening.initial()));
      return get(opened.id());
    } catch (StorageException e) {
      kept.delete(opened.id());
      throw BadInputException.of(Kind.WRONG_MOMENT, "session_id", "a map", e.getMessage());
    }
  }

  private SessionRow copied(String id, UnaryOperator<SessionRow> row) {
    Path copy = export(id);
    try {
      return files.orElseThrow().take(copy, row);
    } finally {
      delete(copy);
    }
  }

  private static void delete(Path copy) {
    try {
      Files.deleteIfExists(copy);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * A session as it is now, as one file; the caller's to delete.
   *
   * @throws BadInputException of kind WRONG_MOMENT where sessions are not kept, NOT_FOUND if there
   *     is none of this id
   */
  public Path export(String id) {
    SessionFiles kept = requireFiles();
    Loaded there = loaded.get(id);
    if (there != null) {
      there.session.checkpoint().join();
    } else if (!kept.has(id)) {
      throw unknown(id);
    }
    Path copy = kept.temporaryFile();
    kept.copy(id, copy);
    return copy;
  }

  /** A new file for a session that comes in; the caller's to delete. */
  public Path temporaryFile() {
    return requireFiles().temporaryFile();
  }

  /**
   * Takes in a session that was exported, as a new one.
   *
   * @throws BadInputException if it is none, or not whole
   */
  public SlamSession take(Path exported) {
    try {
      return get(
          requireFiles().take(exported, row -> row(row.settings(), LOCAL, row.state())).id());
    } catch (StorageException e) {
      throw BadInputException.of("data", "an exported session, whole", e.getMessage());
    }
  }

  private SessionRow row(String settings, String owner, SessionRow.State state) {
    return new SessionRow(newId(), owner, "{}", settings, System.currentTimeMillis(), state);
  }

  private static String relabelled(SessionRow row, String label) {
    return label.isEmpty()
        ? row.settings()
        : Json.write(Json.read(row.settings(), SessionSettings.class).labelled(label));
  }

  private SessionFiles requireFiles() {
    return files.orElseThrow(
        () ->
            BadInputException.of(
                Kind.WRONG_MOMENT,
                "session",
                "a server that keeps sessions",
                "keepSessions: false"));
  }

  /** The sessions that are kept, loaded or not; otherwise those in memory. */
  public List<SessionRow> list() {
    if (files.isPresent()) {
      return files.get().list();
    }
    List<SessionRow> rows = new ArrayList<>();
    for (Loaded l : loaded.values()) {
      rows.add(
          new SessionRow(
              l.session.id(),
              LOCAL,
              "{}",
              Json.write(l.session.settings()),
              0,
              l.session.state() == SlamSession.State.FINISHED
                  ? SessionRow.State.FINISHED
                  : SessionRow.State.OPEN));
    }
    return rows;
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
      there.session.close();
    }
    return there != null;
  }

  private void unloadUnused() {
    long limit = TimeUnit.SECONDS.toNanos(config.unloadSeconds());
    for (Loaded l : loaded.values()) {
      synchronized (moving) {
        if (l.session.isIdle() && System.nanoTime() - l.usedNanos > limit) {
          LOG.info("Session {}: not used, leaves memory", l.session.loggedId());
          unload(l.session.id());
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

  /** Closes all sessions. */
  @Override
  public void close() {
    unloader.shutdownNow();
    synchronized (moving) {
      List.copyOf(loaded.keySet()).parallelStream().forEach(this::unload);
      files.ifPresent(SessionFiles::close);
    }
  }

  private String newId() {
    byte[] bytes = new byte[ID_BYTES];
    random.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static BadInputException unknown(String id) {
    String shown = id.length() > SHOWN_ID_LENGTH ? id.substring(0, SHOWN_ID_LENGTH) + "..." : id;
    return BadInputException.of(
        Kind.NOT_FOUND, "session_id", "the id of an open session", '"' + shown + '"');
  }
}
