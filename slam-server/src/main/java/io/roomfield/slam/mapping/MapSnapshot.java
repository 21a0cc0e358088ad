package io.roomfield.slam.mapping;

import io.roomfield.slam.field.SceneField;

/**
 * The map as the mapper last published it; never changes.
 *
 * @param version counts publications, from 1
 * @param field grids and decoders
 */
public record MapSnapshot(long version, SceneField field) {}
