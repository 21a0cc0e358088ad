package io.roomfield.datasets;

import io.roomfield.geometry.TrajectoryFile;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reading the files that sequences are made of, with errors that say what was expected. */
final class DatasetFiles {
  private DatasetFiles() {}

  /** A file of the folder that its format demands. */
  static Path require(Path folder, String name, String format) throws DatasetException {
    requireFolder(folder, format);
    Path file = folder.resolve(name);
    if (!Files.exists(file)) {
      throw new DatasetException(
          folder, "has no %s (expected in %s layout)".formatted(name, format));
    }
    return file;
  }

  static void requireFolder(Path folder, String format) throws DatasetException {
    if (!Files.isDirectory(folder)) {
      throw new DatasetException(
          folder, "no such folder (expected: a sequence in %s layout)".formatted(format));
    }
  }

  /** The files of a folder whose name matches, by the number in the pattern's first group. */
  static NavigableMap<Integer, Path> numbered(Path folder, Pattern name) throws IOException {
    NavigableMap<Integer, Path> files = new TreeMap<>();
    try (Stream<Path> entries = Files.list(folder)) {
      for (Path file : (Iterable<Path>) entries::iterator) {
        Matcher matcher = name.matcher(file.getFileName().toString());
        if (matcher.matches()) {
          files.put(Integer.valueOf(matcher.group(1)), file);
        }
      }
    }
    return files;
  }

  /** The lines of a text file as columns: blank lines and lines from {@code #} on left out. */
  static List<String[]> rows(Path file) throws IOException {
    try {
      return Files.readAllLines(file).stream()
          .map(String::strip)
          .filter(line -> !line.isEmpty() && line.charAt(0) != '#')
          .map(line -> line.split("[\\s,]+"))
          .toList();
    } catch (CharacterCodingException e) {
      throw new DatasetException(file, "not text (expected: UTF-8)", e);
    }
  }

  /** All numbers of a text file, row by row. */
  static double[] numbers(Path file, int expected) throws IOException {
    String[] words = rows(file).stream().flatMap(Arrays::stream).toArray(String[]::new);
    if (words.length != expected) {
      throw new DatasetException(
          file, "%d numbers (expected: %d)".formatted(words.length, expected));
    }
    return numbers(file, words);
  }

  /** Words as numbers; {@code inf} and {@code nan} are numbers too. */
  static double[] numbers(Path file, String[] words) throws DatasetException {
    double[] values = new double[words.length];
    for (int i = 0; i < words.length; i++) {
      values[i] = number(file, words[i]);
    }
    return values;
  }

  /** A file that a list of the folder names. */
  static Path named(Path folder, Path list, String name) throws DatasetException {
    try {
      return folder.resolve(name);
    } catch (InvalidPathException e) {
      throw new DatasetException(list, "'%s' (expected: a file's name)".formatted(name), e);
    }
  }

  /** Decimal seconds to nanoseconds, exactly. */
  static long nanos(Path file, String seconds) throws DatasetException {
    try {
      return TrajectoryFile.nanos(seconds);
    } catch (ArithmeticException | IllegalArgumentException e) {
      throw new DatasetException(file, "'%s' (expected: a time in seconds)".formatted(seconds), e);
    }
  }

  private static double number(Path file, String word) throws DatasetException {
    switch (word) {
      case "inf", "+inf" -> {
        return Double.POSITIVE_INFINITY;
      }
      case "-inf" -> {
        return Double.NEGATIVE_INFINITY;
      }
      case "nan", "-nan" -> {
        return Double.NaN;
      }
      default -> {
        try {
          return Double.parseDouble(word);
        } catch (NumberFormatException e) {
          throw new DatasetException(file, "'%s' (expected: a number)".formatted(word), e);
        }
      }
    }
  }
}
