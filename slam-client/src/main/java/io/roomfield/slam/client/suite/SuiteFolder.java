package io.roomfield.slam.client.suite;

import io.roomfield.datasets.PartialCalibration;
import io.roomfield.datasets.RgbdDataset;
import io.roomfield.datasets.SequenceLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A folder whose sub-folders are clips, each in a {@link SequenceLayout}. */
public final class SuiteFolder {
  private SuiteFolder() {}

  /**
   * The clips in the order of their names; images are read when they are asked for.
   *
   * @param names of the sub-folders wanted; empty is all but hidden ones
   * @param maxFrames at most so many of each clip, from its start
   * @throws IOException if a sub-folder wanted is missing, in no known layout or cannot be read
   */
  public static List<RgbdDataset> clips(Path suite, List<String> names, int maxFrames)
      throws IOException {
    List<Path> folders = folders(suite, names);
    List<RgbdDataset> clips = new ArrayList<>();
    for (Path folder : folders) {
      clips.add(
          SequenceLayout.require(folder)
              .read(folder, PartialCalibration.NONE)
              .select(0, 1, maxFrames));
    }
    return clips;
  }

  private static List<Path> folders(Path suite, List<String> names) throws IOException {
    if (!Files.isDirectory(suite)) {
      throw new IOException("%s: no such folder (expected: a folder of clips)".formatted(suite));
    }
    List<Path> present;
    try (Stream<Path> entries = Files.list(suite)) {
      present =
          entries
              .filter(Files::isDirectory)
              .filter(f -> !name(f).startsWith("."))
              .sorted()
              .toList();
    }
    if (present.isEmpty()) {
      throw new IOException("%s: no clips (expected: a folder for each)".formatted(suite));
    }
    List<String> known = present.stream().map(SuiteFolder::name).toList();
    for (String name : names) {
      if (!known.contains(name)) {
        throw new IOException("%s: no clip %s (expected: one of %s)".formatted(suite, name, known));
      }
    }
    return present.stream().filter(f -> names.isEmpty() || names.contains(name(f))).toList();
  }

  private static String name(Path folder) {
    return folder.getFileName().toString();
  }
}
