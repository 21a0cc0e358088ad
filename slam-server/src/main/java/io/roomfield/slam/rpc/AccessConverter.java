package io.roomfield.slam.rpc;

import io.roomfield.geometry.InvalidValueException;
import io.roomfield.slam.access.Ownership;
import io.roomfield.slam.access.Principal;
import io.roomfield.slam.ingest.BadInputException;
import io.roomfield.slam.session.SessionRegistry.Summary;
import io.roomfield.slam.v1.Grant;
import io.roomfield.slam.v1.ListSessionsResponse;
import io.roomfield.slam.v1.Role;
import io.roomfield.slam.v1.SessionEntry;
import io.roomfield.slam.v1.ShareSessionRequest;
import io.roomfield.slam.v1.ShareSessionResponse;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Roles and who has them, between the API's messages and the engine's terms. */
final class AccessConverter {
  private AccessConverter() {}

  /** Sessions as a principal sees them who has a role on each. */
  static ListSessionsResponse sessions(List<Summary> sessions, Principal caller) {
    ListSessionsResponse.Builder answer = ListSessionsResponse.newBuilder();
    for (Summary session : sessions) {
      Ownership ownership = session.ownership();
      answer.addSessions(
          SessionEntry.newBuilder()
              .setSessionId(session.id())
              .setLabel(session.label())
              .setState(ProtoConverter.state(session.state()))
              .setOwner(ownership.owner())
              .setRole(ownership.roleOf(caller).map(AccessConverter::role).orElse(Role.ROLE_NONE)));
    }
    return answer.build();
  }

  /**
   * Does what a request asks for.
   *
   * @param sharing takes the role that is granted; empty for none
   */
  static void share(
      ShareSessionRequest request, Consumer<Optional<io.roomfield.slam.access.Role>> sharing) {
    try {
      sharing.accept(granted(request));
    } catch (InvalidValueException e) {
      throw BadInputException.of("", e);
    }
  }

  private static Optional<io.roomfield.slam.access.Role> granted(ShareSessionRequest request) {
    return switch (request.getRole()) {
      case ROLE_NONE -> Optional.empty();
      case ROLE_VIEWER -> Optional.of(io.roomfield.slam.access.Role.VIEWER);
      case ROLE_WRITER -> Optional.of(io.roomfield.slam.access.Role.WRITER);
      case ROLE_OWNER -> Optional.of(io.roomfield.slam.access.Role.OWNER);
      case ROLE_UNSPECIFIED, UNRECOGNIZED ->
          throw BadInputException.of(
              "role", "NONE, VIEWER, WRITER or OWNER", request.getRoleValue());
    };
  }

  /** With whom a session is shared, by name. */
  static ShareSessionResponse grants(Ownership ownership) {
    ShareSessionResponse.Builder answer = ShareSessionResponse.newBuilder();
    ownership.grants().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(
            grant ->
                answer.addGrants(
                    Grant.newBuilder()
                        .setPrincipal(grant.getKey())
                        .setRole(role(grant.getValue()))));
    return answer.build();
  }

  private static Role role(io.roomfield.slam.access.Role role) {
    return switch (role) {
      case VIEWER -> Role.ROLE_VIEWER;
      case WRITER -> Role.ROLE_WRITER;
      case OWNER -> Role.ROLE_OWNER;
    };
  }
}
