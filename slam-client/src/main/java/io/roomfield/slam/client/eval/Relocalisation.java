package io.roomfield.slam.client.eval;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.roomfield.datasets.RgbdDataset;
import io.roomfield.datasets.RgbdEntry;
import io.roomfield.geometry.SE3;
import io.roomfield.slam.client.PoseEstimate;
import io.roomfield.slam.v1.TrackingStatus;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Whether cameras that were switched on in a map found themselves in it.
 *
 * @param dataset name of the sequence
 * @param mapFrames frames that the map was made of
 * @param places by where the cameras were switched on
 * @param trials one a camera
 */
@JsonNaming(SnakeCaseStrategy.class)
public record Relocalisation(
    String dataset, int mapFrames, SortedMap<Place, Outcome> places, List<Trial> trials) {

  /** Where a camera is switched on. */
  public enum Place {
    /** At a frame that the map was made of. */
    MAPPED_FRAME,
    /** At another one, that shares enough with one of those for a server to be certain. */
    MAPPED_PLACE,
    /** Anywhere else: not to find itself is right. */
    ELSEWHERE;

    /** With less, a server is never certain of a frame's pose ({@code PoseJudgement}). */
    private static final double KNOWN_OVERLAP = 0.4;

    /**
     * The place of a frame.
     *
     * @param isMapped whether the map was made of it
     * @param overlap share of its readings that lie on surfaces which the map's frame shows that
     *     shows most of them
     */
    public static Place of(boolean isMapped, double overlap) {
      if (isMapped) {
        return MAPPED_FRAME;
      }
      return overlap >= KNOWN_OVERLAP ? MAPPED_PLACE : ELSEWHERE;
    }
  }

  /**
   * One camera.
   *
   * @param firstFrame index of the first frame that it shows
   * @param overlap see {@link Place#of}
   * @param foundAfter how many frames it showed before the first one with status TRACKING and a
   *     pose within 5 cm and 2 degrees of the true one; null if there is none
   * @param tracking frames with that status
   * @param falseTracking those of them whose pose is more than 10 cm or 5 degrees from the true one
   */
  @JsonNaming(SnakeCaseStrategy.class)
  public record Trial(
      int firstFrame,
      Place place,
      double overlap,
      Integer foundAfter,
      int tracking,
      int falseTracking) {

    /**
     * Judges a camera's poses.
     *
     * @param shown what it showed
     * @param answers poses as reported when their frames were tracked; the sequence numbers are the
     *     frames' indices
     * @param map frames that the map was made of
     */
    public static Trial of(
        RgbdDataset shown, Place place, double overlap, List<PoseEstimate> answers, Anchors map) {
      Map<Long, SE3> tracked = new HashMap<>();
      answers.stream()
          .filter(answer -> answer.status() == TrackingStatus.TRACKING_STATUS_TRACKING)
          .forEach(answer -> tracked.put(answer.sequenceNumber(), answer.worldFromCamera()));
      Integer foundAfter = null;
      int wrong = 0;
      for (int i = 0; i < shown.frames().size(); i++) {
        RgbdEntry frame = shown.frames().get(i);
        SE3 pose = tracked.get((long) frame.index());
        if (pose != null && frame.worldFromCamera().isPresent()) {
          PoseError error = map.error(pose, frame.worldFromCamera().get());
          wrong += error.within(PoseError.WRONG) ? 0 : 1;
          foundAfter =
              foundAfter == null && error.within(PoseError.RIGHT) ? (Integer) i : foundAfter;
        }
      }
      int first = shown.frames().getFirst().index();
      return new Trial(first, place, overlap, foundAfter, tracked.size(), wrong);
    }
  }

  /**
   * Of several cameras.
   *
   * @param found those that found themselves
   * @param falseTracking frames with status TRACKING at a wrong pose
   */
  @JsonNaming(SnakeCaseStrategy.class)
  public record Outcome(int trials, int found, int falseTracking) {
    private Outcome plus(Outcome o) {
      return new Outcome(trials + o.trials, found + o.found, falseTracking + o.falseTracking);
    }
  }

  /** Counts trials by place. */
  public static Relocalisation of(String dataset, int mapFrames, List<Trial> trials) {
    SortedMap<Place, Outcome> places = new TreeMap<>();
    for (Trial trial : trials) {
      Outcome one = new Outcome(1, trial.foundAfter == null ? 0 : 1, trial.falseTracking);
      places.merge(trial.place, one, Outcome::plus);
    }
    return new Relocalisation(dataset, mapFrames, places, List.copyOf(trials));
  }
}
