package io.roomfield.datasets;

import java.io.IOException;
import java.nio.file.Path;

/** A recorded sequence that is not laid out as its format says; the message names the file. */
public final class DatasetException extends IOException {
  private static final long serialVersionUID = 1;

  DatasetException(Path file, String message) {
    super(file + ": " + message);
  }

  DatasetException(Path file, String message, Throwable cause) {
    super(file + ": " + message, cause);
  }
}
