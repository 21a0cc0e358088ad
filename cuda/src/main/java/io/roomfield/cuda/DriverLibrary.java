package io.roomfield.cuda;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Optional;
import jcuda.CudaException;
import jcuda.JCudaVersion;
import jcuda.LibUtils;
import jcuda.LogLevel;
import jcuda.driver.JCudaDriver;

/** Loads NVIDIA's driver library through JCuda, once in a process. */
final class DriverLibrary {
  private static final String NEEDED = "libcuda.so.1";
  private static Optional<String> problem;

  private DriverLibrary() {}

  /** Loads the library on the first call; says in words why it cannot be had, nothing if it can. */
  static synchronized Optional<String> load() {
    if (problem == null) {
      if (!isThere()) {
        // Before JCuda tries: it would unpack its libraries in vain, and never try again.
        return Optional.of("no NVIDIA driver: " + NEEDED + " was not found");
      }
      problem = tryToLoad();
    }
    return problem;
  }

  @SuppressWarnings("restricted")
  private static boolean isThere() {
    try (Arena arena = Arena.ofConfined()) {
      SymbolLookup.libraryLookup(NEEDED, arena);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static Optional<String> tryToLoad() {
    String file;
    try {
      file =
          LibUtils.createLibraryFileName(
              LibUtils.createPlatformLibraryName("JCudaDriver-" + JCudaVersion.get()));
      if (DriverLibrary.class.getResource("/lib/" + file) == null) {
        return Optional.of("JCuda has no native library for this platform (" + platform() + ")");
      }
      unpack(file);
      JCudaDriver.setExceptionsEnabled(false);
      JCudaDriver.setLogLevel(LogLevel.LOG_QUIET);
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(
          "cannot unpack JCuda's native library (-Djava.io.tmpdir names another folder): " + e);
    } catch (LinkageError | CudaException e) {
      return Optional.of(reason(e));
    }
  }

  /**
   * JCuda loads its library from the temporary folder and takes a file that is there already, be it
   * half-written by another process. So the file is put there whole, before JCuda looks.
   */
  private static void unpack(String file) throws IOException {
    byte[] content;
    try (InputStream in = DriverLibrary.class.getResourceAsStream("/lib/" + file)) {
      content = in.readAllBytes();
    }
    Path target = Path.of(System.getProperty("java.io.tmpdir"), file);
    if (Files.isRegularFile(target) && Arrays.equals(Files.readAllBytes(target), content)) {
      return;
    }
    Files.createDirectories(target.getParent());
    Path whole = Files.createTempFile(target.getParent(), file, ".tmp");
    try {
      Files.write(whole, content);
      Files.setPosixFilePermissions(whole, PosixFilePermissions.fromString("rw-r--r--"));
      Files.move(whole, target, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(whole);
    }
  }

  private static String reason(Throwable error) {
    Throwable cause = error.getCause() == null ? error : error.getCause();
    String message = String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
    return "JCuda's native library cannot be loaded: " + message;
  }

  private static String platform() {
    return System.getProperty("os.name") + " " + System.getProperty("os.arch");
  }
}
