package io.roomfield.datasets;

/**
 * Where a disturbance is in a sequence, in frames' {@linkplain RgbdEntry#index() indices}. Of a gap
 * no frame is left, and a kidnapping takes no time: {@code first == last}, the first frame after
 * the jump.
 *
 * @param kind what happens
 * @param first index of the first frame that is disturbed
 * @param last index past the last one
 */
public record Interval(Disturbance.Kind kind, int first, int last) {}
