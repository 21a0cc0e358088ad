package io.roomfield.slam.client.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

/** Decoder weights on a class path. */
final class WeightFiles {
  private static final String EXTENSION = ".safetensors";

  private WeightFiles() {}

  /** Names of the weight files in a jar or a folder of classes. */
  static List<String> in(Path entry) throws IOException {
    if (Files.isDirectory(entry)) {
      try (Stream<Path> files = Files.walk(entry)) {
        return names(files.map(file -> entry.relativize(file).toString()));
      }
    }
    if (!Files.isRegularFile(entry)) {
      return List.of();
    }
    try (JarFile jar = new JarFile(entry.toFile())) {
      return names(jar.stream().map(ZipEntry::getName));
    }
  }

  private static List<String> names(Stream<String> files) {
    return files.filter(name -> name.endsWith(EXTENSION)).sorted().toList();
  }
}
