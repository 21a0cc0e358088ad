package io.roomfield.slam.rpc;

import com.linecorp.armeria.common.TlsKeyPair;
import com.linecorp.armeria.common.TlsProvider;
import io.roomfield.slam.access.WatchedFiles;
import io.roomfield.slam.config.SecurityConfig;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * The server's certificate and the authorities of its clients', as PEM files say at a handshake.
 */
final class PemTlsProvider implements TlsProvider {
  private final WatchedFiles<TlsKeyPair> keyPair;
  private final WatchedFiles<List<X509Certificate>> clientAuthorities; // null for none

  /**
   * @throws IOException if a file is missing
   * @throws IllegalArgumentException if one cannot be made sense of, or the key is another
   *     certificate's
   */
  PemTlsProvider(SecurityConfig config) throws IOException {
    Path certificate = Path.of(config.certificate());
    Path key = Path.of(config.key());
    keyPair = new WatchedFiles<>(List.of(certificate, key), () -> readPair(certificate, key));
    Path authorities = Path.of(config.clientCa());
    clientAuthorities =
        config.clientCa().isEmpty()
            ? null
            : new WatchedFiles<>(List.of(authorities), () -> readCertificates(authorities));
  }

  @Override
  public TlsKeyPair keyPair(String hostname) {
    return keyPair.current();
  }

  @Override
  public List<X509Certificate> trustedCertificates(String hostname) {
    return clientAuthorities == null ? null : clientAuthorities.current();
  }

  /** Files that are replaced one after the other do not fit each other in between. */
  private static TlsKeyPair readPair(Path certificate, Path key) throws GeneralSecurityException {
    TlsKeyPair pair = TlsKeyPair.of(key.toFile(), certificate.toFile());
    if (!belongTogether(pair.privateKey(), pair.certificateChain().getFirst().getPublicKey())) {
      throw new GeneralSecurityException("the key is not the certificate's (expected: its own)");
    }
    return pair;
  }

  private static boolean belongTogether(PrivateKey privateKey, PublicKey publicKey)
      throws GeneralSecurityException {
    if (!privateKey.getAlgorithm().equals(publicKey.getAlgorithm())) {
      return false;
    }
    String algorithm =
        switch (privateKey.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> privateKey.getAlgorithm();
        };
    byte[] message = {1};
    Signature signature = Signature.getInstance(algorithm);
    signature.initSign(privateKey);
    signature.update(message);
    byte[] signed = signature.sign();
    signature.initVerify(publicKey);
    signature.update(message);
    return signature.verify(signed);
  }

  private static List<X509Certificate> readCertificates(Path pem)
      throws IOException, CertificateException {
    try (InputStream in = Files.newInputStream(pem)) {
      List<X509Certificate> certificates =
          CertificateFactory.getInstance("X.509").generateCertificates(in).stream()
              .map(X509Certificate.class::cast)
              .toList();
      if (certificates.isEmpty()) {
        throw new CertificateException("no certificate (expected: one or more, PEM)");
      }
      return certificates;
    }
  }
}
