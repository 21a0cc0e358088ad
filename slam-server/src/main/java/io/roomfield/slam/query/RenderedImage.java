package io.roomfield.slam.query;

/**
 * The map as seen from a pose.
 *
 * @param depthMetres {@code [height, width]}; 0 where nothing is hit
 * @param rgb {@code [height, width, 3]}
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record RenderedImage(int width, int height, float[] depthMetres, byte[] rgb) {}
