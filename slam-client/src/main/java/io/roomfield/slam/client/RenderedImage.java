package io.roomfield.slam.client;

/**
 * The map seen from a pose.
 *
 * @param depthMetres {@code [height, width]} along the optical axis; 0 where nothing is hit
 * @param rgb {@code [height, width, 3]}
 */
@SuppressWarnings("ArrayRecordComponent") // compared by identity, never by value
public record RenderedImage(int width, int height, float[] depthMetres, byte[] rgb) {}
