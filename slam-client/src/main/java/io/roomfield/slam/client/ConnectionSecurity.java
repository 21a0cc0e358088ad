package io.roomfield.slam.client;

import io.grpc.ManagedChannelBuilder;
import io.grpc.Metadata;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How a client proves who it is, and that the server is the right one.
 *
 * @param token the bearer token
 * @param tls whether the connection is encrypted
 * @param ca certificates of the authorities that the server's must be from, a PEM file; empty for
 *     those that Java knows
 * @param certificate the client's own certificate chain for mutual TLS, a PEM file
 * @param key its private key, a PEM file (PKCS#8)
 */
public record ConnectionSecurity(
    Optional<String> token,
    boolean tls,
    Optional<Path> ca,
    Optional<Path> certificate,
    Optional<Path> key) {
  /** Neither TLS nor credentials: for servers on loopback. */
  public static final ConnectionSecurity NONE =
      new ConnectionSecurity(
          Optional.empty(), false, Optional.empty(), Optional.empty(), Optional.empty());

  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  private static final Pattern LOOPBACK =
      Pattern.compile("(localhost|127\\.\\d+\\.\\d+\\.\\d+|\\[::1\\]):\\d+");

  /**
   * @throws IllegalArgumentException if a file is given without TLS, or a certificate without its
   *     key
   */
  public ConnectionSecurity {
    if (!tls && (ca.isPresent() || certificate.isPresent() || key.isPresent())) {
      throw new IllegalArgumentException("ca, cert or key without tls (expected: tls)");
    }
    if (certificate.isPresent() != key.isPresent()) {
      throw new IllegalArgumentException("cert without key, or key without cert (expected: both)");
    }
  }

  /** Says which credentials there are, and not what they are. */
  @Override
  public String toString() {
    return "ConnectionSecurity[token=%s, tls=%s, certificate=%s]"
        .formatted(token.isPresent() ? "given" : "none", tls, certificate.isPresent());
  }

  /**
   * A channel to a server.
   *
   * @throws IOException if a file cannot be read
   * @throws IllegalArgumentException if a token would cross a network unencrypted
   */
  NettyChannelBuilder channelTo(String hostAndPort) throws IOException {
    if (token.isPresent() && !tls && !LOOPBACK.matcher(hostAndPort).matches()) {
      throw new IllegalArgumentException(
          "token without tls for %s (expected: tls, or a server on loopback)"
              .formatted(hostAndPort));
    }
    NettyChannelBuilder channel = NettyChannelBuilder.forTarget(hostAndPort);
    if (tls) {
      SslContextBuilder context = GrpcSslContexts.forClient();
      if (ca.isPresent()) {
        context.trustManager(existing(ca.get()).toFile());
      }
      if (certificate.isPresent()) {
        context.keyManager(
            existing(certificate.get()).toFile(), existing(key.orElseThrow()).toFile());
      }
      channel.sslContext(context.build());
    } else {
      channel.usePlaintext();
    }
    token.ifPresent(secret -> attach(channel, secret));
    return channel;
  }

  private static void attach(ManagedChannelBuilder<?> channel, String token) {
    Metadata headers = new Metadata();
    headers.put(AUTHORIZATION, "Bearer " + token);
    channel.intercept(MetadataUtils.newAttachHeadersInterceptor(headers));
  }

  private static Path existing(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new NoSuchFileException(file.toString(), null, "no such file");
    }
    return file;
  }
}
