package io.roomfield.slam.session;

import io.roomfield.geometry.InvalidValueException;
import io.roomfield.slam.access.Ownership;
import io.roomfield.slam.access.Principal;
import io.roomfield.slam.access.Role;
import io.roomfield.slam.ingest.BadInputException;
import io.roomfield.slam.ingest.BadInputException.Kind;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.ToDoubleFunction;

/** The open sessions by their ids, which cannot be guessed. Callable from several threads. */
public final class SessionRegistry implements AutoCloseable {
  private static final int ID_BYTES = 16;

  /** Ids that come from outside are cut to this in errors. */
  private static final int SHOWN_ID_LENGTH = 64;

  private final Engine.Factory engines;
  private final SlamMetrics metrics;
  private final int maxSessions;
  private final int queueCapacity;
  private final Semaphore places;
  private final Map<String, SlamSession> sessions = new ConcurrentHashMap<>();
  private final SecureRandom random = new SecureRandom();

  /**
   * @param maxSessions sessions that may be open at a time
   * @param queueCapacity of each session's frame queue
   */
  public SessionRegistry(
      Engine.Factory engines, SlamMetrics metrics, int maxSessions, int queueCapacity) {
    this.engines = engines;
    this.metrics = metrics;
    this.maxSessions = maxSessions;
    this.queueCapacity = queueCapacity;
    this.places = new Semaphore(maxSessions);
  }

  /**
   * Opens a session that is ready to take frames.
   *
   * @param owner to whom it belongs
   * @throws BadInputException of kind LIMIT if there are as many as there may be
   */
  public SlamSession open(SessionSettings settings, Principal owner) {
    if (!places.tryAcquire()) {
      throw BadInputException.of(
          Kind.LIMIT, "sessions", "at most %d open at a time".formatted(maxSessions), maxSessions);
    }
    try {
      SlamSession session = SlamSession.open(newId(), settings, engines, queueCapacity, metrics);
      session.setOwnership(Ownership.of(owner));
      sessions.put(session.id(), session);
      return session;
    } catch (RuntimeException | Error e) {
      places.release();
      throw e;
    }
  }

  /**
   * @throws BadInputException of kind NOT_FOUND if no open session has this id
   */
  public SlamSession get(String id) {
    SlamSession session = sessions.get(id);
    if (session == null) {
      throw unknown(id);
    }
    return session;
  }

  /**
   * Lets only those pass who have a role. To a stranger a session is not there.
   *
   * @throws BadInputException of kind NOT_FOUND if no open session has this id or the principal has
   *     no role on it, FORBIDDEN if it has another role than is needed
   */
  public void requireRole(String id, Principal principal, Role needed) {
    SlamSession session = get(id);
    Role role = session.ownership().roleOf(principal).orElseThrow(() -> unknown(id));
    if (!role.includes(needed)) {
      throw BadInputException.of(
          Kind.FORBIDDEN, "session_id", "a session to be " + needed + " of", role + " of it");
    }
  }

  /** The open sessions that a principal has a role on. */
  public List<SlamSession> visibleTo(Principal principal) {
    return sessions.values().stream()
        .filter(session -> session.ownership().roleOf(principal).isPresent())
        .toList();
  }

  /**
   * Shares a session with a principal, or no longer.
   *
   * @param role empty to take back what was granted
   * @throws BadInputException of kind NOT_FOUND if no open session has this id
   * @throws InvalidValueException if the principal is the owner, or its name is none
   */
  public synchronized void share(String id, String principal, Optional<Role> role) {
    SlamSession session = get(id);
    session.setOwnership(session.ownership().sharedWith(principal, role));
  }

  /**
   * Closes a session and forgets it; waits until its threads have stopped.
   *
   * @throws BadInputException of kind NOT_FOUND if no open session has this id
   */
  public void close(String id) {
    SlamSession session = sessions.remove(id);
    if (session == null) {
      throw unknown(id);
    }
    try {
      session.close();
    } finally {
      places.release();
    }
  }

  public int size() {
    return sessions.size();
  }

  /** Sum of a value over the open sessions. */
  double sum(ToDoubleFunction<SlamSession> value) {
    return sessions.values().stream().mapToDouble(value).sum();
  }

  /** Closes all sessions. */
  @Override
  public void close() {
    for (String id : List.copyOf(sessions.keySet())) {
      SlamSession session = sessions.remove(id);
      if (session != null) {
        session.close();
        places.release();
      }
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
