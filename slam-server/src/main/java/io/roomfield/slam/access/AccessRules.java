package io.roomfield.slam.access;

import java.util.Map;
import java.util.Optional;

/** Who may make which call of the API: the one table of it. */
public final class AccessRules {
  /**
   * Who may make a call.
   *
   * @param role needed on the session that the request names; empty where it names none, and being
   *     signed in is enough
   * @param audited whether the call goes into the audit log when it is let through, too
   */
  public record Rule(Optional<Role> role, boolean audited) {}

  private static final Map<String, Rule> RULES =
      Map.ofEntries(
          Map.entry("CreateSession", audited(null)),
          Map.entry("ListSessions", quiet(null)),
          Map.entry("ShareSession", audited(Role.OWNER)),
          Map.entry("StreamFrames", audited(Role.WRITER)),
          Map.entry("FinishSession", audited(Role.WRITER)),
          Map.entry("CloseSession", audited(Role.OWNER)),
          Map.entry("DeleteSession", audited(Role.OWNER)),
          Map.entry("SaveMap", audited(Role.WRITER)),
          Map.entry("OpenMap", audited(Role.WRITER)),
          Map.entry("ExportSession", audited(Role.OWNER)),
          Map.entry("ImportSession", audited(null)),
          Map.entry("GetSessionStatus", quiet(Role.VIEWER)),
          Map.entry("GetPose", quiet(Role.VIEWER)),
          Map.entry("StreamPoses", quiet(Role.VIEWER)),
          Map.entry("GetTrajectory", quiet(Role.VIEWER)),
          Map.entry("ListKeyframes", quiet(Role.VIEWER)),
          Map.entry("GetKeyframe", quiet(Role.VIEWER)),
          Map.entry("ExtractMesh", audited(Role.VIEWER)),
          Map.entry("WatchMesh", audited(Role.VIEWER)),
          Map.entry("RenderView", quiet(Role.VIEWER)),
          Map.entry("GetServerInfo", quiet(null)));

  private AccessRules() {}

  /** Every rule by the name of its call. */
  public static Map<String, Rule> all() {
    return RULES;
  }

  /**
   * @throws IllegalStateException if the call has no rule: nobody may make it
   */
  public static Rule of(String call) {
    Rule rule = RULES.get(call);
    if (rule == null) {
      throw new IllegalStateException(call + ": no access rule (expected: one for every call)");
    }
    return rule;
  }

  private static Rule audited(Role role) {
    return new Rule(Optional.ofNullable(role), true);
  }

  private static Rule quiet(Role role) {
    return new Rule(Optional.ofNullable(role), false);
  }
}
