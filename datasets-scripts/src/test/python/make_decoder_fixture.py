#!/usr/bin/env python3
"""Write the expected outputs of the family plain that DecoderFamilyTest compares with.

Runs the mid and fine decoders of the .npz that convert_decoders_npz.py converts forward in double
precision on five random points and features, straight from the archive. Needs NumPy.
"""

import argparse

import numpy as np

from forward_passes import FIXTURES, fixture, inputs, nice_slam, samples

POINTS = 5
CHANNELS = 32
SEED = 7


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("npz", help="archive with middle.* and fine.* arrays")
    weights = dict(np.load(parser.parse_args().npz))
    drawn = samples(POINTS, CHANNELS, SEED)
    outputs = {}
    for ours, theirs in (("mid", "middle."), ("fine", "fine.")):
        decoder = {k.removeprefix(theirs): v for k, v in weights.items() if k.startswith(theirs)}
        outputs[ours] = nice_slam(decoder, drawn["points"], inputs(drawn, ours))
    (FIXTURES / "plain.json").write_text(fixture(drawn, outputs))


if __name__ == "__main__":
    main()
