package io.roomfield.slam.client.replay;

import java.io.PrintWriter;

/** A plain line every 25 frames: for logs and pipes. */
public final class LineProgress extends ReplayProgress {
  private static final int FRAMES_PER_LINE = 25;

  private final PrintWriter out;
  private final int total;

  public LineProgress(PrintWriter out, int total) {
    this.out = out;
    this.total = total;
  }

  @Override
  protected void show(int framesSettled, String state) {
    if (framesSettled % FRAMES_PER_LINE == 0 || framesSettled == total) {
      tell("frame %d/%d: %s".formatted(framesSettled, total, state));
    }
  }

  @Override
  public void tell(String sentence) {
    out.println(sentence);
    out.flush();
  }

  @Override
  public void close() {
    out.flush();
  }
}
