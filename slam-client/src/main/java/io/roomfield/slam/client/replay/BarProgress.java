package io.roomfield.slam.client.replay;

import java.io.PrintWriter;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** A progress bar: for terminals. */
public final class BarProgress extends ReplayProgress {
  private static final int UPDATE_MILLIS = 250;

  private final PrintWriter out;
  private final ProgressBar bar;

  public BarProgress(PrintWriter out, String task, int total) {
    this.out = out;
    bar =
        new ProgressBarBuilder()
            .setTaskName(task)
            .setInitialMax(total)
            .setUpdateIntervalMillis(UPDATE_MILLIS)
            .setStyle(ProgressBarStyle.ASCII)
            .hideEta()
            .build();
  }

  @Override
  protected void show(int framesSettled, String state) {
    bar.stepTo(framesSettled);
    bar.setExtraMessage(state);
  }

  @Override
  public void tell(String sentence) {
    out.println(sentence);
    out.flush();
  }

  @Override
  public void close() {
    bar.close();
  }
}
