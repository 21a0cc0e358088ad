package io.roomfield.slam.client;

import io.roomfield.slam.v1.Box;
import io.roomfield.slam.v1.ExtractMeshRequest;
import java.util.Optional;

/**
 * What of the surface to extract.
 *
 * @param resolutionMetres edge of the lattice, 0.005 to 0.5
 * @param box the part of the map in world metres; empty is all of it
 * @param colours whether vertices get colours
 */
public record MeshOptions(double resolutionMetres, Optional<Box> box, boolean colours) {
  /** Lattice edge where none is asked for, as in the API. */
  public static final double DEFAULT_RESOLUTION_METRES = 0.02;

  /** The whole map in colour at 2 cm. */
  public static final MeshOptions DEFAULT =
      new MeshOptions(DEFAULT_RESOLUTION_METRES, Optional.empty(), true);

  ExtractMeshRequest toProto(String sessionId) {
    ExtractMeshRequest.Builder request =
        ExtractMeshRequest.newBuilder()
            .setSessionId(sessionId)
            .setResolutionM(resolutionMetres)
            .setWithoutColours(!colours);
    box.ifPresent(request::setBox);
    return request.build();
  }
}
