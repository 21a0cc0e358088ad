package io.roomfield.slam.client.replay;

import io.roomfield.datasets.RgbdDataset;
import io.roomfield.datasets.RgbdEntry;
import io.roomfield.geometry.PinholeCamera;
import io.roomfield.geometry.SE3;
import io.roomfield.geometry.ViewOverlap;
import io.roomfield.slam.client.MapOptions;
import io.roomfield.slam.client.PoseEstimate;
import io.roomfield.slam.client.SlamClient;
import io.roomfield.slam.client.eval.Anchors;
import io.roomfield.slam.client.eval.Relocalisation.Place;
import io.roomfield.slam.client.eval.Relocalisation.Trial;
import io.roomfield.slam.v1.Session;
import io.roomfield.slam.v1.SyncMode;
import io.roomfield.slam.v1.TrackingStatus;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The map of a session that is finished, in which cameras are switched on. */
public final class ReopenedMap {
  /**
   * Overlap is looked at on every fifth pixel in both directions, of which it takes every fourth.
   */
  private static final int PIXELS_PER_SAMPLE = 5;

  private final SlamClient client;
  private final String sessionId;
  private final Anchors anchors = new Anchors();
  private final List<View> views = new ArrayList<>();

  /** A frame that the map was made of, its depth subsampled. */
  private record View(int frame, SE3 truth, float[] depthMetres) {}

  /**
   * @param mapped the frames that the map was made of
   * @param result their replay
   * @throws IllegalArgumentException if none of them was tracked and has a true pose
   * @throws IOException if a frame's depth cannot be read
   */
  public ReopenedMap(SlamClient client, RgbdDataset mapped, ReplayResult result)
      throws IOException {
    this.client = client;
    sessionId = result.session().getSessionId();
    Map<Long, PoseEstimate> poses =
        result.trajectory().stream()
            .filter(pose -> pose.status() == TrackingStatus.TRACKING_STATUS_TRACKING)
            .collect(Collectors.toMap(PoseEstimate::sequenceNumber, Function.identity()));
    for (RgbdEntry frame : mapped.frames()) {
      PoseEstimate pose = poses.get((long) frame.index());
      if (pose != null && frame.worldFromCamera().isPresent()) {
        SE3 truth = frame.worldFromCamera().get();
        anchors.add(pose.worldFromCamera(), truth);
        views.add(new View(frame.index(), truth, depth(mapped, frame)));
      }
    }
    if (anchors.isEmpty()) {
      throw new IllegalArgumentException(
          "no frame of the map was tracked and has a true pose (expected: at least one)");
    }
  }

  /**
   * Switches a camera on: a session of its own in the map, which stays as it is.
   *
   * @param shown what the camera shows; its first frame has a true pose
   */
  public Trial switchOn(RgbdDataset shown, ReplayProgress progress)
      throws IOException, InterruptedException {
    Session session =
        client.openMap(
            new MapOptions(sessionId, shown.name(), true, SyncMode.SYNC_MODE_UNSPECIFIED));
    ReplayResult result = new Replay(client).run(shown, session, SendRate.FASTEST, progress);
    client.deleteSession(session.getSessionId());
    RgbdEntry first = shown.frames().getFirst();
    boolean isMapped = views.stream().anyMatch(view -> view.frame == first.index());
    double overlap = overlap(shown, first);
    return Trial.of(shown, Place.of(isMapped, overlap), overlap, result.firstPoses(), anchors);
  }

  private double overlap(RgbdDataset dataset, RgbdEntry frame) throws IOException {
    SE3 truth =
        frame
            .worldFromCamera()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "frame %d: no true pose (expected: one where a camera is switched on)"
                            .formatted(frame.index())));
    PinholeCamera camera = SubsampledView.of(dataset.camera(), PIXELS_PER_SAMPLE).camera();
    float[] depth = depth(dataset, frame);
    return views.stream()
        .mapToDouble(
            view ->
                ViewOverlap.share(
                    camera, depth, view.depthMetres, view.truth.inverse().times(truth)))
        .max()
        .orElseThrow();
  }

  private static float[] depth(RgbdDataset dataset, RgbdEntry frame) throws IOException {
    return SubsampledView.of(dataset.camera(), PIXELS_PER_SAMPLE)
        .sample(ReplayEvaluation.sensorMetres(dataset, frame));
  }
}
