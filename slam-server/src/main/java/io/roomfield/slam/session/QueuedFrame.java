package io.roomfield.slam.session;

import io.roomfield.slam.ingest.RgbdFrame;

/**
 * A frame that waits to be tracked.
 *
 * @param sinceNanos when it was put into the queue, as {@link System#nanoTime} says
 */
record QueuedFrame(RgbdFrame frame, long sinceNanos) {}
