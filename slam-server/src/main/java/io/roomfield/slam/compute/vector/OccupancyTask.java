package io.roomfield.slam.compute.vector;

import io.roomfield.slam.field.FieldStage;
import io.roomfield.slam.field.SceneField;
import io.roomfield.slam.render.FieldGradient;
import io.roomfield.slam.render.OccupancyTargets;

/** Cross-entropy at points; see {@code ComputeBackend.occupancyBackward}. */
record OccupancyTask(
    SceneField field, FieldStage stage, OccupancyTargets targets, FieldGradient gradient) {}
