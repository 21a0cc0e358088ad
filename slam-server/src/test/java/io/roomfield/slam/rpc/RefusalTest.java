package io.roomfield.slam.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Channel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.roomfield.slam.access.AccessRules;
import io.roomfield.slam.access.Role;
import io.roomfield.slam.access.TokenFile;
import io.roomfield.slam.v1.CloseSessionRequest;
import io.roomfield.slam.v1.FinishSessionRequest;
import io.roomfield.slam.v1.GetServerInfoRequest;
import io.roomfield.slam.v1.ListSessionsRequest;
import io.roomfield.slam.v1.SessionEntry;
import io.roomfield.slam.v1.ShareSessionRequest;
import io.roomfield.slam.v1.SlamServiceGrpc;
import io.roomfield.slam.v1.SlamServiceGrpc.SlamServiceBlockingStub;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every call of the API, by everybody who may not make it, on a server that asks for tokens. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RefusalTest {
  private static final String UNKNOWN_ID = "AAAAAAAAAAAAAAAAAAAAAA";

  private TokenFile tokens;
  private RunningServer server;
  private Channel owner;
  private Channel admin;
  private Channel stranger;
  private Channel viewer;
  private Channel writer;
  private Channel expired;
  private String session;

  @BeforeAll
  void startServer(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("tokens.json");
    tokens = new TokenFile(file);
    String ownersToken = token("owner");
    server =
        new RunningServer(
            Map.of("security", Map.of("tokens", file.toString(), "admins", List.of("root"))));
    owner = SecuredCalls.withToken(server.channel(), ownersToken);
    admin = calling("root");
    stranger = calling("stranger");
    viewer = calling("viewer");
    writer = calling("writer");
    expired =
        SecuredCalls.withToken(
            server.channel(), tokens.create("owner", Optional.of(Duration.ofSeconds(-1))));
  }

  @AfterAll
  void stopServer() {
    server.close();
  }

  @BeforeEach
  void openSession() {
    session = stub(owner).createSession(RunningServer.sessionRequest().build()).getSessionId();
    share("viewer", io.roomfield.slam.v1.Role.ROLE_VIEWER);
    share("writer", io.roomfield.slam.v1.Role.ROLE_WRITER);
  }

  @AfterEach
  void closeSessions() {
    for (SessionEntry open : sessions(admin)) {
      var unused =
          stub(admin)
              .closeSession(
                  CloseSessionRequest.newBuilder().setSessionId(open.getSessionId()).build());
    }
  }

  static Stream<MethodDescriptor<?, ?>> calls() {
    return SecuredCalls.all().stream();
  }

  static Stream<MethodDescriptor<?, ?>> callsOnASession() {
    return calls().filter(call -> needed(call).isPresent());
  }

  @ParameterizedTest
  @MethodSource("calls")
  void withoutCredentials(MethodDescriptor<?, ?> call) {
    assertRefused(
        SecuredCalls.end(server.channel(), call, session), Status.Code.UNAUTHENTICATED, "nothing");
    assertUntouched();
  }

  @ParameterizedTest
  @MethodSource("calls")
  void withAnExpiredToken(MethodDescriptor<?, ?> call) {
    assertRefused(
        SecuredCalls.end(expired, call, session), Status.Code.UNAUTHENTICATED, "an expired token");
    assertUntouched();
  }

  @ParameterizedTest
  @MethodSource("calls")
  void withAnUnknownToken(MethodDescriptor<?, ?> call) {
    Channel unknown = SecuredCalls.withToken(server.channel(), TokenFile.PREFIX + "unknown");
    assertRefused(
        SecuredCalls.end(unknown, call, session), Status.Code.UNAUTHENTICATED, "an unknown token");
    assertUntouched();
  }

  /** In the words of a session that does not exist: a stranger cannot tell. */
  @ParameterizedTest
  @MethodSource("callsOnASession")
  void ofAnothersSession(MethodDescriptor<?, ?> call) {
    StatusRuntimeException refusal = SecuredCalls.end(stranger, call, session);
    StatusRuntimeException unknown = SecuredCalls.end(stranger, call, UNKNOWN_ID);

    Refusals.assertRefusal(refusal, Status.Code.NOT_FOUND, "session_id");
    assertThat(StatusProto.fromThrowable(refusal).toString().replace(session, UNKNOWN_ID))
        .isEqualTo(StatusProto.fromThrowable(unknown).toString());
    assertUntouched();
  }

  @ParameterizedTest
  @MethodSource("callsOnASession")
  void byAViewer(MethodDescriptor<?, ?> call) {
    assertLetThroughFrom(Role.VIEWER, viewer, call);
  }

  @ParameterizedTest
  @MethodSource("callsOnASession")
  void byAWriter(MethodDescriptor<?, ?> call) {
    assertLetThroughFrom(Role.WRITER, writer, call);
  }

  @ParameterizedTest
  @MethodSource("callsOnASession")
  void butNotByTheOwnerOrAnAdmin(MethodDescriptor<?, ?> call) {
    for (Channel caller : List.of(owner, admin)) {
      finish();
      assertLetThrough(SecuredCalls.end(caller, call, session));
      closeSessions();
      openSession();
    }
  }

  @Test
  void sessionsAreListedToThoseWhoHaveARole() {
    assertThat(sessions(stranger)).isEmpty();
    SessionEntry seen = sessions(viewer).getFirst();
    assertThat(seen.getSessionId()).isEqualTo(session);
    assertThat(seen.getOwner()).isEqualTo("owner");
    assertThat(seen.getRole()).isEqualTo(io.roomfield.slam.v1.Role.ROLE_VIEWER);
    assertThat(sessions(owner).getFirst().getRole())
        .isEqualTo(io.roomfield.slam.v1.Role.ROLE_OWNER);
  }

  @Test
  void whatWasGrantedCanBeTakenBack() {
    share("viewer", io.roomfield.slam.v1.Role.ROLE_NONE);

    assertThat(sessions(viewer)).isEmpty();
    assertThat(share("stranger", io.roomfield.slam.v1.Role.ROLE_OWNER)).isEqualTo(2);
    assertThat(sessions(stranger)).hasSize(1);
  }

  @Test
  void theOwnerCannotBeShutOut() {
    Refusals.assertRefused(
        () -> share("owner", io.roomfield.slam.v1.Role.ROLE_NONE),
        Status.Code.INVALID_ARGUMENT,
        "principal");
    Refusals.assertRefused(
        () -> share("", io.roomfield.slam.v1.Role.ROLE_VIEWER),
        Status.Code.INVALID_ARGUMENT,
        "principal");
    Refusals.assertRefused(
        () -> share("viewer", io.roomfield.slam.v1.Role.ROLE_UNSPECIFIED),
        Status.Code.INVALID_ARGUMENT,
        "role");
  }

  @Test
  void aRevokedTokenIsRefusedFromTheNextCallOn() throws IOException {
    Channel leaving = calling("leaving");
    assertThat(stub(leaving).getServerInfo(GetServerInfoRequest.getDefaultInstance()).getVersion())
        .isNotEmpty();

    tokens.revoke(
        tokens.describe().stream()
            .filter(line -> line.contains("leaving"))
            .findFirst()
            .orElseThrow()
            .split(" ", 2)[0]);

    Refusals.assertRefused(
        () -> stub(leaving).getServerInfo(GetServerInfoRequest.getDefaultInstance()),
        Status.Code.UNAUTHENTICATED,
        "authorization");
  }

  private void assertLetThroughFrom(Role role, Channel caller, MethodDescriptor<?, ?> call) {
    if (role.includes(needed(call).orElseThrow())) {
      finish();
      assertLetThrough(SecuredCalls.end(caller, call, session));
    } else {
      Refusals.assertRefusal(
          SecuredCalls.end(caller, call, session), Status.Code.PERMISSION_DENIED, "session_id");
      assertUntouched();
    }
  }

  /** So that streams end of themselves. */
  private void finish() {
    var unused =
        stub(owner).finishSession(FinishSessionRequest.newBuilder().setSessionId(session).build());
  }

  /** Whatever became of the call, it was not for want of a role. */
  private static void assertLetThrough(StatusRuntimeException end) {
    assertThat(end.getStatus().getCode())
        .isNotIn(Status.Code.UNAUTHENTICATED, Status.Code.PERMISSION_DENIED, Status.Code.INTERNAL);
    assertThat(end.getStatus().toString()).doesNotContain("session_id");
  }

  private static void assertRefused(StatusRuntimeException end, Status.Code code, String got) {
    assertThat(Refusals.assertRefusal(end, code, "authorization").getGot()).isEqualTo(got);
  }

  private void assertUntouched() {
    assertThat(sessions(owner))
        .singleElement()
        .satisfies(
            entry ->
                assertThat(entry.getState())
                    .isEqualTo(io.roomfield.slam.v1.SessionState.SESSION_STATE_OPEN));
  }

  private static Optional<Role> needed(MethodDescriptor<?, ?> call) {
    return AccessRules.of(call.getBareMethodName()).role();
  }

  private String token(String principal) throws IOException {
    return tokens.create(principal, Optional.of(Duration.ofHours(1)));
  }

  private Channel calling(String principal) throws IOException {
    return SecuredCalls.withToken(server.channel(), token(principal));
  }

  private static SlamServiceBlockingStub stub(Channel channel) {
    return SlamServiceGrpc.newBlockingStub(channel);
  }

  private static List<SessionEntry> sessions(Channel caller) {
    return stub(caller).listSessions(ListSessionsRequest.getDefaultInstance()).getSessionsList();
  }

  private int share(String principal, io.roomfield.slam.v1.Role role) {
    return stub(owner)
        .shareSession(
            ShareSessionRequest.newBuilder()
                .setSessionId(session)
                .setPrincipal(principal)
                .setRole(role)
                .build())
        .getGrantsCount();
  }
}
