package io.roomfield.slam.rpc;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.stream.Stream;

/** What the server knows of itself. */
final class ServerProcess {
  private static final String VERSION_RESOURCE = "roomfield.properties";

  /** Where Linux tells a process about itself; other systems have no such file. */
  private static final Path PROCESS_STATUS = Path.of("/proc/self/status");

  private static final String PEAK_RESIDENT_KEY = "VmHWM:";
  private static final int BYTES_PER_KIB = 1024;

  private ServerProcess() {}

  /** Version of the build. */
  static String version() {
    return built("version");
  }

  /** Version of three.js that the viewer was built with. */
  static String threeVersion() {
    return built("three");
  }

  private static String built(String key) {
    try (InputStream in =
        ServerProcess.class.getClassLoader().getResourceAsStream(VERSION_RESOURCE)) {
      Properties properties = new Properties();
      properties.load(in);
      return properties.getProperty(key);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Largest resident set of this process since it started, in bytes; 0 where Linux does not say.
   */
  static long peakResidentBytes() {
    if (!Files.isReadable(PROCESS_STATUS)) {
      return 0;
    }
    try (Stream<String> lines = Files.lines(PROCESS_STATUS)) {
      return lines
          .filter(line -> line.startsWith(PEAK_RESIDENT_KEY))
          .map(line -> line.substring(PEAK_RESIDENT_KEY.length()).replace("kB", "").strip())
          .mapToLong(kib -> Long.parseLong(kib) * BYTES_PER_KIB)
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
