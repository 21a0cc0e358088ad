package io.roomfield.slam.client.command;

import io.roomfield.slam.client.replay.ServerProcess;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Lets commands start real servers, ahead on whose class path lies a preset {@code default} with
 * fewer iterations.
 */
final class QuickServers {
  private QuickServers() {}

  /**
   * As the launcher does.
   *
   * @param folder takes the preset
   */
  static void use(Path folder) throws IOException {
    writePreset(folder);
    System.setProperty(
        ServerProcess.CLASSPATH_PROPERTY,
        folder + File.pathSeparator + System.getProperty("java.class.path"));
    System.setProperty(
        ServerProcess.JVM_FLAGS_PROPERTY,
        "--add-modules jdk.incubator.vector --enable-native-access=ALL-UNNAMED -Xmx512m");
  }

  static void forget() {
    System.clearProperty(ServerProcess.CLASSPATH_PROPERTY);
    System.clearProperty(ServerProcess.JVM_FLAGS_PROPERTY);
  }

  private static void writePreset(Path classpath) throws IOException {
    String preset;
    try (InputStream yaml = QuickServers.class.getResourceAsStream("/presets/default.yaml")) {
      preset = new String(yaml.readAllBytes(), StandardCharsets.UTF_8);
    }
    Files.createDirectories(classpath.resolve("presets"));
    Files.writeString(
        classpath.resolve("presets/default.yaml"),
        preset
            .replaceAll("([iI]terations): \\d+", "$1: 2")
            .replaceAll("(pixels): \\d+", "$1: 100"));
  }
}
