package io.roomfield.slam.client.report;

import io.roomfield.slam.v1.TrackingStatus;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What tracking made of a sequence, in plain words. */
final class StatusText {
  private StatusText() {}

  /** Sentences, one a paragraph. */
  static List<String> of(List<FrameReport> frames) {
    List<Long> uncertain = numbers(frames, TrackingStatus.TRACKING_STATUS_UNCERTAIN);
    List<Long> lost = numbers(frames, TrackingStatus.TRACKING_STATUS_LOST);
    if (frames.isEmpty()) {
      return List.of("No frame was tracked.");
    }
    if (uncertain.isEmpty() && lost.isEmpty()) {
      return List.of("Every one of the %d frames was tracked.".formatted(frames.size()));
    }
    List<String> text = new ArrayList<>();
    text.add(
        "%d of %d frames were tracked well."
            .formatted(frames.size() - uncertain.size() - lost.size(), frames.size()));
    if (!uncertain.isEmpty()) {
      text.add(
          "Uncertain: %s. There is a pose, but the map explains the frame badly or leaves a direction open; take it with care."
              .formatted(listed(uncertain)));
    }
    if (!lost.isEmpty()) {
      text.add(
          "Lost: %s. The pose is a guess that the camera went on as before; a lost frame does not change the map."
              .formatted(listed(lost)));
    }
    reasons(frames)
        .forEach(
            (reason, numbers) -> text.add("Reason for %s: %s.".formatted(listed(numbers), reason)));
    return text;
  }

  private static List<Long> numbers(List<FrameReport> frames, TrackingStatus status) {
    return frames.stream()
        .filter(f -> f.status() == status)
        .map(FrameReport::sequenceNumber)
        .toList();
  }

  private static Map<String, List<Long>> reasons(List<FrameReport> frames) {
    Map<String, List<Long>> reasons = new LinkedHashMap<>();
    for (FrameReport frame : frames) {
      if (!frame.statusReason().isEmpty()) {
        reasons
            .computeIfAbsent(frame.statusReason(), r -> new ArrayList<>())
            .add(frame.sequenceNumber());
      }
    }
    return reasons;
  }

  /** "frame 7" or "4 frames (1, 3-5)". */
  private static String listed(List<Long> numbers) {
    List<String> runs = new ArrayList<>();
    for (int start = 0; start < numbers.size(); ) {
      int end = start;
      while (end + 1 < numbers.size() && numbers.get(end + 1) == numbers.get(end) + 1) {
        end++;
      }
      String last = end > start ? "-" + numbers.get(end) : "";
      runs.add(numbers.get(start) + last);
      start = end + 1;
    }
    return numbers.size() == 1
        ? "frame " + numbers.getFirst()
        : "%d frames (%s)".formatted(numbers.size(), String.join(", ", runs));
  }
}
