package io.roomfield.slam.query;

/**
 * A view of the map.
 *
 * @param width pixels
 * @param height pixels
 * @param depthMetres {@code [height, width]} along the optical axis; 0 where nothing is hit
 * @param rgb {@code [height, width, 3]} bytes
 */
@SuppressWarnings("ArrayRecordComponent") // compared by identity, never by value
public record RenderedImage(int width, int height, float[] depthMetres, byte[] rgb) {}
