package io.roomfield.slam.client.chaos;

import java.io.IOException;

/** A fault on purpose. */
@FunctionalInterface
public interface Scenario {
  /** What sessions made of it. */
  interface Outcome {
    /** Whether that is what is promised. */
    boolean isGood();

    /** The figures, on a line. */
    String inWords();
  }

  /**
   * Lets it happen.
   *
   * @throws IOException if a server does not start, or ends
   */
  Outcome run(Stage stage) throws IOException, InterruptedException;
}
