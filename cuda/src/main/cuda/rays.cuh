// A batch of rays (RayBatch, RenderSettings), as RayUpload.java writes it.
#pragma once

#include "device.cuh"

namespace roomfield {

struct Rays {
  // [rays, 2]: (x, y) of the direction (x, y, 1) in the camera's frame.
  const float* directions;
  // [rays] metres, 0 for no reading.
  const float* depth;
  // [rays, 3].
  const float* colour;
  // [rays], into poses.
  const int* pose;
  // [poses, 12]: rotation row by row, then translation.
  const float* poses;
  // [poses] metres.
  const float* frameMaxDepth;
  // One word, as it changes with every batch: launches whose parameters stay are replayed as a graph.
  const unsigned long long* seed;
  int count;
  int stratified, surface, importance;
  int perturb, farFromRay;
};

}  // namespace roomfield
