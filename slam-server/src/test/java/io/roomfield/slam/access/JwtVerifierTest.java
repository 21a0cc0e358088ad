package io.roomfield.slam.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import io.roomfield.slam.config.SecurityConfig;
import io.roomfield.slam.ingest.BadInputException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JwtVerifierTest {
  private static final String ISSUER = "https://issuer.example";
  private static final String AUDIENCE = "roomfield";

  @TempDir private Path folder;
  private Path file;
  private ECKey key;
  private Authenticator authenticator;

  @BeforeEach
  void publishTheKey() throws IOException, JOSEException {
    key = key("first");
    file = folder.resolve("jwks.json");
    publish(key);
    authenticator =
        new Authenticator(
            new SecurityConfig(
                "", "", "", "", ISSUER, AUDIENCE, file.toString(), List.of("the-admin")),
            Clock.systemUTC());
  }

  @Test
  void theSubjectIsThePrincipal() throws JOSEException {
    assertThat(authenticate(signed(key, claims -> claims)))
        .isEqualTo(new Principal("auth0|alice", false));
    assertThat(authenticate(signed(key, claims -> claims.subject("the-admin"))).admin()).isTrue();
  }

  @Test
  void claimsThatAreWrongOrMissingAreRefused() throws JOSEException {
    Date past = Date.from(Instant.now().minus(Duration.ofHours(1)));
    Date future = Date.from(Instant.now().plus(Duration.ofHours(1)));
    assertRefused(signed(key, c -> c.expirationTime(past)), "an expired token");
    assertRefused(signed(key, c -> c.expirationTime(null)), "a token that does not hold");
    assertRefused(signed(key, c -> c.notBeforeTime(future)), "a token that does not hold");
    assertRefused(signed(key, c -> c.issuer("https://other")), "a token that does not hold");
    assertRefused(signed(key, c -> c.issuer(null)), "a token that does not hold");
    assertRefused(signed(key, c -> c.audience("another")), "a token that does not hold");
    assertRefused(signed(key, c -> c.audience((String) null)), "a token that does not hold");
    assertRefused(signed(key, c -> c.subject(null)), "a token that does not hold");
    assertRefused(signed(key, c -> c.subject("")), "credentials of nobody");
    assertRefused(signed(key, c -> c.subject("alice\nadmin")), "credentials of nobody");
  }

  @Test
  void signaturesOfOthersAreRefused() throws JOSEException {
    ECKey other = key("first");
    assertRefused(signed(other, claims -> claims), "a token that does not hold");
    assertRefused(signed(key("unknown"), claims -> claims), "a token that does not hold");
    assertRefused(
        new PlainJWT(claims(c -> c)).serialize(), "a token that does not hold"); // alg: none
    // The public key as a shared secret: whoever reads the key set could sign.
    byte[] published = key.toPublicJWK().toJSONString().getBytes(StandardCharsets.UTF_8);
    assertRefused(
        sign(JWSAlgorithm.HS256, new MACSigner(published), "first", c -> c),
        "a token that does not hold");
    assertRefused("a.b.c", "a token that does not hold");
    assertRefused("", "another scheme, or no token");
  }

  @Test
  void keysAreReadAgainWhenTheyChange() throws IOException, JOSEException {
    ECKey second = key("second");
    assertRefused(signed(second, claims -> claims), "a token that does not hold");

    publish(second);

    assertThat(authenticate(signed(second, claims -> claims)).name()).isEqualTo("auth0|alice");
    assertRefused(signed(key, claims -> claims), "a token that does not hold");
  }

  @Test
  void keysAreFetchedFromAnAddress() throws Exception {
    HttpServer issuer =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    issuer.createContext(
        "/jwks.json",
        exchange -> {
          byte[] body = Files.readAllBytes(file);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    issuer.start();
    URI address =
        URI.create("http://127.0.0.1:%d/jwks.json".formatted(issuer.getAddress().getPort()));
    SecurityConfig config =
        new SecurityConfig("", "", "", "", ISSUER, AUDIENCE, "https://unused", List.of());

    assertThat(new JwtVerifier(config, JwtVerifier.fetched(address)).subject(signed(key, c -> c)))
        .isEqualTo("auth0|alice");

    issuer.stop(0);
    JwtVerifier unreachable = new JwtVerifier(config, JwtVerifier.fetched(address));
    assertThatThrownBy(() -> unreachable.subject(signed(key, c -> c)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("the keys of the JWTs' issuer cannot be had");
  }

  private static ECKey key(String id) throws JOSEException {
    return new ECKeyGenerator(Curve.P_256).keyID(id).generate();
  }

  private void publish(ECKey published) throws IOException {
    Path written = folder.resolve("written");
    Files.writeString(written, new JWKSet(published.toPublicJWK()).toString());
    Files.move(written, file, StandardCopyOption.REPLACE_EXISTING);
  }

  private static String signed(ECKey with, UnaryOperator<JWTClaimsSet.Builder> change)
      throws JOSEException {
    return sign(JWSAlgorithm.ES256, new ECDSASigner(with), with.getKeyID(), change);
  }

  private static String sign(
      JWSAlgorithm algorithm,
      JWSSigner signer,
      String keyId,
      UnaryOperator<JWTClaimsSet.Builder> change)
      throws JOSEException {
    SignedJWT jwt =
        new SignedJWT(new JWSHeader.Builder(algorithm).keyID(keyId).build(), claims(change));
    jwt.sign(signer);
    return jwt.serialize();
  }

  private static JWTClaimsSet claims(UnaryOperator<JWTClaimsSet.Builder> change) {
    return change
        .apply(
            new JWTClaimsSet.Builder()
                .subject("auth0|alice")
                .issuer(ISSUER)
                .audience(AUDIENCE)
                .expirationTime(Date.from(Instant.now().plus(Duration.ofHours(1)))))
        .build();
  }

  private Principal authenticate(String token) {
    return authenticator.authenticate(
        new Credentials(Optional.of("Bearer " + token), Optional.empty()));
  }

  private void assertRefused(String token, String got) {
    assertThatThrownBy(() -> authenticate(token))
        .isInstanceOfSatisfying(
            BadInputException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(BadInputException.Kind.UNAUTHENTICATED);
              assertThat(e.got()).startsWith(got);
            });
  }
}
