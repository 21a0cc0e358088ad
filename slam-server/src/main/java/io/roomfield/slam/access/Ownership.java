package io.roomfield.slam.access;

import io.roomfield.geometry.InvalidValueException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * To whom a session belongs, and with whom it is shared.
 *
 * @param owner the principal's name
 * @param grants roles of others by their names
 */
public record Ownership(String owner, Map<String, Role> grants) {
  public Ownership {
    Principal.requireName("owner", owner);
    grants = Map.copyOf(grants);
  }

  /** Shared with nobody yet. */
  public static Ownership of(Principal owner) {
    return new Ownership(owner.name(), Map.of());
  }

  /** What a principal may do; empty for a stranger. An admin may do what the owner may. */
  public Optional<Role> roleOf(Principal principal) {
    return principal.admin() || principal.name().equals(owner)
        ? Optional.of(Role.OWNER)
        : Optional.ofNullable(grants.get(principal.name()));
  }

  /**
   * Shared with one more, or with one less.
   *
   * @param role empty to take back what was granted
   * @throws InvalidValueException if the name is no name, or the owner's
   */
  public Ownership sharedWith(String name, Optional<Role> role) {
    Principal.requireName("principal", name);
    if (name.equals(owner)) {
      throw new InvalidValueException("principal", '"' + name + '"', "another than the owner");
    }
    Map<String, Role> changed = new HashMap<>(grants);
    role.ifPresentOrElse(r -> changed.put(name, r), () -> changed.remove(name));
    return new Ownership(owner, changed);
  }
}
