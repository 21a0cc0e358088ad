package io.roomfield.slam.session;

import io.roomfield.slam.store.Rows.SessionRow;
import io.roomfield.slam.store.StoredSession;
import java.util.Optional;

/**
 * What a session is opened with.
 *
 * @param journal the session's own; closed with it
 * @param stored what is there of it already; empty for a new one
 */
record SessionPlan(
    String id, SessionSettings settings, Journal journal, Optional<StoredSession> stored) {

  /** A new session that ends with the process. */
  static SessionPlan unkept(String id, SessionSettings settings) {
    return new SessionPlan(id, settings, Journal.NONE, Optional.empty());
  }

  boolean isFinished() {
    return stored.filter(s -> s.session().state() == SessionRow.State.FINISHED).isPresent();
  }
}
