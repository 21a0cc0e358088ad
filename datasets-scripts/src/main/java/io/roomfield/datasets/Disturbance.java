package io.roomfield.datasets;

import io.roomfield.geometry.InvalidValueException;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Something that goes wrong while a sequence is recorded, at several places of it; what {@link
 * DisturbedDataset} does.
 *
 * @param frames how long at each place; for {@link Kind#KIDNAP} how far the jump goes
 * @param places how often
 */
public record Disturbance(Kind kind, int frames, int places) {
  private static final Pattern TEXT = Pattern.compile("([a-z]+):(\\d{1,6})x(\\d{1,6})");

  /** What goes wrong. */
  public enum Kind {
    /** Frames are missing: the camera jumps ahead, and so does the clock. */
    GAP,
    /** Colour is black and depth has hardly a reading: see {@link Blackout}. */
    BLACKOUT,
    /** The camera turns fast: see {@link MotionBlur}. */
    BLUR,
    /** Frames come in random order; the clock goes on. */
    SHUFFLE,
    /** Something moves through the view: see {@link MovingBox}. Needs true poses. */
    OBJECT,
    /** The sequence goes on at an earlier or a later frame of the recording; the clock goes on. */
    KIDNAP;

    /** As people write it. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * @throws InvalidValueException if a number is not positive
   */
  public Disturbance {
    if (frames < 1 || places < 1) {
      throw invalid(text(kind, frames, places));
    }
  }

  /**
   * Reads {@code KIND:LENGTHxCOUNT} such as {@code blackout:30x3}: 30 frames at 3 places.
   *
   * @throws InvalidValueException if the text is anything else
   */
  public static Disturbance parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      throw invalid(text);
    }
    Kind kind =
        Arrays.stream(Kind.values())
            .filter(k -> k.toString().equals(matcher.group(1)))
            .findAny()
            .orElseThrow(() -> invalid(text));
    return new Disturbance(
        kind, Integer.parseInt(matcher.group(2)), Integer.parseInt(matcher.group(3)));
  }

  /** As {@link #parse} reads it. */
  @Override
  public String toString() {
    return text(kind, frames, places);
  }

  private static String text(Kind kind, int frames, int places) {
    return "%s:%dx%d".formatted(kind, frames, places);
  }

  private static InvalidValueException invalid(String text) {
    return new InvalidValueException(
        "disturb",
        text,
        "KIND:LENGTHxCOUNT such as blackout:30x3, both numbers > 0, the kind one of "
            + Arrays.stream(Kind.values()).map(Kind::toString).collect(Collectors.joining(", ")));
  }
}
