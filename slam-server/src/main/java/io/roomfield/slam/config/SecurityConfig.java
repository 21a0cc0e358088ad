package io.roomfield.slam.config;

import java.util.List;

/**
 * TLS and who may call. An empty string leaves out what it would configure; with everything left
 * out a server listens on loopback only and asks nobody who they are. The files are read again when
 * they change.
 *
 * @param certificate the server's certificate chain, a PEM file
 * @param key its private key, a PEM file (PKCS#8)
 * @param clientCa certificates of the authorities whose clients are let in by their certificate, a
 *     PEM file; the principal is the certificate's common name
 * @param tokens hashed bearer tokens, the file that {@code ./slam token} writes
 * @param jwtIssuer the {@code iss} of JWTs that are taken as bearer tokens
 * @param jwtAudience the {@code aud} that they must be for
 * @param jwtKeys the issuer's public keys (JWKS): a file, or an https URL
 * @param admins names of principals that may do everything
 */
public record SecurityConfig(
    String certificate,
    String key,
    String clientCa,
    String tokens,
    String jwtIssuer,
    String jwtAudience,
    String jwtKeys,
    List<String> admins) {

  public SecurityConfig {
    admins = List.copyOf(admins);
    together("security.certificate", certificate, "security.key", key);
    together("security.jwtIssuer", jwtIssuer, "security.jwtAudience", jwtAudience);
    together("security.jwtIssuer", jwtIssuer, "security.jwtKeys", jwtKeys);
    if (!clientCa.isEmpty() && certificate.isEmpty()) {
      throw new IllegalArgumentException(
          "security.clientCa without security.certificate (expected: both)");
    }
    if (jwtKeys.startsWith("http:")) {
      throw new IllegalArgumentException(
          "security.jwtKeys: %s (expected: a file, or an https URL)".formatted(jwtKeys));
    }
  }

  private static void together(String name, String value, String otherName, String other) {
    if (value.isEmpty() != other.isEmpty()) {
      throw new IllegalArgumentException(
          "%s without %s (expected: both)"
              .formatted(value.isEmpty() ? otherName : name, value.isEmpty() ? name : otherName));
    }
  }

  /** Whether connections are encrypted. */
  public boolean tls() {
    return !certificate.isEmpty();
  }

  /** Whether callers must say who they are. */
  public boolean authentication() {
    return bearerTokens() || !clientCa.isEmpty();
  }

  /** Whether callers may say so with a bearer token. */
  public boolean bearerTokens() {
    return !tokens.isEmpty() || !jwtIssuer.isEmpty();
  }
}
