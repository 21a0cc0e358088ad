package io.roomfield.slam.store;

/** A session's database cannot be written or read; says which and why, and never a path. */
public final class StorageException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** What is in the way. */
  public enum Kind {
    /** No room on the disk. */
    FULL,
    /** What is there is not what was written. */
    DAMAGED,
    /** Anything else: the disk, its permissions. */
    FAILED
  }

  private final Kind kind;

  /**
   * @param message for people, without a path
   * @param cause null where it was noticed by ourselves
   */
  public StorageException(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }
}
