package io.roomfield.slam.access;

import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.security.auth.x500.X500Principal;

/** Whose a client's certificate is: the common name (CN) of its subject. */
final class CertificateName {
  private CertificateName() {}

  /** Empty where the subject has no common name, or more than one. */
  static Optional<String> of(X509Certificate certificate) {
    try {
      var names =
          new LdapName(certificate.getSubjectX500Principal().getName(X500Principal.RFC2253))
              .getRdns().stream()
                  .filter(part -> part.getType().equalsIgnoreCase("CN"))
                  .map(Rdn::getValue)
                  .toList();
      return names.size() == 1 && names.getFirst() instanceof String name
          ? Optional.of(name)
          : Optional.empty();
    } catch (InvalidNameException e) {
      throw new IllegalStateException(e); // it came out of a name
    }
  }
}
