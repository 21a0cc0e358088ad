package io.roomfield.slam.session;

import io.roomfield.slam.access.Ownership;
import io.roomfield.slam.store.Rows.SessionRow;
import io.roomfield.slam.store.StoredSession;
import java.util.Optional;

/**
 * What a session is opened with.
 *
 * @param ownership to whom it belongs
 * @param journal the session's own; closed with it
 * @param stored what is there of it already; empty for a new one
 */
record SessionPlan(
    String id,
    SessionSettings settings,
    Ownership ownership,
    Journal journal,
    Optional<StoredSession> stored) {

  boolean isFinished() {
    return stored.filter(s -> s.session().state() == SessionRow.State.FINISHED).isPresent();
  }
}
