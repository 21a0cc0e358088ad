package io.roomfield.slam.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomfield.geometry.PinholeCamera;
import io.roomfield.geometry.SE3;
import io.roomfield.slam.compute.ComputeBackend;
import io.roomfield.slam.compute.ComputeBackends;
import io.roomfield.slam.config.Presets;
import io.roomfield.slam.tracking.TrackingResult;
import io.roomfield.slam.tracking.TrackingStatus;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WarmEnginesTest {
  private static final PinholeCamera CAMERA = new PinholeCamera(96, 72, 80, 80, 47.5, 35.5);

  private final List<FakeEngine> opened = new ArrayList<>();
  private final Engine.Factory engines =
      new WarmEngines(
          (settings, onMapped) -> {
            FakeEngine engine = new FakeEngine(onMapped);
            engine.permit(1000);
            opened.add(engine);
            return engine;
          });

  @Test
  void theFirstLiveEngineComesAfterOneThatWarmsUp() {
    Engine first = engines.open(settings("realtime"), round -> {});
    assertThat(opened).hasSize(2);
    assertThat(opened.getFirst().closed()).isTrue();
    assertThat(opened.getFirst().trajectory().poses()).isNotEmpty();
    assertThat(first).isSameAs(opened.getLast());
    assertThat(first.trajectory().poses()).isEmpty();
    engines.open(settings("realtime"), round -> {});
    assertThat(opened).as("warm already").hasSize(3);
  }

  @Test
  void recordedSequencesDoNotWait() {
    engines.open(settings(Presets.DEFAULT), round -> {});
    assertThat(opened).hasSize(1);
    assertThat(opened.getFirst().closed()).isFalse();
  }

  /** A lost camera would not be mapped, and no later frame would run what live frames run. */
  @Test
  void theRoomOfTheWarmUpCanBeTracked() {
    List<SlamSystem> systems = new ArrayList<>();
    try (ComputeBackend backend = ComputeBackends.open("vector", 1)) {
      Engine.Factory real =
          (settings, onMapped) -> {
            systems.add(
                new SlamSystem(
                    settings.config(),
                    settings.camera(),
                    settings.initialWorldFromCamera(),
                    backend,
                    onMapped));
            return systems.getLast();
          };
      new WarmEngines(real).open(settings("realtime"), round -> {}).close();
      assertThat(systems.getFirst().trajectory().poses())
          .extracting(TrackingResult::status)
          .doesNotContain(TrackingStatus.LOST);
      assertThat(systems.getFirst().keyframes().size()).isGreaterThan(1);
      assertThat(systems.getFirst().map()).isPresent();
    }
  }

  private static SessionSettings settings(String preset) {
    return new SessionSettings("", Presets.load(preset), CAMERA, 1000, SE3.IDENTITY, false);
  }
}
