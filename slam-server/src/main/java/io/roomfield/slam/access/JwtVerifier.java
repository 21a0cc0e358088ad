package io.roomfield.slam.access;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import com.nimbusds.jwt.proc.ExpiredJWTException;
import io.roomfield.slam.config.SecurityConfig;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.nio.file.Path;
import java.text.ParseException;
import java.util.List;
import java.util.Set;

/**
 * JWTs of one issuer, as OpenID Connect's access and ID tokens are: the signature by a key of the
 * issuer's, {@code iss}, {@code aud} and {@code exp} must be right; {@code sub} is the principal.
 * Times may be off by a minute.
 */
final class JwtVerifier {
  /** Signatures that need the issuer's private key; a shared secret would not be one. */
  private static final Set<JWSAlgorithm> ALGORITHMS =
      Set.of(
          JWSAlgorithm.RS256,
          JWSAlgorithm.RS384,
          JWSAlgorithm.RS512,
          JWSAlgorithm.PS256,
          JWSAlgorithm.PS384,
          JWSAlgorithm.PS512,
          JWSAlgorithm.ES256,
          JWSAlgorithm.ES384,
          JWSAlgorithm.ES512);

  /** RFC 9068's type of access tokens, beside the common one and none. */
  private static final JOSEObjectType ACCESS_TOKEN = new JOSEObjectType("at+jwt");

  private final DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();

  JwtVerifier(SecurityConfig config, JWKSource<SecurityContext> keys) {
    processor.setJWSTypeVerifier(
        new DefaultJOSEObjectTypeVerifier<>(JOSEObjectType.JWT, ACCESS_TOKEN, null));
    processor.setJWSKeySelector(new JWSVerificationKeySelector<>(ALGORITHMS, keys));
    processor.setJWTClaimsSetVerifier(
        new DefaultJWTClaimsVerifier<>(
            config.jwtAudience(),
            new JWTClaimsSet.Builder().issuer(config.jwtIssuer()).build(),
            Set.of("sub", "exp")));
  }

  /**
   * @throws IOException if the keys are a file that is not there
   */
  static JwtVerifier open(SecurityConfig config) throws IOException {
    return new JwtVerifier(
        config,
        config.jwtKeys().startsWith("https:")
            ? fetched(URI.create(config.jwtKeys()))
            : stored(Path.of(config.jwtKeys())));
  }

  /** Fetched at the first token, and again when a token names a key that is not among them. */
  static JWKSource<SecurityContext> fetched(URI address) throws MalformedURLException {
    return JWKSourceBuilder.<SecurityContext>create(address.toURL()).retrying(true).build();
  }

  private static JWKSource<SecurityContext> stored(Path file) throws IOException {
    WatchedFiles<JWKSet> keys =
        new WatchedFiles<>(
            List.of(file),
            () -> {
              try {
                return JWKSet.load(file.toFile());
              } catch (ParseException e) {
                throw new IOException("no JWKS", e);
              }
            });
    return (selector, context) -> selector.select(keys.current());
  }

  /**
   * The subject of a token.
   *
   * @throws Rejected if the token is not to be taken
   * @throws IllegalStateException if the issuer's keys cannot be had
   */
  String subject(String token) throws Rejected {
    try {
      return processor.process(token, null).getSubject();
    } catch (ExpiredJWTException e) {
      throw new Rejected("an expired token", e);
    } catch (BadJOSEException | ParseException e) {
      throw new Rejected("a token that does not hold", e);
    } catch (JOSEException e) {
      throw new IllegalStateException("the keys of the JWTs' issuer cannot be had", e);
    }
  }

  /** A token that is not to be taken; the message says what it is, and nothing of what it holds. */
  static final class Rejected extends Exception {
    private static final long serialVersionUID = 1L;

    Rejected(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
