package io.roomfield.slam.compute.vector;

import io.roomfield.slam.field.FieldStage;
import io.roomfield.slam.field.SceneField;
import io.roomfield.slam.render.FieldGradient;
import io.roomfield.slam.render.Objective;
import io.roomfield.slam.render.PoseGradient;
import io.roomfield.slam.render.RayBatch;
import io.roomfield.slam.render.RenderSettings;
import io.roomfield.slam.render.RenderedRays;

/**
 * One pass over a batch, as the workers see it.
 *
 * @param objective null for rendering only
 * @param fieldGradient null where not wanted
 * @param poseGradient null where not wanted
 * @param out null where not wanted
 * @param terms losses per ray, written
 * @param excluded rays that the objective leaves out, or null
 */
record RenderTask(
    SceneField field,
    FieldStage stage,
    RayBatch rays,
    RenderSettings settings,
    Objective objective,
    FieldGradient fieldGradient,
    PoseGradient poseGradient,
    RenderedRays out,
    RayTerms terms,
    boolean[] excluded) {

  boolean wantsGradient() {
    return fieldGradient != null || poseGradient != null;
  }

  boolean isExcluded(int ray) {
    return excluded != null && excluded[ray];
  }

  RenderTask excluding(boolean[] rays) {
    return new RenderTask(
        field,
        stage,
        this.rays,
        settings,
        objective,
        fieldGradient,
        poseGradient,
        out,
        terms,
        rays);
  }

  RenderTask withoutGradient() {
    return new RenderTask(field, stage, rays, settings, objective, null, null, null, terms, null);
  }
}
