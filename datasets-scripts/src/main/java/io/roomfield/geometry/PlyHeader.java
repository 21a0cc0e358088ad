package io.roomfield.geometry;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The text head of a PLY file (Greg Turk's format, 1.0).
 *
 * @param binary little-endian binary; otherwise ascii
 * @param elements in the file's order
 * @param bodyOffset byte at which the first element starts
 */
record PlyHeader(boolean binary, List<Element> elements, int bodyOffset) {
  private static final String END = "end_header";

  /** A number's type under its old and new name, and its size in binary files. */
  enum NumberType {
    INT8("char", 1),
    UINT8("uchar", 1),
    INT16("short", 2),
    UINT16("ushort", 2),
    INT32("int", 4),
    UINT32("uint", 4),
    FLOAT32("float", 4),
    FLOAT64("double", 8);

    private final String oldName;
    final int bytes;

    NumberType(String oldName, int bytes) {
      this.oldName = oldName;
      this.bytes = bytes;
    }

    private static NumberType of(String name) throws IOException {
      for (NumberType type : values()) {
        if (type.oldName.equals(name) || type.name().toLowerCase(Locale.ROOT).equals(name)) {
          return type;
        }
      }
      throw new IOException("number type '%s' (expected: float, uchar, int, ...)".formatted(name));
    }
  }

  /**
   * @param countType type of a list's length; null where the property is one number
   */
  record Property(String name, NumberType countType, NumberType type) {
    boolean isList() {
      return countType != null;
    }
  }

  /** {@code count} rows, each with one value (or list) per property. */
  record Element(String name, int count, List<Property> properties) {
    /** The fewest bytes that a row can take in the file. */
    int minRowBytes(boolean binary) {
      int bytes = 0;
      for (Property property : properties) {
        NumberType first = property.isList() ? property.countType : property.type;
        bytes += binary ? first.bytes : 2; // a digit and a blank
      }
      return bytes;
    }
  }

  /**
   * Reads the header at the start of {@code file}.
   *
   * @throws IOException telling what was expected and what came
   */
  static PlyHeader parse(byte[] file) throws IOException {
    boolean binary = false;
    List<Element> elements = new ArrayList<>();
    int offset = 0;
    for (int number = 1; ; number++) {
      int end = lineEnd(file, offset);
      String line = new String(file, offset, end - offset, StandardCharsets.US_ASCII).strip();
      offset = end + 1;
      if (number == 1) {
        expect("ply".equals(line), "first line", "ply", line);
      } else if (number == 2) {
        binary = parseFormat(line);
      } else if (line.equals(END)) {
        return new PlyHeader(binary, List.copyOf(elements), offset);
      } else {
        parseLine(line, elements);
      }
    }
  }

  private static int lineEnd(byte[] file, int start) throws IOException {
    for (int i = start; i < file.length; i++) {
      if (file[i] == '\n') {
        return i;
      }
    }
    throw new IOException("the file ends inside its header (expected: a line '" + END + "')");
  }

  private static boolean parseFormat(String line) throws IOException {
    boolean binary = line.equals("format binary_little_endian 1.0");
    expect(
        binary || line.equals("format ascii 1.0"),
        "second line",
        "format binary_little_endian 1.0 or format ascii 1.0",
        line);
    return binary;
  }

  private static void parseLine(String line, List<Element> elements) throws IOException {
    String[] words = line.split("\\s+", -1);
    switch (words[0]) {
      case "comment", "obj_info" -> {}
      case "element" -> {
        expect(words.length == 3, "header line", "element NAME COUNT", line);
        elements.add(new Element(words[1], parseCount(line, words[2]), new ArrayList<>()));
      }
      case "property" -> {
        boolean list = words.length == 5 && words[1].equals("list");
        expect(
            !elements.isEmpty() && (list || words.length == 3),
            "header line",
            "property TYPE NAME, or property list TYPE TYPE NAME, after an element",
            line);
        NumberType countType = list ? NumberType.of(words[2]) : null;
        NumberType type = NumberType.of(words[words.length - 2]);
        elements.getLast().properties().add(new Property(words[words.length - 1], countType, type));
      }
      default ->
          expect(false, "header line", "element, property, comment, obj_info or " + END, line);
    }
  }

  private static int parseCount(String line, String word) throws IOException {
    try {
      int count = Integer.parseInt(word);
      expect(count >= 0, "header line", "a count of 0 or more", line);
      return count;
    } catch (NumberFormatException e) {
      throw new IOException("header line: '%s' (expected: element NAME COUNT)".formatted(line), e);
    }
  }

  private static void expect(boolean ok, String what, String expected, String came)
      throws IOException {
    if (!ok) {
      throw new IOException("%s: '%s' (expected: %s)".formatted(what, came, expected));
    }
  }
}
