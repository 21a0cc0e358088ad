package io.roomfield.slam.client.suite;

import io.roomfield.datasets.Loadable;
import io.roomfield.datasets.RgbdDataset;
import io.roomfield.datasets.RgbdEntry;
import io.roomfield.geometry.PinholeCamera;
import io.roomfield.slam.client.replay.ReplayReport;
import io.roomfield.slam.client.replay.ReplayReport.Mesh;
import io.roomfield.slam.client.replay.ReplayReport.Milliseconds;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Clips, machines and reports without a server. */
final class SuiteFixtures {
  static final Machine MACHINE =
      new Machine(2, "Linux amd64", "25.0.1", "vector (16 floats, 2 threads)", 2, "abc123");

  private SuiteFixtures() {}

  /** A clip whose images nobody may read. */
  static RgbdDataset clip(String name, int frames) {
    List<RgbdEntry> entries =
        IntStream.range(0, frames)
            .mapToObj(i -> new RgbdEntry(i, i, unreadable(), unreadable(), Optional.empty()))
            .toList();
    return new RgbdDataset(
        name, new PinholeCamera(20, 16, 20, 20, 9.5, 7.5), 1000, entries, Optional.empty());
  }

  /** A report with this absolute trajectory error; the mesh has no truth. */
  static ReplayReport report(SuiteRun run, Double ateRmseCm) {
    return report(run, ateRmseCm, new Mesh(4, 2, null, null, null, null));
  }

  static ReplayReport report(SuiteRun run, Double ateRmseCm, Mesh mesh) {
    return new ReplayReport(
        run.clip(),
        run.frames(),
        0,
        0,
        0,
        0,
        1,
        5.0,
        2.0,
        new Milliseconds(15, 25),
        new Milliseconds(10, 20),
        new Milliseconds(30, 40),
        ateRmseCm,
        ateRmseCm,
        0.5,
        0.25,
        4.0,
        3.0,
        2.5,
        mesh,
        2.5,
        300.0,
        1,
        "fake",
        2,
        run.preset(),
        run.seed(),
        null);
  }

  private static <T> Loadable<T> unreadable() {
    return () -> {
      throw new IOException("a plan read an image (expected: only replays do)");
    };
  }
}
