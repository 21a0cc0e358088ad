package io.roomfield.slam.session;

import io.roomfield.geometry.PinholeCamera;
import io.roomfield.geometry.SE3;
import io.roomfield.slam.compute.ComputeBackend;
import io.roomfield.slam.config.SlamConfig;
import io.roomfield.slam.ingest.RgbdFrame;
import io.roomfield.slam.mapping.KeyframeStore;
import io.roomfield.slam.mapping.MapSnapshot;
import io.roomfield.slam.mapping.MappingResult;
import io.roomfield.slam.query.Trajectory;
import io.roomfield.slam.tracking.TrackingResult;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Tracker and mapper of one camera: a frame's whole life. (Skeleton; the engine is being written.)
 */
public final class SlamSystem implements Engine {
  /**
   * @param onMapped told of every mapping round, on the mapper's thread
   */
  @SuppressWarnings("UnusedVariable")
  public SlamSystem(
      SlamConfig config,
      PinholeCamera camera,
      SE3 initialWorldFromCamera,
      ComputeBackend backend,
      Consumer<MappingResult> onMapped) {}

  /**
   * Tracks a frame and hands it to the mapper. One thread at a time.
   *
   * @throws InterruptedException if the session is being closed
   * @throws IllegalStateException if the mapper has failed; the cause is its exception
   */
  @Override
  public TrackingResult processFrame(RgbdFrame frame) throws InterruptedException {
    return null;
  }

  /** Waits for the mapper, then runs the final refinement. No frame may follow. */
  @Override
  public void finish() throws InterruptedException {}

  @Override
  public Trajectory trajectory() {
    return new Trajectory(java.util.List.of());
  }

  @Override
  public KeyframeStore keyframes() {
    return new KeyframeStore();
  }

  /** The map as last published; empty before the first frame was mapped. */
  @Override
  public Optional<MapSnapshot> map() {
    return Optional.empty();
  }

  @Override
  public void close() {}
}
