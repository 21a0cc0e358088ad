package io.roomfield.slam.rpc;

import com.linecorp.armeria.common.TlsKeyPair;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.CertificateEncodingException;
import java.util.Base64;

/**
 * Self-signed certificates as PEM files, each its own authority, and channels that use them.
 *
 * @param folder of the files
 */
record PemFixture(Path folder) {
  /** A certificate with this common name, NAME.crt and NAME.key. */
  void make(String name, String commonName) throws IOException, CertificateEncodingException {
    TlsKeyPair pair = TlsKeyPair.ofSelfSigned(commonName);
    write(certificate(name), "CERTIFICATE", pair.certificateChain().getFirst().getEncoded());
    write(key(name), "PRIVATE KEY", pair.privateKey().getEncoded());
  }

  /** Puts another's files in the place of one's. */
  void replace(String name, String by) throws IOException {
    move(Files.readString(certificate(by)), certificate(name));
    move(Files.readString(key(by)), key(name));
  }

  Path certificate(String name) {
    return folder.resolve(name + ".crt");
  }

  Path key(String name) {
    return folder.resolve(name + ".key");
  }

  private void write(Path file, String what, byte[] content) throws IOException {
    String base64 =
        Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(content);
    move("-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(what, base64, what), file);
  }

  /** Moved into place, as tools that renew certificates do. */
  private void move(String content, Path file) throws IOException {
    Path written = Files.writeString(folder.resolve("written"), content);
    Files.move(written, file, StandardCopyOption.REPLACE_EXISTING);
  }

  /**
   * A channel that believes the certificates of one name only.
   *
   * @param client whose certificate it shows; null for none
   */
  ManagedChannel channel(int port, String trusted, String client) throws IOException {
    SslContextBuilder tls = GrpcSslContexts.forClient().trustManager(certificate(trusted).toFile());
    if (client != null) {
      tls.keyManager(certificate(client).toFile(), key(client).toFile());
    }
    return NettyChannelBuilder.forAddress("localhost", port).sslContext(tls.build()).build();
  }
}
