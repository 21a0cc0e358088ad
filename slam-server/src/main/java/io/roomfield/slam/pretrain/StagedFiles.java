package io.roomfield.slam.pretrain;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Files of one folder that belong together: each is written as {@code <name>.part}, and all get
 * their names when all are whole. A run that is cut short leaves an earlier run's files alone.
 */
final class StagedFiles {
  private static final String UNFINISHED = ".part";

  private final Path folder;
  private final List<String> names = new ArrayList<>();

  /**
   * @param folder made if there is none
   * @throws IOException if it cannot be made, or is a file
   */
  StagedFiles(Path folder) throws IOException {
    this.folder = folder;
    try {
      Files.createDirectories(folder);
    } catch (FileAlreadyExistsException e) {
      throw new IOException("--out: %s is a file (expected: a folder)".formatted(folder), e);
    }
  }

  /** Where to write the file that shall have this name. */
  Path stage(String name) {
    names.add(name);
    return folder.resolve(name + UNFINISHED);
  }

  /** Gives every file its name, in place of what had it before. */
  void publish() throws IOException {
    for (String name : names) {
      Files.move(
          folder.resolve(name + UNFINISHED),
          folder.resolve(name),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
    }
  }
}
