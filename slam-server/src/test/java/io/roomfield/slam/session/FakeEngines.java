package io.roomfield.slam.session;

import io.roomfield.slam.mapping.MappingResult;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Opens fake engines and keeps them at hand, in order. */
public final class FakeEngines implements Engine.Factory {
  private static final int ANY_NUMBER = 1_000_000;

  private volatile boolean free;
  private final List<FakeEngine> opened = new CopyOnWriteArrayList<>();

  @Override
  public Engine open(SessionSettings settings, Consumer<MappingResult> onMapped) {
    FakeEngine engine = new FakeEngine(onMapped);
    if (free) {
      engine.permit(ANY_NUMBER);
    }
    opened.add(engine);
    return engine;
  }

  /** Engines that are opened from now on need no permits. */
  FakeEngines free() {
    free = true;
    return this;
  }

  /** Engines that are opened from now on need permits again. */
  void hold() {
    free = false;
  }

  int count() {
    return opened.size();
  }

  public FakeEngine last() {
    return opened.getLast();
  }
}
