package io.roomfield.datasets;

import io.roomfield.datasets.Disturbance.Kind;
import io.roomfield.geometry.PinholeCamera;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * A sequence in which things go wrong at known places. Indices and timestamps increase as those of
 * the recording do; true poses stay with the images that show what they see.
 *
 * @param sent the sequence with its disturbances, encoded as RGB8 and RAW16 where images changed
 * @param reference the same frames in the same order, their images as recorded: what a map is to be
 *     measured by
 * @param intervals where the disturbances are, in order; at least {@value #FRAMES_AFTER}
 *     undisturbed frames follow each, and none is in the first 20
 */
public record DisturbedDataset(RgbdDataset sent, RgbdDataset reference, List<Interval> intervals) {
  /** Undisturbed frames after each disturbance, for tracking to recover in: a second. */
  public static final int FRAMES_AFTER = 30;

  public DisturbedDataset {
    intervals = List.copyOf(intervals);
  }

  /** A sequence in which nothing goes wrong. */
  public static DisturbedDataset undisturbed(RgbdDataset dataset) {
    return new DisturbedDataset(dataset, dataset, List.of());
  }

  /**
   * Disturbs a sequence at random places.
   *
   * @param seed of the places, orders and directions
   * @throws IllegalArgumentException if the sequence is too short, or true poses are missing that a
   *     moving object needs
   * @throws IOException if the depth that places a moving object cannot be read
   */
  public static DisturbedDataset of(RgbdDataset clean, List<Disturbance> disturbances, long seed)
      throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    List<Place> places = Place.draw(disturbances, clean.frames().size(), random);
    List<RgbdEntry> reference = reordered(clean.frames(), places, random);
    List<RgbdEntry> sent = new ArrayList<>(reference);
    List<Interval> intervals = new ArrayList<>();
    for (Place place : places) {
      List<RgbdEntry> disturbed = sent.subList(place.start(), place.end());
      Optional<ImageDisturbance> change = imageDisturbance(place.kind(), clean, disturbed, random);
      change.ifPresent(c -> disturbed.replaceAll(frame -> changed(clean, frame, c)));
      intervals.add(
          new Interval(
              place.kind(), sent.get(place.start()).index(), sent.get(place.end()).index()));
    }
    removeGaps(sent, places);
    removeGaps(reference, places);
    return new DisturbedDataset(clean.withFrames(sent), clean.withFrames(reference), intervals);
  }

  /** The frames as kidnappings and shuffles leave them; gaps are still there. */
  private static List<RgbdEntry> reordered(
      List<RgbdEntry> recorded, List<Place> places, SplittableRandom random) {
    int kept =
        recorded.size()
            - places.stream().filter(p -> p.kind() == Kind.KIDNAP).mapToInt(Place::length).sum();
    List<Integer> shown = new ArrayList<>();
    for (int i = 0; i < kept; i++) {
      shown.add(i);
    }
    for (Place place : places) {
      if (place.kind() == Kind.KIDNAP) {
        boolean back = shown.get(place.start()) >= place.length() && random.nextBoolean();
        int jump = back ? -place.length() : place.length();
        shown.subList(place.start(), kept).replaceAll(i -> i + jump);
      } else if (place.kind() == Kind.SHUFFLE) {
        Collections.shuffle(shown.subList(place.start(), place.end()), random);
      }
    }
    List<RgbdEntry> frames = new ArrayList<>();
    for (int i = 0; i < kept; i++) {
      frames.add(recorded.get(i).showing(recorded.get(shown.get(i))));
    }
    return frames;
  }

  private static void removeGaps(List<RgbdEntry> frames, List<Place> places) {
    for (Place place : places.reversed()) {
      if (place.kind() == Kind.GAP) {
        frames.subList(place.start(), place.end()).clear();
      }
    }
  }

  private static Optional<ImageDisturbance> imageDisturbance(
      Kind kind, RgbdDataset clean, List<RgbdEntry> frames, SplittableRandom random)
      throws IOException {
    return switch (kind) {
      case BLACKOUT -> Optional.of(new Blackout(clean.camera().width(), clean.camera().height()));
      case BLUR -> Optional.of(new MotionBlur(clean.camera().width()));
      case OBJECT -> Optional.of(movingBox(clean, frames, random.nextBoolean()));
      case GAP, SHUFFLE, KIDNAP -> Optional.empty();
    };
  }

  /** Halfway through the frames the box is before the camera. */
  private static MovingBox movingBox(RgbdDataset clean, List<RgbdEntry> frames, boolean toTheRight)
      throws IOException {
    for (RgbdEntry frame : frames) {
      if (frame.worldFromCamera().isEmpty()) {
        throw new IllegalArgumentException(
            "frame %d: no true pose (expected: one for every frame with a moving object)"
                .formatted(frame.index()));
      }
    }
    RgbdEntry middle = frames.get(frames.size() / 2);
    return MovingBox.crossing(
        clean.camera(),
        middle.worldFromCamera().orElseThrow(),
        middle.timestampNanos(),
        DepthImages.metres(middle.depth().load(), clean.camera(), clean.depthScale()),
        toTheRight);
  }

  private static RgbdEntry changed(RgbdDataset clean, RgbdEntry frame, ImageDisturbance change) {
    return new RgbdEntry(
        frame.index(),
        frame.timestampNanos(),
        () -> ColourImages.raw(Pixels.of(clean, frame, change).rgb()),
        () -> DepthImages.raw(Pixels.of(clean, frame, change).depthMetres(), clean.depthScale()),
        frame.worldFromCamera());
  }

  /** A frame's images, disturbed. */
  private record Pixels(byte[] rgb, float[] depthMetres) {
    static Pixels of(RgbdDataset clean, RgbdEntry frame, ImageDisturbance change)
        throws IOException {
      PinholeCamera camera = clean.camera();
      Pixels pixels =
          new Pixels(
              ColourImages.rgb(frame.colour().load(), camera.width(), camera.height()),
              DepthImages.metres(frame.depth().load(), camera, clean.depthScale()));
      change.apply(frame, pixels.rgb, pixels.depthMetres);
      return pixels;
    }
  }
}
