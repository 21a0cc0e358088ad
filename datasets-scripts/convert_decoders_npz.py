#!/usr/bin/env python3
"""Convert decoders from an .npz with NICE-SLAM's parameter names to a family file of Roomfield's.

Reads the networks middle.* and fine.* (see decoder_family.py) and writes what
io.roomfield.slam.field.DecoderFamily reads. Values are copied bit for bit as float32. Needs NumPy.
"""

import argparse
from pathlib import Path

import numpy as np

import decoder_family

NETWORKS = {"mid": "middle.", "fine": "fine."}


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("npz", type=Path, help="archive with middle.* and fine.* arrays")
    parser.add_argument("out", type=Path, help="file to write, NAME.safetensors: NAME is the family's name")
    options = parser.parse_args()
    with np.load(options.npz) as archive:
        networks = {
            ours: {k.removeprefix(theirs): archive[k] for k in archive.files if k.startswith(theirs)}
            for ours, theirs in NETWORKS.items()
        }
    metadata = {"command": "convert_decoders_npz.py", "source": options.npz.name}
    try:
        decoder_family.write(options.out, networks, metadata)
    except decoder_family.UnusableError as e:
        raise SystemExit(f"{options.npz}: {e}") from e


if __name__ == "__main__":
    main()
