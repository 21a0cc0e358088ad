package io.roomfield.slam.access;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What some files say, read again when one of them has changed. Files that are broken or gone leave
 * what was, and an error in the log. Callable from several threads.
 */
public final class WatchedFiles<T> {
  private static final Logger LOG = LoggerFactory.getLogger(WatchedFiles.class);

  /** Makes something of the files. */
  public interface Reader<T> {
    T read() throws IOException, GeneralSecurityException;
  }

  private record Stamp(FileTime modified, long bytes, Optional<Object> inode) {}

  private final List<Path> files;
  private final Reader<T> reader;
  private List<Optional<Stamp>> stamps; // of the files when last read; guarded by this
  private T content; // guarded by this

  /**
   * Reads the files.
   *
   * @throws IOException if one of them is missing
   * @throws IllegalArgumentException naming them, if they cannot be made sense of
   */
  public WatchedFiles(List<Path> files, Reader<T> reader) throws IOException {
    this.files = List.copyOf(files);
    this.reader = reader;
    for (Path file : files) {
      if (!Files.isRegularFile(file)) {
        throw new NoSuchFileException(file.toString());
      }
    }
    stamps = stamps();
    try {
      content = reader.read();
    } catch (GeneralSecurityException | IOException | RuntimeException e) {
      throw new IllegalArgumentException("%s: %s".formatted(names(), e.getMessage()), e);
    }
  }

  /** What the files say now. */
  public synchronized T current() {
    try {
      List<Optional<Stamp>> now = stamps();
      if (!now.equals(stamps)) {
        stamps = now; // before reading: a change meanwhile is seen next time
        content = reader.read();
        LOG.info("{}: read again", names());
      }
    } catch (GeneralSecurityException | IOException | RuntimeException e) {
      LOG.error("{}: changed and cannot be read; what was read before holds", names(), e);
    }
    return content;
  }

  private List<Optional<Stamp>> stamps() throws IOException {
    List<Optional<Stamp>> found = new ArrayList<>();
    for (Path file : files) {
      found.add(stamp(file));
    }
    return found;
  }

  private static Optional<Stamp> stamp(Path file) throws IOException {
    try {
      BasicFileAttributes a = Files.readAttributes(file, BasicFileAttributes.class);
      return Optional.of(
          new Stamp(a.lastModifiedTime(), a.size(), Optional.ofNullable(a.fileKey())));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  private String names() {
    return String.join(", ", files.stream().map(Path::toString).toList());
  }
}
