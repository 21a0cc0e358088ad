package io.roomfield.slam.access;

import java.security.cert.X509Certificate;
import java.util.Optional;

/**
 * What a caller shows of who it is.
 *
 * @param authorization the header of that name
 * @param certificate the client's, which the TLS handshake has found to be from a trusted authority
 */
public record Credentials(Optional<String> authorization, Optional<X509Certificate> certificate) {
  /** The name of the header. */
  public static final String HEADER = "authorization";

  /** Nothing. */
  public static final Credentials NONE = new Credentials(Optional.empty(), Optional.empty());
}
