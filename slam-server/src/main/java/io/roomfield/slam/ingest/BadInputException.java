package io.roomfield.slam.ingest;

import io.roomfield.geometry.InvalidValueException;

/**
 * The client asked for something that cannot be: which field, what would have been accepted and
 * what came. The service answers it with a status of its own and goes on.
 */
public final class BadInputException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What is wrong with the request; each has its own gRPC status (see the API's "Errors"). */
  public enum Kind {
    /** A value out of its range, or bytes that cannot be decoded. */
    INVALID,
    /** Nothing of that name, id or time. */
    NOT_FOUND,
    /** The right call at the wrong moment. */
    WRONG_MOMENT,
    /** More than the server was configured for. */
    LIMIT,
    /** A second one of what there may be one of. */
    ALREADY_EXISTS,
    /** Not now; the same again later is fine. */
    UNAVAILABLE,
    /** Nobody knows who asks. */
    UNAUTHENTICATED,
    /** Who asks may not do this. */
    FORBIDDEN
  }

  private final Kind kind;
  private final String field;
  private final String expected;
  private final String got;

  /**
   * An invalid value.
   *
   * @param field path of the field at fault in the API: "camera.fx"
   * @param expected what would have been accepted
   * @param got what came
   * @param message for people, complete in itself
   */
  public BadInputException(String field, String expected, String got, String message) {
    this(Kind.INVALID, field, expected, got, message);
  }

  /** See {@link #BadInputException(String, String, String, String)}. */
  public BadInputException(Kind kind, String field, String expected, String got, String message) {
    super(message);
    this.kind = kind;
    this.field = field;
    this.expected = expected;
    this.got = got;
  }

  /** An invalid value with the usual message, "field: got (expected: expected)". */
  public static BadInputException of(String field, String expected, Object got) {
    return of(Kind.INVALID, field, expected, got);
  }

  /** With the usual message, "field: got (expected: expected)". */
  public static BadInputException of(Kind kind, String field, String expected, Object got) {
    String came = String.valueOf(got);
    return new BadInputException(
        kind, field, expected, came, "%s: %s (expected: %s)".formatted(field, came, expected));
  }

  /**
   * The same complaint in the API's terms.
   *
   * @param path of the message that holds the value, "camera."; may be empty
   */
  public static BadInputException of(String path, InvalidValueException e) {
    return of(path + e.name(), e.expected(), e.got());
  }

  public Kind kind() {
    return kind;
  }

  public String field() {
    return field;
  }

  public String expected() {
    return expected;
  }

  public String got() {
    return got;
  }
}
