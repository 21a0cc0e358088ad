package io.roomfield.slam.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.roomfield.slam.config.SecurityConfig;
import io.roomfield.slam.ingest.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenFileTest {
  @TempDir private Path folder;
  private Path file;
  private TokenFile tokens;

  @BeforeEach
  void nameTheFile() {
    file = folder.resolve("tokens.json");
    tokens = new TokenFile(file);
  }

  @Test
  void aTokenOpensUntilItExpires() throws IOException {
    String token = tokens.create("alice", Optional.of(Duration.ofDays(1)));
    Instant now = Instant.now();

    assertThat(authenticator(now).authenticate(bearer(token)))
        .isEqualTo(new Principal("alice", false));
    Authenticator tomorrow = authenticator(now.plus(Duration.ofDays(1)));
    assertThatThrownBy(() -> tomorrow.authenticate(bearer(token)))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("an expired token");
  }

  @Test
  void theFileDoesNotTellTheToken() throws IOException {
    String token = tokens.create("alice", Optional.empty());

    assertThat(token).startsWith(TokenFile.PREFIX).hasSize(TokenFile.PREFIX.length() + 43);
    assertThat(Files.readString(file))
        .contains("alice")
        .doesNotContain(token.substring(TokenFile.PREFIX.length()));
    if (Files.getFileAttributeView(file, PosixFileAttributeView.class) != null) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo("rw-------");
    }
  }

  @Test
  void createdAndRevokedWhileAServerReads() throws IOException {
    String first = tokens.create("alice", Optional.empty());
    Authenticator running = authenticator(Instant.now());
    String second = tokens.create("bob", Optional.empty());
    assertThat(running.authenticate(bearer(second)).name()).isEqualTo("bob");

    tokens.revoke(StoredToken.hash(first).substring(0, 8));

    assertThat(running.authenticate(bearer(second)).name()).isEqualTo("bob");
    assertThatThrownBy(() -> running.authenticate(bearer(first)))
        .hasMessageContaining("an unknown token");
    assertThat(tokens.describe()).singleElement().asString().contains("bob").contains("no end");
  }

  @Test
  void refusesWhatIsNoTokenOfOurs() throws IOException {
    String token = tokens.create("alice", Optional.empty());
    Authenticator authenticator = authenticator(Instant.now());

    for (String header :
        List.of(
            "",
            "Bearer",
            "Bearer ",
            "Basic " + token,
            token,
            "Bearer x",
            "Bearer " + token + "x")) {
      assertThatThrownBy(
              () ->
                  authenticator.authenticate(
                      new Credentials(Optional.of(header), Optional.empty())))
          .as(header)
          .isInstanceOfSatisfying(
              BadInputException.class,
              e -> {
                assertThat(e.kind()).isEqualTo(BadInputException.Kind.UNAUTHENTICATED);
                assertThat(e.getMessage()).doesNotContain(token);
              });
    }
    assertThat(authenticator.authenticate(bearer(token)).name()).isEqualTo("alice");
  }

  @Test
  void mistakesAreErrors() throws IOException {
    assertThatThrownBy(() -> tokens.create("", Optional.empty()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> tokens.create("a\nb", Optional.empty()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> authenticator(Instant.now())).isInstanceOf(NoSuchFileException.class);
    tokens.create("alice", Optional.empty());
    assertThatThrownBy(() -> tokens.revoke("00000000"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("token: 00000000");
    Files.writeString(file, "[{\"principal\": \"alice\", \"sha256\": \"12\"}]");
    assertThatThrownBy(() -> authenticator(Instant.now()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(file.toString());
  }

  /** What was read before holds: a slip of an editor's must not lock everybody out. */
  @Test
  void aBrokenFileLeavesWhatWas() throws IOException {
    String token = tokens.create("alice", Optional.empty());
    Authenticator running = authenticator(Instant.now());

    Files.writeString(file, "{");

    assertThat(running.authenticate(bearer(token)).name()).isEqualTo("alice");
  }

  private Authenticator authenticator(Instant now) throws IOException {
    return new Authenticator(
        new SecurityConfig("", "", "", file.toString(), "", "", "", List.of()),
        Clock.fixed(now, ZoneOffset.UTC));
  }

  private static Credentials bearer(String token) {
    return new Credentials(Optional.of("Bearer " + token), Optional.empty());
  }
}
