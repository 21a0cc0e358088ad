package io.roomfield.slam.client.command;

import io.roomfield.slam.client.ConnectionSecurity;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** How to talk to a server that asks who calls. */
final class SecurityOptions {
  private static final String TOKEN_VARIABLE = "ROOMFIELD_TOKEN";

  @Option(
      names = "--token",
      paramLabel = "T",
      description =
          "Bearer token for the server (default: what "
              + TOKEN_VARIABLE
              + " says, which other"
              + " users of the machine cannot see).")
  private String token;

  @Option(names = "--tls", description = "Talk TLS with the server.")
  private boolean tls;

  @Option(
      names = "--ca",
      paramLabel = "PEM",
      description = "Authorities that the server's certificate may be from (default: Java's).")
  private Path ca;

  @Option(names = "--cert", paramLabel = "PEM", description = "Own certificate, for mutual TLS.")
  private Path certificate;

  @Option(names = "--key", paramLabel = "PEM", description = "Its private key.")
  private Path key;

  /** Whether an option of these was given. */
  boolean given() {
    return token != null || tls || ca != null || certificate != null || key != null;
  }

  ConnectionSecurity choose() {
    return new ConnectionSecurity(
        Optional.ofNullable(token != null ? token : System.getenv(TOKEN_VARIABLE))
            .filter(secret -> !secret.isEmpty()),
        tls,
        Optional.ofNullable(ca),
        Optional.ofNullable(certificate),
        Optional.ofNullable(key));
  }
}
