package io.roomfield.datasets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.roomfield.datasets.Disturbance.Kind;
import io.roomfield.geometry.PinholeCamera;
import io.roomfield.geometry.SE3;
import io.roomfield.geometry.SupportedDepth;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class DisturbedDatasetTest {
  private static final PinholeCamera CAMERA = new PinholeCamera(64, 48, 50, 50, 31.5, 23.5);
  private static final double DEPTH_SCALE = 1000;
  private static final int FRAMES = 400;
  private static final long FRAME_NANOS = 33_000_000;
  private static final float WALL_METRES = 3;

  @ParameterizedTest
  @EnumSource(Kind.class)
  void placesAreApartAndKnown(Kind kind) throws IOException {
    for (long seed = 0; seed < 50; seed++) {
      DisturbedDataset disturbed = disturbed(seed, new Disturbance(kind, 10, 3));
      assertThat(disturbed.intervals()).hasSize(3).allMatch(i -> i.kind() == kind);
      int free = 20;
      for (Interval interval : disturbed.intervals()) {
        assertThat(interval.first()).isGreaterThanOrEqualTo(free);
        assertThat(interval.last() - interval.first()).isEqualTo(kind == Kind.KIDNAP ? 0 : 10);
        free = interval.last() + DisturbedDataset.FRAMES_AFTER;
      }
      List<RgbdEntry> frames = disturbed.sent().frames();
      assertThat(frames.getLast().index()).isGreaterThanOrEqualTo(free - 1);
      assertThat(indices(disturbed.reference())).isEqualTo(indices(disturbed.sent()));
      for (RgbdEntry frame : frames) {
        assertThat(frame.timestampNanos()).isEqualTo(frame.index() * FRAME_NANOS);
      }
      assertThat(indices(disturbed.sent())).isSorted().doesNotHaveDuplicates();
    }
  }

  @Test
  void placesDependOnTheSeedAlone() throws IOException {
    Disturbance blackout = new Disturbance(Kind.BLACKOUT, 10, 3);
    List<Interval> places = disturbed(1, blackout).intervals();
    assertThat(disturbed(1, blackout).intervals()).isEqualTo(places);
    assertThat(disturbed(2, blackout).intervals()).isNotEqualTo(places);
  }

  @Test
  void severalKindsShareASequence() throws IOException {
    DisturbedDataset disturbed =
        disturbed(
            3,
            new Disturbance(Kind.GAP, 20, 1),
            new Disturbance(Kind.KIDNAP, 60, 2),
            new Disturbance(Kind.SHUFFLE, 5, 1),
            new Disturbance(Kind.BLACKOUT, 7, 1));
    assertThat(disturbed.intervals())
        .extracting(Interval::kind)
        .containsExactlyInAnyOrder(Kind.GAP, Kind.KIDNAP, Kind.KIDNAP, Kind.SHUFFLE, Kind.BLACKOUT);
    for (RgbdEntry frame : disturbed.sent().frames()) {
      boolean black =
          disturbed.intervals().stream()
              .anyMatch(i -> i.kind() == Kind.BLACKOUT && contains(i, frame.index()));
      byte colour = rgb(frame)[0];
      assertThat(colour == 0).isEqualTo(black);
      assertThat(black || colour == shade(shown(frame))).as("truth moves with images").isTrue();
    }
  }

  @Test
  void aGapTakesFramesOut() throws IOException {
    DisturbedDataset disturbed = disturbed(1, new Disturbance(Kind.GAP, 30, 2));
    assertThat(disturbed.sent().frames()).hasSize(FRAMES - 60);
    for (Interval gap : disturbed.intervals()) {
      assertThat(indices(disturbed.sent()))
          .contains(gap.first() - 1, gap.last())
          .noneMatch(i -> contains(gap, i));
    }
    assertThat(disturbed.sent().frames()).allMatch(frame -> shown(frame) == frame.index());
  }

  @Test
  void aShuffleKeepsTheFramesOfItsStretch() throws IOException {
    DisturbedDataset disturbed = disturbed(1, new Disturbance(Kind.SHUFFLE, 20, 1));
    Interval stretch = disturbed.intervals().getFirst();
    List<Integer> inside = new ArrayList<>();
    for (RgbdEntry frame : disturbed.sent().frames()) {
      if (contains(stretch, frame.index())) {
        inside.add(shown(frame));
      } else {
        assertThat(shown(frame)).isEqualTo(frame.index());
      }
    }
    List<Integer> before = IntStream.range(stretch.first(), stretch.last()).boxed().toList();
    assertThat(inside).isNotEqualTo(before).containsExactlyInAnyOrderElementsOf(before);
  }

  @Test
  void aKidnappingGoesOnElsewhere() throws IOException {
    List<Integer> jumps = new ArrayList<>();
    for (long seed = 0; seed < 20; seed++) {
      DisturbedDataset disturbed = disturbed(seed, new Disturbance(Kind.KIDNAP, 50, 1));
      int place = disturbed.intervals().getFirst().first();
      List<RgbdEntry> frames = disturbed.sent().frames();
      assertThat(frames).hasSize(FRAMES - 50);
      int jump = shown(frames.get(place)) - place;
      for (RgbdEntry frame : frames) {
        assertThat(shown(frame)).isEqualTo(frame.index() + (frame.index() < place ? 0 : jump));
      }
      jumps.add(jump);
    }
    assertThat(jumps).contains(50, -50).allMatch(jump -> Math.abs(jump) == 50);
  }

  @Test
  void aBlackoutLeavesASpeckThatTheServerTakes() throws IOException {
    DisturbedDataset disturbed = disturbed(1, new Disturbance(Kind.BLACKOUT, 10, 1));
    RgbdEntry frame = frame(disturbed.sent(), disturbed.intervals().getFirst().first());
    assertThat(rgb(frame)).containsOnly(0);
    float[] readings = readings(frame);
    assertThat(IntStream.range(0, readings.length).filter(i -> readings[i] > 0)).hasSize(9);
    assertThat(SupportedDepth.of(readings, CAMERA.width(), CAMERA.height())).contains(WALL_METRES);
    RgbdEntry reference = frame(disturbed.reference(), frame.index());
    assertThat(readings(reference)).containsOnly(WALL_METRES);
  }

  @Test
  void imagesOutsideOfIntervalsAreUntouched() throws IOException {
    RgbdDataset clean = dataset(FRAMES);
    DisturbedDataset disturbed =
        DisturbedDataset.of(clean, List.of(new Disturbance(Kind.BLUR, 10, 1)), 1);
    Interval interval = disturbed.intervals().getFirst();
    for (RgbdEntry frame : disturbed.sent().frames()) {
      boolean same = frame.colour() == clean.frames().get(frame.index()).colour();
      assertThat(same).isEqualTo(!contains(interval, frame.index()));
    }
  }

  @Test
  void aMovingObjectCrossesTheView() throws IOException {
    DisturbedDataset disturbed = disturbed(1, new Disturbance(Kind.OBJECT, 31, 1));
    int middle = disturbed.intervals().getFirst().first() + 15;
    float[] depth = readings(frame(disturbed.sent(), middle));
    // At 0.6 of the wall's 3 m; half the diagonal of 40 cm is 0.35 m.
    float atCentre = depth[24 * CAMERA.width() + 32];
    assertThat(atCentre).isBetween(1.8f - 0.35f, 1.8f - 0.2f);
    assertThat(depth).contains(WALL_METRES);
  }

  @Test
  void aSequenceThatIsTooShortIsRefused() {
    assertThatThrownBy(
            () -> DisturbedDataset.of(dataset(199), List.of(Disturbance.parse("blur:30x3")), 1))
        .hasMessage(
            "disturb: [blur:30x3] in 199 frames"
                + " (expected: at least 200 frames, 30 after each disturbance)");
  }

  @Test
  void aMovingObjectNeedsTruePoses() {
    RgbdDataset clean = dataset(FRAMES);
    RgbdDataset withoutTruth =
        clean.withFrames(
            clean.frames().stream()
                .map(
                    f ->
                        new RgbdEntry(
                            f.index(), f.timestampNanos(), f.colour(), f.depth(), Optional.empty()))
                .toList());
    assertThatThrownBy(
            () -> DisturbedDataset.of(withoutTruth, List.of(Disturbance.parse("object:30x1")), 1))
        .hasMessageMatching(
            "frame \\d+: no true pose \\(expected: one for every frame with a moving object\\)");
  }

  @Test
  void readsWhatPeopleWrite() {
    assertThat(Disturbance.parse("kidnap:200x2")).isEqualTo(new Disturbance(Kind.KIDNAP, 200, 2));
    assertThat(Disturbance.parse("gap:30x1")).hasToString("gap:30x1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "blackout", "blackout:30", "blackout:0x3", "fog:30x3", "blur:3x0", "BLUR:1x1"})
  void saysWhatIsExpected(String text) {
    assertThatThrownBy(() -> Disturbance.parse(text))
        .hasMessage(
            "disturb: "
                + text
                + " (expected: KIND:LENGTHxCOUNT such as blackout:30x3, both numbers > 0,"
                + " the kind one of gap, blackout, blur, shuffle, object, kidnap)");
  }

  private static DisturbedDataset disturbed(long seed, Disturbance... disturbances)
      throws IOException {
    return DisturbedDataset.of(dataset(FRAMES), List.of(disturbances), seed);
  }

  /** Frame i is at x = i mm before a wall, and its colour tells i. */
  private static RgbdDataset dataset(int frames) {
    int pixels = CAMERA.width() * CAMERA.height();
    List<RgbdEntry> entries = new ArrayList<>();
    for (int i = 0; i < frames; i++) {
      byte[] rgb = new byte[3 * pixels];
      Arrays.fill(rgb, shade(i));
      float[] metres = new float[pixels];
      Arrays.fill(metres, WALL_METRES);
      entries.add(
          new RgbdEntry(
              i,
              i * FRAME_NANOS,
              () -> ColourImages.raw(rgb),
              () -> DepthImages.raw(metres, DEPTH_SCALE),
              Optional.of(new SE3(1, 0, 0, 0, 1, 0, 0, 0, 1, i / 1000.0, 0, 0))));
    }
    return new RgbdDataset("wall", CAMERA, DEPTH_SCALE, entries, Optional.empty());
  }

  /** Never black. */
  private static byte shade(int frame) {
    return (byte) (1 + frame % 255);
  }

  /** Which frame's true pose it is. */
  private static int shown(RgbdEntry frame) {
    return (int) Math.round(frame.worldFromCamera().orElseThrow().tx() * 1000);
  }

  private static boolean contains(Interval interval, int index) {
    return index >= interval.first() && index < interval.last();
  }

  private static RgbdEntry frame(RgbdDataset dataset, int index) {
    return dataset.frames().stream().filter(f -> f.index() == index).findAny().orElseThrow();
  }

  private static List<Integer> indices(RgbdDataset dataset) {
    return dataset.frames().stream().map(RgbdEntry::index).toList();
  }

  private static byte[] rgb(RgbdEntry frame) throws IOException {
    return ColourImages.rgb(frame.colour().load(), CAMERA.width(), CAMERA.height());
  }

  private static float[] readings(RgbdEntry frame) throws IOException {
    return DepthImages.metres(frame.depth().load(), CAMERA, DEPTH_SCALE);
  }
}
