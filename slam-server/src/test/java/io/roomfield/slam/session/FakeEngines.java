package io.roomfield.slam.session;

import io.roomfield.slam.mapping.MappingResult;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Opens fake engines and keeps them at hand, in order. */
public final class FakeEngines implements Engine.Factory {
  private final List<FakeEngine> opened = new CopyOnWriteArrayList<>();

  @Override
  public Engine open(SessionSettings settings, Consumer<MappingResult> onMapped) {
    FakeEngine engine = new FakeEngine(onMapped);
    opened.add(engine);
    return engine;
  }

  public FakeEngine last() {
    return opened.getLast();
  }
}
