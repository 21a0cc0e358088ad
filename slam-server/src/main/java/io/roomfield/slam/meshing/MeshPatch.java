package io.roomfield.slam.meshing;

import io.roomfield.geometry.TriangleMesh;

/**
 * A chunk of a map's mesh as it has become. Its vertices on the seams are copies of its
 * neighbours', bit for bit, once those are of the same map.
 *
 * @param x coordinates of the chunk, in chunks
 * @param y see {@code x}
 * @param z see {@code x}
 * @param mapVersion of the map that it was made of
 * @param mesh with normals and colours; without faces where there is no surface any more
 * @param sightings {@code [vertices]} keyframes that saw the vertex, at most 255
 */
@SuppressWarnings("ArrayRecordComponent") // compared by identity, never by value
public record MeshPatch(
    int x, int y, int z, long mapVersion, TriangleMesh mesh, byte[] sightings) {}
