// Colours that stand for numbers.

/** Seen by no keyframe (the rim of what was seen), by one, ... by five or more. */
export const CONFIDENCE = [
  [204, 78, 92], [230, 134, 84], [240, 196, 110], [190, 206, 130], [124, 184, 144], [72, 152, 152],
];

export function confidenceColour(sightings) {
  return CONFIDENCE[Math.min(sightings, CONFIDENCE.length - 1)];
}

// Stops of the colour map "viridis" (Smith and van der Walt, 2015), evenly spaced.
const VIRIDIS = [
  [68, 1, 84], [71, 44, 122], [59, 81, 139], [44, 113, 142], [33, 144, 141], [39, 173, 129], [92, 200, 99],
  [170, 220, 50], [253, 231, 37],
];

/** Near is bright, far is dark; a share of 0 to 1. */
export function depthColour(share) {
  const at = Math.min(1, Math.max(0, 1 - share)) * (VIRIDIS.length - 1);
  const low = Math.min(Math.floor(at), VIRIDIS.length - 2);
  return VIRIDIS[low].map((value, i) => value + (at - low) * (VIRIDIS[low + 1][i] - value));
}
