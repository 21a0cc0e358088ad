package io.roomfield.slam.store;

import io.roomfield.slam.store.Rows.BlockRow;
import io.roomfield.slam.store.Rows.FrameRow;
import io.roomfield.slam.store.Rows.KeyframeRow;
import java.util.Iterator;
import java.util.List;

/**
 * What a checkpoint writes.
 *
 * @param sequenceNumber the last frame that it covers
 * @param state of the engine, JSON
 * @param blocks those that changed since the last checkpoint; drawn as they are written, so that no
 *     more than a few are there as bytes at a time
 * @param frames those whose record changed since the last checkpoint
 * @param keyframes all
 * @param finished whether the session takes no more frames
 */
public record Checkpoint(
    long sequenceNumber,
    String state,
    Iterator<BlockRow> blocks,
    List<FrameRow> frames,
    List<KeyframeRow> keyframes,
    boolean finished) {}
