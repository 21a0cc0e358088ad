package io.roomfield.slam.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.roomfield.geometry.PinholeCamera;
import io.roomfield.geometry.SE3;
import io.roomfield.slam.access.Principal;
import io.roomfield.slam.config.Presets;
import io.roomfield.slam.ingest.BadInputException;
import io.roomfield.slam.ingest.BadInputException.Kind;
import io.roomfield.slam.telemetry.Tracing;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SessionRegistryTest {
  private static final SessionSettings SETTINGS =
      new SessionSettings(
          "",
          Presets.load(Presets.DEFAULT),
          new PinholeCamera(16, 16, 10, 10, 8, 8),
          1000,
          SE3.IDENTITY,
          false);

  private final FakeEngines engines = new FakeEngines();
  private final SessionRegistry registry = registry(engines, 2);

  private static SessionRegistry registry(Engine.Factory engines, int maxSessions) {
    return new SessionRegistry(
        engines,
        new SlamMetrics(new SimpleMeterRegistry()),
        TestConfig.unkept(Map.of("maxSessions", maxSessions, "queueCapacity", 1)),
        Optional.empty(),
        Tracing.none());
  }

  @AfterEach
  void closeAll() {
    registry.close();
  }

  @Test
  void findsAnOpenSessionByItsId() {
    SlamSession session = registry.open(SETTINGS, Principal.LOCAL);

    assertThat(registry.get(session.id())).isSameAs(session);
  }

  @Test
  void idsAre128RandomBits() {
    String id = registry.open(SETTINGS, Principal.LOCAL).id();

    assertThat(id).hasSize(22).isNotEqualTo(registry.open(SETTINGS, Principal.LOCAL).id());
  }

  @Test
  void unknownIdIsNotFoundAndCutShort() {
    assertThatThrownBy(() -> registry.get("x".repeat(1000)))
        .hasMessageContaining("\"" + "x".repeat(64) + "...\"")
        .isInstanceOfSatisfying(
            BadInputException.class, e -> assertThat(e.kind()).isEqualTo(Kind.NOT_FOUND));
  }

  @Test
  void closedSessionIsForgottenAndItsEngineClosed() {
    String id = registry.open(SETTINGS, Principal.LOCAL).id();

    registry.close(id);

    assertThat(engines.last().closed()).isTrue();
    assertThatThrownBy(() -> registry.get(id)).isInstanceOf(BadInputException.class);
    assertThatThrownBy(() -> registry.close(id)).isInstanceOf(BadInputException.class);
  }

  @Test
  void limitIsKeptAndAClosedSessionMakesRoom() {
    String first = registry.open(SETTINGS, Principal.LOCAL).id();
    registry.open(SETTINGS, Principal.LOCAL);

    assertThatThrownBy(() -> registry.open(SETTINGS, Principal.LOCAL))
        .isInstanceOfSatisfying(
            BadInputException.class, e -> assertThat(e.kind()).isEqualTo(Kind.LIMIT));

    registry.close(first);
    registry.open(SETTINGS, Principal.LOCAL);
    assertThat(registry.size()).isEqualTo(2);
  }

  @Test
  void anEngineThatCannotBeOpenedTakesNoPlace() {
    SessionRegistry failing =
        registry(
            (settings, onMapped) -> {
              throw new IllegalStateException("no decoder weights");
            },
            1);

    for (int attempt = 0; attempt < 2; attempt++) {
      assertThatThrownBy(() -> failing.open(SETTINGS, Principal.LOCAL))
          .hasMessage("no decoder weights");
    }
  }
}
