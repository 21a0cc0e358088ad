package io.roomfield.slam.access;

import io.roomfield.geometry.InvalidValueException;

/**
 * Who calls: a person, a camera, a service.
 *
 * @param name as a token, a JWT's subject or a certificate says it
 * @param admin whether every session is open to it as to its owner
 */
public record Principal(String name, boolean admin) {
  /** Everybody, on a server that listens on loopback and asks for no credentials. */
  public static final Principal LOCAL = new Principal("local", true);

  /** The longest subject that OpenID Connect allows. */
  private static final int MAX_NAME_LENGTH = 255;

  public Principal {
    requireName("principal", name);
  }

  /**
   * Checks a name.
   *
   * @param field what to call it in the error
   * @throws InvalidValueException if it is empty, too long, or has control characters in it
   */
  public static void requireName(String field, String name) {
    if (name.isBlank()
        || name.length() > MAX_NAME_LENGTH
        || name.chars().anyMatch(Character::isISOControl)) {
      throw new InvalidValueException(
          field,
          name.length() > MAX_NAME_LENGTH ? name.length() + " characters" : '"' + name + '"',
          "a name of 1 to %d characters, no control characters".formatted(MAX_NAME_LENGTH));
    }
  }
}
