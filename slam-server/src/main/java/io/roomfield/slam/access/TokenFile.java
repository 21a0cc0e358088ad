package io.roomfield.slam.access;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The bearer tokens that a server takes, hashed, in a JSON file that {@code ./slam token} writes
 * while servers read it.
 */
public final class TokenFile {
  /** What a token begins with: who finds one knows what it opens, and so do secret scanners. */
  public static final String PREFIX = "roomfield_";

  private static final int TOKEN_BYTES = 32;
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Path file;

  public TokenFile(Path file) {
    this.file = file;
  }

  /**
   * Makes a token and adds it to the file, which is made if it is not there.
   *
   * @param lifetime from now on; empty for no end
   * @return the token, which nobody can tell again
   */
  public String create(String principal, Optional<Duration> lifetime) throws IOException {
    byte[] secret = new byte[TOKEN_BYTES];
    new SecureRandom().nextBytes(secret);
    String token = PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
    Instant now = Instant.now();
    StoredToken stored =
        StoredToken.of(token, principal, now, lifetime.map(now::plus).orElse(null));
    change(
        tokens -> {
          tokens.add(stored);
          return tokens;
        });
    return token;
  }

  /**
   * Takes a token out of the file.
   *
   * @param id as {@link #describe} shows it
   * @throws IllegalArgumentException if no token has it
   */
  public void revoke(String id) throws IOException {
    change(
        tokens -> {
          if (!tokens.removeIf(token -> token.id().equals(id))) {
            throw new IllegalArgumentException(
                "token: %s (expected: an id that 'slam token list' shows)".formatted(id));
          }
          return tokens;
        });
  }

  /** A line a token: id, principal, when it was made, when it expires. */
  public List<String> describe() throws IOException {
    return read().stream()
        .map(
            token ->
                "%s  %s  created %s  %s"
                    .formatted(
                        token.id(),
                        token.principal(),
                        token.created(),
                        token.expires() == null ? "no end" : "expires " + token.expires()))
        .toList();
  }

  List<StoredToken> read() throws IOException {
    return JSON.readValue(Files.readAllBytes(file), new TypeReference<List<StoredToken>>() {});
  }

  /** One change at a time, by whichever process; readers see the file before or after it. */
  private void change(UnaryOperator<List<StoredToken>> edit) throws IOException {
    Path absolute = file.toAbsolutePath();
    Path lock = absolute.resolveSibling(absolute.getFileName() + ".lock");
    try (FileChannel channel =
            FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock _ = channel.lock()) {
      List<StoredToken> tokens = Files.exists(file) ? new ArrayList<>(read()) : new ArrayList<>();
      // A temporary file is its owner's alone, and so is what it becomes.
      Path written = Files.createTempFile(absolute.getParent(), "tokens", ".tmp");
      try {
        JSON.writerWithDefaultPrettyPrinter().writeValue(written.toFile(), edit.apply(tokens));
        Files.move(
            written, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(written);
      }
    }
  }
}
