package io.roomfield.slam.access;

import io.roomfield.geometry.InvalidValueException;
import io.roomfield.slam.config.SecurityConfig;
import io.roomfield.slam.ingest.BadInputException;
import io.roomfield.slam.ingest.BadInputException.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Finds out who calls: by a bearer token of ours (a {@link TokenFile}'s), a bearer JWT, or else the
 * client's certificate; the names that they say are one set of names. Where none of these is
 * configured everybody is {@link Principal#LOCAL}. Callable from several threads; may wait for the
 * network, once in a while, for a JWT's keys.
 */
public final class Authenticator {
  private static final Pattern BEARER = Pattern.compile("(?i)bearer +(\\S+) *");

  private final SecurityConfig config;
  private final Clock clock;
  private final WatchedFiles<Map<String, StoredToken>> tokens; // by hash; null for none
  private final JwtVerifier jwts; // null for none

  /**
   * @param clock says when tokens of ours expire
   * @throws IOException if a file that is configured is missing
   * @throws IllegalArgumentException if one cannot be made sense of
   */
  public Authenticator(SecurityConfig config, Clock clock) throws IOException {
    this.config = config;
    this.clock = clock;
    tokens = config.tokens().isEmpty() ? null : tokens(Path.of(config.tokens()));
    jwts = config.jwtIssuer().isEmpty() ? null : JwtVerifier.open(config);
  }

  private static WatchedFiles<Map<String, StoredToken>> tokens(Path file) throws IOException {
    TokenFile stored = new TokenFile(file);
    return new WatchedFiles<>(
        List.of(file),
        () ->
            stored.read().stream()
                .collect(Collectors.toMap(StoredToken::sha256, Function.identity())));
  }

  /**
   * Who shows these credentials.
   *
   * @throws BadInputException of kind UNAUTHENTICATED if they are missing, unknown or expired
   */
  public Principal authenticate(Credentials credentials) {
    if (!config.authentication()) {
      return Principal.LOCAL;
    }
    String name =
        credentials.authorization().isPresent()
            ? bearer(credentials.authorization().get())
            : certificate(credentials);
    try {
      return new Principal(name, config.admins().contains(name));
    } catch (InvalidValueException e) {
      throw refused("credentials of nobody: " + e.expected() + " is missing");
    }
  }

  private String bearer(String authorization) {
    Matcher bearer = BEARER.matcher(authorization);
    if (!bearer.matches()) {
      throw refused("another scheme, or no token");
    }
    String token = bearer.group(1);
    if (tokens != null && token.startsWith(TokenFile.PREFIX)) {
      return ours(token);
    }
    if (jwts != null) {
      try {
        return jwts.subject(token);
      } catch (JwtVerifier.Rejected e) {
        BadInputException refused = refused(e.getMessage());
        refused.initCause(e);
        throw refused;
      }
    }
    throw refused("an unknown token");
  }

  /** Found by its hash: how long that takes tells nothing of the tokens that there are. */
  private String ours(String token) {
    StoredToken stored = tokens.current().get(StoredToken.hash(token));
    if (stored == null) {
      throw refused("an unknown token");
    }
    if (stored.expiredAt(clock.instant())) {
      throw refused("an expired token");
    }
    return stored.principal();
  }

  private String certificate(Credentials credentials) {
    if (config.clientCa().isEmpty() || credentials.certificate().isEmpty()) {
      throw refused("nothing");
    }
    Optional<String> name = CertificateName.of(credentials.certificate().get());
    return name.orElseThrow(() -> refused("a certificate without one common name"));
  }

  private BadInputException refused(String got) {
    String expected =
        config.bearerTokens() ? "'Bearer' and a valid token" : "a client certificate that is known";
    return BadInputException.of(Kind.UNAUTHENTICATED, Credentials.HEADER, expected, got);
  }
}
