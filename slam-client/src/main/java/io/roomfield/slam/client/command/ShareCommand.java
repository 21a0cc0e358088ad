package io.roomfield.slam.client.command;

import io.roomfield.slam.client.SlamClient;
import io.roomfield.slam.v1.Role;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code share}: a session with another principal. */
@Command(
    name = "share",
    description = "Give somebody a role on a session of yours, or take it back.",
    mixinStandardHelpOptions = true)
public final class ShareCommand implements Callable<Integer> {
  private enum GrantedRole {
    NONE(Role.ROLE_NONE),
    VIEWER(Role.ROLE_VIEWER),
    WRITER(Role.ROLE_WRITER),
    OWNER(Role.ROLE_OWNER);

    private final Role sent;

    GrantedRole(Role sent) {
      this.sent = sent;
    }
  }

  @Mixin private RunningServer server;

  @Option(names = "--session", required = true, paramLabel = "ID", description = "The session.")
  private String sessionId;

  @Option(
      names = "--principal",
      required = true,
      paramLabel = "NAME",
      description = "With whom; that there is somebody of this name is not checked.")
  private String principal;

  @Option(
      names = "--role",
      required = true,
      paramLabel = "R",
      description = "${COMPLETION-CANDIDATES}; none takes back what was granted.")
  private GrantedRole role;

  @Override
  public Integer call() throws IOException {
    try (SlamClient client = server.connect()) {
      var unused = client.shareSession(sessionId, principal, role.sent);
    }
    return 0;
  }
}
