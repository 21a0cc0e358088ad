package io.roomfield.slam.access;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;

/**
 * What a token file keeps of a token: enough to know it again, too little to make it.
 *
 * @param principal whose it is
 * @param sha256 of the token, hexadecimal. Without salt, and fast on purpose: a token is 256 random
 *     bits, which nobody finds by trying
 * @param created when, ISO 8601
 * @param expires from when on it is refused, ISO 8601; null for never
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record StoredToken(String principal, String sha256, String created, String expires) {
  private static final int SHA256_DIGITS = 64;
  private static final int ID_DIGITS = 8;

  StoredToken {
    Principal.requireName("principal", principal);
    if (!sha256.matches("[0-9a-f]{%d}".formatted(SHA256_DIGITS))) {
      throw new IllegalArgumentException(
          "sha256 of a token of %s (expected: %d hexadecimal digits)"
              .formatted(principal, SHA256_DIGITS));
    }
    if (expires != null) {
      Instant unused = Instant.parse(expires);
    }
  }

  static StoredToken of(String token, String principal, Instant created, Instant expires) {
    return new StoredToken(
        principal, hash(token), created.toString(), expires == null ? null : expires.toString());
  }

  static String hash(String token) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256")
                  .digest(token.getBytes(StandardCharsets.US_ASCII)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java platform has it
    }
  }

  /** What people call it. */
  String id() {
    return sha256.substring(0, ID_DIGITS);
  }

  boolean expiredAt(Instant now) {
    return expires != null && !now.isBefore(Instant.parse(expires));
  }
}
