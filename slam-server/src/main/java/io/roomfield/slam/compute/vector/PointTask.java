package io.roomfield.slam.compute.vector;

import io.roomfield.slam.field.FieldStage;
import io.roomfield.slam.field.SceneField;

/** An evaluation of the field at points; see {@code ComputeBackend.evaluate}. */
record PointTask(
    SceneField field, FieldStage stage, float[] points, float[] logits, float[] colours) {}
