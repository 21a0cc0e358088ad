#!/usr/bin/env python3
"""Write the expected outputs that DecoderWeightsTest compares with.

Runs the mid and fine decoders of an .npz (NICE-SLAM's parameter names) forward in double precision
on five random points and features, straight from the archive, and prints JSON:

    make_decoder_fixture.py A2_label_smooth.npz > ../resources/decoders/forward.json

Needs NumPy.
"""

import argparse
import json

import numpy as np

POINTS = 5
CHANNELS = 32
SEED = 7


def forward(weights, prefix, points, features):
    """h = sin(p B); h = relu(W h + b) + (V c + v); [e, h] before the block that takes both."""

    def linear(name, x):
        w = weights[f"{prefix}.{name}.weight"].astype(np.float64)
        return x @ w.T + weights[f"{prefix}.{name}.bias"].astype(np.float64)

    e = np.sin(points @ weights[f"{prefix}.embedder._B"].astype(np.float64))
    h = e
    for i in range(5):
        if i == 3:
            h = np.concatenate([e, h], axis=-1)
        h = np.maximum(linear(f"pts_linears.{i}", h), 0) + linear(f"fc_c.{i}", features)
    return linear("output_linear", h)[:, 0]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("npz", help="archive with middle.* and fine.* arrays")
    weights = dict(np.load(parser.parse_args().npz))
    random = np.random.default_rng(SEED)
    points = random.uniform(-3, 3, (POINTS, 3)).astype(np.float32).astype(np.float64)
    mid = random.normal(0, 0.5, (POINTS, CHANNELS)).astype(np.float32).astype(np.float64)
    fine = random.normal(0, 0.5, (POINTS, CHANNELS)).astype(np.float32).astype(np.float64)
    fixture = {
        "points": points.tolist(),
        "midFeatures": mid.tolist(),
        "fineFeatures": fine.tolist(),
        "midOutputs": forward(weights, "middle", points, mid).tolist(),
        "fineOutputs": forward(weights, "fine", points, np.concatenate([fine, mid], axis=-1)).tolist(),
    }
    print(json.dumps(fixture, indent=1))


if __name__ == "__main__":
    main()
