package io.roomfield.slam.client.command;

import io.roomfield.geometry.PlyFile;
import io.roomfield.geometry.SE3;
import io.roomfield.slam.client.eval.MeshErrors;
import io.roomfield.slam.client.eval.MeshEvaluation;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code eval-mesh}: a mesh against the true surface. */
@Command(
    name = "eval-mesh",
    description = "Compare two meshes (PLY) in the same frame, whole surfaces.",
    mixinStandardHelpOptions = true)
public final class EvalMeshCommand implements Callable<Integer> {
  private static final double CM = 100;
  private static final double PERCENT = 100;

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "ESTIMATE", description = "Estimated mesh.")
  private Path estimateFile;

  @Parameters(paramLabel = "TRUTH", description = "True mesh.")
  private Path truthFile;

  @Override
  public Integer call() throws Exception {
    MeshErrors errors =
        new MeshEvaluation(PlyFile.read(estimateFile), PlyFile.read(truthFile), SE3.IDENTITY)
            .evaluate();
    PrintWriter out = spec.commandLine().getOut();
    out.printf("accuracy         %.3f cm%n", errors.accuracy() * CM);
    out.printf("completion       %.3f cm%n", errors.completion() * CM);
    out.printf("completion ratio %.2f %% (5 cm)%n", errors.completionRatio5cm() * PERCENT);
    out.printf("F1               %.2f %% (1 cm)%n", errors.f1At1cm() * PERCENT);
    out.flush();
    return 0;
  }
}
