package io.roomfield.slam.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/**
 * What principals may use of the server.
 *
 * @param everyone each principal's
 * @param principals by name, those of principals that have their own; in a file keys that are left
 *     out are everyone's
 */
public record LimitsConfig(PrincipalLimits everyone, Map<String, PrincipalLimits> principals) {
  public LimitsConfig {
    Check.present("limits.everyone", everyone);
    principals = Map.copyOf(principals);
  }

  /** A principal's limits. */
  public PrincipalLimits of(String principal) {
    return principals.getOrDefault(principal, everyone);
  }

  /** Fills in what principals' own limits leave out. */
  static void inherit(JsonNode limits) {
    if (limits.path("everyone") instanceof ObjectNode everyone
        && limits.path("principals") instanceof ObjectNode principals) {
      for (Map.Entry<String, JsonNode> own : principals.properties()) {
        if (own.getValue() instanceof ObjectNode keys) {
          own.setValue(everyone.deepCopy().setAll(keys));
        }
      }
    }
  }
}
