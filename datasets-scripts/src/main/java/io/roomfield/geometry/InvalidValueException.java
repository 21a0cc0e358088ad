package io.roomfield.geometry;

/** A value out of its range: which one, what came, and what would have been accepted. */
public final class InvalidValueException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final String name;
  private final String got;
  private final String expected;

  /** With the message "name: got (expected: expected)". */
  public InvalidValueException(String name, Object got, String expected) {
    super("%s: %s (expected: %s)".formatted(name, got, expected));
    this.name = name;
    this.got = String.valueOf(got);
    this.expected = expected;
  }

  /** Name of the component at fault, such as "fx". */
  public String name() {
    return name;
  }

  public String got() {
    return got;
  }

  public String expected() {
    return expected;
  }
}
