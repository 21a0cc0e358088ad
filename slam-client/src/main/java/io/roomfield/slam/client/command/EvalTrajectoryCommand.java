package io.roomfield.slam.client.command;

import io.roomfield.geometry.TimedPose;
import io.roomfield.geometry.TrajectoryFile;
import io.roomfield.slam.client.eval.AbsoluteTrajectoryError;
import io.roomfield.slam.client.eval.RelativePoseError;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code eval-trajectory}: a trajectory against the true one. */
@Command(
    name = "eval-trajectory",
    description = "Compare two trajectories in TUM format: ATE and RPE.",
    mixinStandardHelpOptions = true)
public final class EvalTrajectoryCommand implements Callable<Integer> {
  private static final double CM = 100;

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "ESTIMATE", description = "Estimated trajectory.")
  private Path estimateFile;

  @Parameters(paramLabel = "TRUTH", description = "True trajectory.")
  private Path truthFile;

  @Option(
      names = "--delta",
      paramLabel = "N",
      description = "Poses between the two ends of a relative motion (default: 1).")
  private int delta = 1;

  @Override
  public Integer call() throws Exception {
    List<TimedPose> estimate = TrajectoryFile.read(estimateFile);
    List<TimedPose> truth = TrajectoryFile.read(truthFile);
    AbsoluteTrajectoryError absolute = AbsoluteTrajectoryError.of(estimate, truth);
    RelativePoseError relative = RelativePoseError.of(estimate, truth, delta);
    PrintWriter out = spec.commandLine().getOut();
    out.printf("poses compared  %d of %d%n", absolute.pairs(), estimate.size());
    out.printf(
        "ATE             %.3f cm RMSE, %.3f cm mean, %.3f cm max (rigid alignment)%n",
        absolute.rmse() * CM, absolute.mean() * CM, absolute.max() * CM);
    out.printf(
        "RPE over %-6d %.3f cm, %.3f degrees RMSE%n",
        delta, relative.transRmse() * CM, Math.toDegrees(relative.rotRmse()));
    out.flush();
    return 0;
  }
}
