package io.roomfield.datasets;

import java.io.IOException;

/** Something read from disk or rendered only when it is asked for, anew each time. */
@FunctionalInterface
public interface Loadable<T> {
  T load() throws IOException;
}
