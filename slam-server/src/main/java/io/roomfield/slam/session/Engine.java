package io.roomfield.slam.session;

import io.roomfield.slam.ingest.RgbdFrame;
import io.roomfield.slam.mapping.KeptMap;
import io.roomfield.slam.mapping.KeyframeStore;
import io.roomfield.slam.mapping.MapSnapshot;
import io.roomfield.slam.mapping.MappingResult;
import io.roomfield.slam.query.Trajectory;
import io.roomfield.slam.tracking.TrackingDetail;
import io.roomfield.slam.tracking.TrackingResult;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.LongFunction;

/** What a session needs of tracker and mapper; {@link SlamSystem} is the one there is. */
public interface Engine extends AutoCloseable {
  /** Makes the engine of a new session. */
  @FunctionalInterface
  interface Factory {
    /**
     * @param onMapped to be told of every mapping round, on any thread
     */
    Engine open(SessionSettings settings, Consumer<MappingResult> onMapped);
  }

  /**
   * Tracks a frame and hands it to the mapper. One thread at a time.
   *
   * @throws InterruptedException if the session is being closed
   * @throws IllegalStateException if the mapper has failed; the cause is its exception
   */
  TrackingResult processFrame(RgbdFrame frame) throws InterruptedException;

  /**
   * Waits until all frames so far are mapped.
   *
   * @throws IllegalStateException if the mapper has failed
   */
  void awaitMapped() throws InterruptedException;

  /** Told before a frame whether others wait behind it. */
  void othersWait(boolean waiting);

  /** How the last frame was tracked. On the frames' thread. */
  TrackingDetail trackingDetail();

  /** Share of its time that the mapper may work, 0..1: less than 1 where tracking needs it. */
  double mappingShare();

  /** Weighs the session against others that share the compute; 1 until this is called. */
  default void weight(double weight) {}

  /** What was left out to keep up since this was last asked; for the frames' thread. */
  default Map<LoadShedding, Long> shed() {
    return Map.of();
  }

  /** Waits for the mapper, then runs the final refinement. No frame may follow. */
  void finish() throws InterruptedException;

  Trajectory trajectory();

  KeyframeStore keyframes();

  /** The map as last published; empty before the first frame was mapped. */
  Optional<MapSnapshot> map();

  /**
   * What another engine needs to go on after the frames so far. Between frames, on their thread.
   *
   * @param since stamp of the last time; blocks that have not changed since are left out
   * @return done when the mapper has come as far; fails where it has failed or is closed before
   */
  CompletableFuture<EngineState> capture(long since);

  /**
   * To be told that a state that was captured is on disk: what of the map has not changed since may
   * leave memory. On any thread.
   *
   * @param stamp the state's
   */
  void written(long stamp, KeptMap kept);

  /**
   * Goes on from there. Before the first frame.
   *
   * @param state with all poses and blocks
   * @param frames by sequence number: keyframes, and the last frame
   * @throws IllegalArgumentException if it is no state of such an engine
   */
  void restore(EngineState state, LongFunction<RgbdFrame> frames);

  @Override
  void close();
}
