package io.roomfield.slam.client.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.roomfield.geometry.TimedPose;
import io.roomfield.slam.client.eval.AbsoluteTrajectoryError;
import java.util.List;
import java.util.Optional;

/**
 * All that {@link HtmlReport} shows.
 *
 * @param title the page's heading, such as the sequence's name
 * @param summary the {@code --json} report: every key becomes a row, in order
 * @param frames per tracked frame, in order
 * @param estimate estimated poses in the estimate's own world
 * @param truth true poses; empty where there is no ground truth
 * @param trajectoryError of estimate against truth; the page shows the estimate aligned by it
 * @param views sensor and map side by side
 * @param meshPictures pictures of the map's mesh
 */
public record ReportData(
    String title,
    ObjectNode summary,
    List<FrameReport> frames,
    List<TimedPose> estimate,
    List<TimedPose> truth,
    Optional<AbsoluteTrajectoryError> trajectoryError,
    List<ViewComparison> views,
    List<MeshPicture> meshPictures) {
  public ReportData {
    frames = List.copyOf(frames);
    estimate = List.copyOf(estimate);
    truth = List.copyOf(truth);
    views = List.copyOf(views);
    meshPictures = List.copyOf(meshPictures);
  }
}
