package io.roomfield.rooms;

/** What a surface looks like, unlit, at each of its points. Stateless. */
@FunctionalInterface
public interface Texture {
  Colour colour(SurfacePoint point);
}
