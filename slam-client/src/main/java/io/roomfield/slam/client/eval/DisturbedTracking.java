package io.roomfield.slam.client.eval;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.roomfield.datasets.DisturbedDataset;
import io.roomfield.datasets.Interval;
import io.roomfield.datasets.RgbdEntry;
import io.roomfield.slam.client.PoseEstimate;
import io.roomfield.slam.v1.TrackingStatus;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What tracking said and did where a sequence was disturbed. Poses are judged as they were reported
 * when their frames were tracked, and relative to the map ({@link Anchors}): by the earlier frames
 * that were tracked right and undisturbed (not in an interval or the {@value
 * DisturbedDataset#FRAMES_AFTER} frames after).
 *
 * @param falseTracking frames of the whole sequence with status TRACKING whose pose is more than 10
 *     cm or 5 degrees from the true one
 * @param kinds by the disturbance's kind
 */
@JsonNaming(SnakeCaseStrategy.class)
public record DisturbedTracking(int falseTracking, SortedMap<String, Outcome> kinds) {
  /**
   * Of one kind of disturbance.
   *
   * @param places where it happened
   * @param during over the frames of its intervals
   * @param after over the {@value DisturbedDataset#FRAMES_AFTER} frames after each interval
   * @param recoveries places after which one of those frames had status TRACKING and a pose within
   *     5 cm and 2 degrees of the true one
   */
  @JsonNaming(SnakeCaseStrategy.class)
  public record Outcome(int places, Statuses during, Statuses after, int recoveries) {
    private Outcome plus(Outcome o) {
      return new Outcome(
          places + o.places, during.plus(o.during), after.plus(o.after), recoveries + o.recoveries);
    }
  }

  /**
   * How many frames had which status.
   *
   * @param noPose refused or dropped by the server
   */
  @JsonNaming(SnakeCaseStrategy.class)
  public record Statuses(int tracking, int uncertain, int lost, int noPose) {
    private Statuses plus(Statuses o) {
      return new Statuses(
          tracking + o.tracking, uncertain + o.uncertain, lost + o.lost, noPose + o.noPose);
    }
  }

  /** A frame that was sent, what came back, and how far that is off. */
  private record Judged(int index, Optional<TrackingStatus> status, Optional<PoseError> error) {
    boolean tracking() {
      return status.filter(s -> s == TrackingStatus.TRACKING_STATUS_TRACKING).isPresent();
    }
  }

  /**
   * Judges a run of a disturbed sequence.
   *
   * @param answers poses as reported when their frames were tracked; the sequence numbers are the
   *     frames' indices
   * @throws IllegalArgumentException if no frame before the first disturbance was tracked and has a
   *     true pose
   */
  public static DisturbedTracking of(DisturbedDataset sequence, List<PoseEstimate> answers) {
    List<Judged> frames = judged(sequence, answers);
    SortedMap<String, Outcome> kinds = new TreeMap<>();
    for (Interval interval : sequence.intervals()) {
      kinds.merge(interval.kind().toString(), outcome(interval, frames), Outcome::plus);
    }
    long wrong =
        frames.stream()
            .filter(
                f -> f.tracking() && f.error().filter(e -> !e.within(PoseError.WRONG)).isPresent())
            .count();
    return new DisturbedTracking((int) wrong, kinds);
  }

  private static Outcome outcome(Interval interval, List<Judged> frames) {
    List<Judged> during =
        frames.stream()
            .filter(f -> f.index() >= interval.first() && f.index() < interval.last())
            .toList();
    List<Judged> after =
        frames.stream()
            .filter(f -> f.index() >= interval.last())
            .limit(DisturbedDataset.FRAMES_AFTER)
            .toList();
    boolean recovered =
        after.stream()
            .anyMatch(
                f -> f.tracking() && f.error().filter(e -> e.within(PoseError.RIGHT)).isPresent());
    return new Outcome(1, statuses(during), statuses(after), recovered ? 1 : 0);
  }

  private static Statuses statuses(List<Judged> frames) {
    return new Statuses(
        count(frames, TrackingStatus.TRACKING_STATUS_TRACKING),
        count(frames, TrackingStatus.TRACKING_STATUS_UNCERTAIN),
        count(frames, TrackingStatus.TRACKING_STATUS_LOST),
        (int) frames.stream().filter(f -> f.status().isEmpty()).count());
  }

  private static int count(List<Judged> frames, TrackingStatus status) {
    return (int) frames.stream().filter(f -> f.status().filter(status::equals).isPresent()).count();
  }

  private static List<Judged> judged(DisturbedDataset sequence, List<PoseEstimate> answers) {
    Map<Long, PoseEstimate> byNumber = new HashMap<>();
    answers.forEach(answer -> byNumber.put(answer.sequenceNumber(), answer));
    Anchors anchors = new Anchors();
    List<Judged> frames = new ArrayList<>();
    for (RgbdEntry frame : sequence.sent().frames()) {
      Optional<PoseEstimate> answer = Optional.ofNullable(byNumber.get((long) frame.index()));
      boolean calm = sequence.intervals().stream().noneMatch(i -> disturbs(i, frame.index()));
      if (!calm && anchors.isEmpty()) {
        throw new IllegalArgumentException(
            "no frame before frame %d, in the first disturbance, was tracked and has a true pose (expected: at least one)"
                .formatted(frame.index()));
      }
      Optional<PoseError> error =
          answer.flatMap(
              a -> frame.worldFromCamera().map(t -> anchors.error(a.worldFromCamera(), t)));
      Judged judged = new Judged(frame.index(), answer.map(PoseEstimate::status), error);
      frames.add(judged);
      if (calm && judged.tracking() && error.filter(e -> e.within(PoseError.WRONG)).isPresent()) {
        anchors.add(answer.get().worldFromCamera(), frame.worldFromCamera().orElseThrow());
      }
    }
    return frames;
  }

  private static boolean disturbs(Interval interval, int frame) {
    return frame >= interval.first() && frame < interval.last() + DisturbedDataset.FRAMES_AFTER;
  }
}
