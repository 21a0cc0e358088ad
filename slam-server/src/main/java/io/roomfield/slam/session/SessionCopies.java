package io.roomfield.slam.session;

import io.roomfield.slam.access.Principal;
import io.roomfield.slam.ingest.BadInputException;
import io.roomfield.slam.ingest.BadInputException.Kind;
import io.roomfield.slam.store.Json;
import io.roomfield.slam.store.Rows.SessionRow;
import io.roomfield.slam.store.SessionFiles;
import io.roomfield.slam.store.StorageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sessions made of sessions: saved maps, sessions opened in a map, files that go out and come in.
 * Callable from several threads. A caller who is interrupted gets no session, soon: an
 * InterruptedException, a CancellationException or a StorageException.
 */
public final class SessionCopies {
  private static final Logger LOG = LoggerFactory.getLogger(SessionCopies.class);

  private final SessionRegistry registry;
  private final Optional<SessionFiles> files;

  /**
   * @param files the registry's; empty where sessions are not kept, and then there are no copies
   */
  public SessionCopies(SessionRegistry registry, Optional<SessionFiles> files) {
    this.registry = registry;
    this.files = files;
  }

  /**
   * Keeps a session as it is now, as a finished session of its own.
   *
   * @param label of the new session; empty for the old one's
   * @param owner of the new session
   * @throws BadInputException of kind WRONG_MOMENT where sessions are not kept
   */
  public Saved save(String id, String label, Principal owner) throws InterruptedException {
    SessionRow saved =
        copied(
            id,
            owner,
            settings ->
                registry.newRow(
                    label.isEmpty() ? settings : settings.labelled(label),
                    owner,
                    SessionRow.State.FINISHED));
    // On disk alone: it needs no place in memory.
    return new Saved(saved.id(), Json.read(saved.settings(), SessionSettings.class));
  }

  /** A session that was saved, and not loaded. */
  public record Saved(String id, SessionSettings settings) {}

  /**
   * Opens a new session in the map of another, which stays as it is.
   *
   * @param owner of the new session
   * @throws BadInputException of kind WRONG_MOMENT where sessions are not kept, or this one has no
   *     map
   */
  public SlamSession openMap(String id, MapOpening opening, Principal owner)
      throws InterruptedException {
    SessionRow opened =
        copied(
            id,
            owner,
            settings -> registry.newRow(opening.settings(settings), owner, SessionRow.State.OPEN));
    SessionFiles kept = requireFiles();
    try {
      kept.keepMap(opened.id(), state -> StoredJournal.asMap(state, opening.initial()));
    } catch (RuntimeException | Error e) {
      kept.delete(opened.id());
      registry.quotas().filesChanged();
      if (e instanceof StorageException none && none.kind() == StorageException.Kind.FAILED) {
        throw BadInputException.of(Kind.WRONG_MOMENT, "session_id", "a map", e.getMessage());
      }
      throw e;
    }
    return loaded(opened);
  }

  private SessionRow copied(String id, Principal owner, Function<SessionSettings, SessionRow> row)
      throws InterruptedException {
    SessionFiles kept = requireFiles();
    try (Quotas.NewSession place = registry.quotas().newSession(owner.name())) {
      Path copy = export(id);
      try {
        place.addBytes(copy.toFile().length());
        return kept.take(copy, old -> row.apply(Json.read(old.settings(), SessionSettings.class)));
      } finally {
        delete(copy);
        registry.quotas().filesChanged();
      }
    }
  }

  /**
   * A session that is new. Where it cannot be loaded, or the caller was interrupted meanwhile, it
   * goes, for nobody has its id.
   */
  private SlamSession loaded(SessionRow copied) {
    try {
      SlamSession session = registry.get(copied.id());
      if (Thread.currentThread().isInterrupted()) {
        registry.close(copied.id());
        throw new CancellationException("nobody waits for session " + session.loggedId());
      }
      return session;
    } catch (RuntimeException | Error e) {
      requireFiles().delete(copied.id());
      throw e;
    }
  }

  private static void delete(Path copy) {
    try {
      Files.deleteIfExists(copy);
    } catch (IOException e) {
      LOG.warn("A copy of a session is left behind", e);
    }
  }

  /**
   * A session as it is now, as one file; the caller's to delete.
   *
   * @throws BadInputException of kind WRONG_MOMENT where sessions are not kept, NOT_FOUND if there
   *     is none of this id
   */
  public Path export(String id) throws InterruptedException {
    SessionFiles kept = requireFiles();
    Optional<SlamSession> there = registry.loaded(id);
    if (there.isPresent()) {
      await(there.get().checkpoint());
    } else if (!kept.has(id)) {
      throw SessionRegistry.unknown(id);
    }
    Path copy = kept.temporaryFile();
    try {
      kept.copy(id, copy);
    } catch (RuntimeException e) {
      delete(copy);
      throw e;
    }
    return copy;
  }

  private static void await(CompletableFuture<Void> written) throws InterruptedException {
    try {
      written.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e);
    }
  }

  /**
   * A place for a session that comes in, to be closed when it is there.
   *
   * @throws BadInputException of kind LIMIT if its owner has none left
   */
  public Quotas.NewSession place(Principal owner) {
    return registry.quotas().newSession(owner.name());
  }

  /** A new file for a session that comes in; the caller's to delete. */
  public Path temporaryFile() {
    return requireFiles().temporaryFile();
  }

  /**
   * Takes in a session that was exported, as a new one.
   *
   * @throws BadInputException if it is none, or not whole, or its settings are none that a session
   *     may be opened with
   */
  public SlamSession take(Path exported, Principal owner) {
    try {
      SessionRow taken =
          requireFiles()
              .take(
                  exported,
                  row ->
                      registry.newRow(
                          registry.checked(Json.read(row.settings(), SessionSettings.class)),
                          owner,
                          row.state()));
      registry.quotas().filesChanged();
      return loaded(taken);
    } catch (StorageException | IllegalArgumentException e) {
      if (e instanceof StorageException full && full.kind() == StorageException.Kind.FULL) {
        throw e; // the server's fault, not the file's
      }
      throw BadInputException.of("data", "an exported session, whole", e.getMessage());
    }
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
}
