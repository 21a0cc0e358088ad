package io.roomfield.slam.client.eval;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.roomfield.datasets.DisturbedDataset;
import io.roomfield.datasets.Interval;
import io.roomfield.datasets.RgbdEntry;
import io.roomfield.geometry.SE3;
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
 * when their frames were tracked. Their world is taken into the truth's by the rigid alignment of
 * the whole poses before the first disturbance ({@link RigidAlignment#ofPoses}), at least 20
 * frames, and not of all: a trajectory that came back in the wrong place must not pull the
 * alignment along. So drift counts as error too; a run of the undisturbed sequence tells how much
 * there is.
 *
 * @param falseTracking frames of the whole sequence with status TRACKING whose pose is more than 10
 *     cm or 5 degrees from the true one
 * @param kinds by the disturbance's kind
 */
@JsonNaming(SnakeCaseStrategy.class)
public record DisturbedTracking(int falseTracking, SortedMap<String, Outcome> kinds) {
  private static final PoseError WRONG = new PoseError(0.10, Math.toRadians(5));
  private static final PoseError RIGHT = new PoseError(0.05, Math.toRadians(2));

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

  /** Distance from the true position in metres, and angle from the true orientation in radians. */
  private record PoseError(double metres, double radians) {
    boolean within(PoseError bound) {
      return metres <= bound.metres && radians <= bound.radians;
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
   * @throws IllegalArgumentException if no pose before the first disturbance has a true one
   */
  public static DisturbedTracking of(DisturbedDataset sequence, List<PoseEstimate> answers) {
    List<Judged> frames = judged(sequence, answers);
    SortedMap<String, Outcome> kinds = new TreeMap<>();
    for (Interval interval : sequence.intervals()) {
      kinds.merge(interval.kind().toString(), outcome(interval, frames), Outcome::plus);
    }
    long wrong =
        frames.stream()
            .filter(f -> f.tracking() && f.error().filter(e -> !e.within(WRONG)).isPresent())
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
            .anyMatch(f -> f.tracking() && f.error().filter(e -> e.within(RIGHT)).isPresent());
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
    SE3 truthFromSession = alignment(sequence, byNumber);
    List<Judged> frames = new ArrayList<>();
    for (RgbdEntry frame : sequence.sent().frames()) {
      Optional<PoseEstimate> answer = Optional.ofNullable(byNumber.get((long) frame.index()));
      frames.add(
          new Judged(
              frame.index(),
              answer.map(PoseEstimate::status),
              answer.flatMap(
                  a ->
                      frame
                          .worldFromCamera()
                          .map(t -> error(truthFromSession.times(a.worldFromCamera()), t)))));
    }
    return frames;
  }

  private static PoseError error(SE3 estimate, SE3 truth) {
    SE3 difference = truth.inverse().times(estimate);
    return new PoseError(difference.translationNorm(), difference.rotationAngle());
  }

  private static SE3 alignment(DisturbedDataset sequence, Map<Long, PoseEstimate> answers) {
    int firstDisturbed =
        sequence.intervals().stream().mapToInt(Interval::first).min().orElse(Integer.MAX_VALUE);
    List<RgbdEntry> matched =
        sequence.sent().frames().stream()
            .filter(f -> f.index() < firstDisturbed)
            .filter(f -> f.worldFromCamera().isPresent() && answers.containsKey((long) f.index()))
            .toList();
    if (matched.isEmpty()) {
      throw new IllegalArgumentException(
          "no frame before the first disturbance, frame %d, has both a pose and a true one (expected: at least one)"
              .formatted(firstDisturbed));
    }
    return RigidAlignment.ofPoses(
        matched.stream().map(f -> answers.get((long) f.index()).worldFromCamera()).toList(),
        matched.stream().map(f -> f.worldFromCamera().orElseThrow()).toList());
  }
}
