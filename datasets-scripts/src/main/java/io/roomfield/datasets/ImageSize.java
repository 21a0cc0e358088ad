package io.roomfield.datasets;

/** Width and height in pixels. */
record ImageSize(int width, int height) {
  @Override
  public String toString() {
    return width + "x" + height;
  }
}
