package io.roomfield.slam.client.command;

import io.roomfield.geometry.PlyFile;
import io.roomfield.geometry.TriangleMesh;
import io.roomfield.slam.client.GlbFile;
import io.roomfield.slam.client.MeshOptions;
import io.roomfield.slam.client.SlamClient;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code mesh}: the surface of a running session. */
@Command(
    name = "mesh",
    description = "Extract the mesh of a running server's session to a PLY or GLB file.",
    mixinStandardHelpOptions = true)
public final class MeshCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Mixin private RunningServer server;

  @Option(names = "--session", required = true, paramLabel = "ID", description = "The session.")
  private String sessionId;

  @Option(
      names = "--output",
      required = true,
      paramLabel = "FILE",
      description = "The file to write; its extension says what: .ply or .glb.")
  private Path output;

  @Option(
      names = "--resolution",
      paramLabel = "M",
      description = "Edge of the lattice in metres, 0.005 to 0.5 (default: 0.02).")
  private double resolutionMetres = MeshOptions.DEFAULT_RESOLUTION_METRES;

  @Option(names = "--without-colours", description = "Leave vertex colours out (faster).")
  private boolean withoutColours;

  @Override
  public Integer call() throws Exception {
    String name = output.getFileName().toString().toLowerCase(Locale.ROOT);
    boolean glb = name.endsWith(".glb");
    if (!glb && !name.endsWith(".ply")) {
      throw new IllegalArgumentException(
          "--output: %s (expected: a name that ends in .ply or .glb)".formatted(output));
    }
    try (SlamClient client = server.connect()) {
      MeshOptions options = new MeshOptions(resolutionMetres, Optional.empty(), !withoutColours);
      TriangleMesh mesh = client.extractMesh(sessionId, options, fraction -> {});
      if (glb) {
        GlbFile.write(output, mesh);
      } else {
        PlyFile.write(output, mesh);
      }
      spec.commandLine()
          .getOut()
          .printf("%s: %d vertices, %d faces%n", output, mesh.vertexCount(), mesh.faceCount());
    }
    return 0;
  }
}
