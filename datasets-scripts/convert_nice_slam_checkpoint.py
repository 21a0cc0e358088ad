#!/usr/bin/env python3
"""Convert the NICE-SLAM authors' pretrained decoders to a family file of Roomfield's.

Reads coarse.pt and middle_fine.pt, which their repository's download script fetches, and writes
what io.roomfield.slam.field.DecoderFamily reads. Their coarse level becomes coarse, their middle
level mid; in middle_fine.pt the middle decoder is called coarse. Point encoders are left out: they
are of another kind than ours. The colour decoder has no pretrained weights.

To use the family in a preset, put the file into slam-server/src/main/resources/decoders, add its
name to families.txt there, and write it as the preset's grid.decoders.

Needs Python 3.9 and NumPy; torch is not needed.
"""

import argparse
import hashlib
import re
from pathlib import Path

import numpy as np

import decoder_family
import torch_checkpoint
from decoder_family import UnusableError
from torch_checkpoint import CheckpointError


def model(path):
    checkpoint = torch_checkpoint.read(path)
    if not isinstance(checkpoint, dict) or not isinstance(checkpoint.get("model"), dict):
        raise UnusableError(f"{path}: no dictionary 'model' (expected: one, of the parameters)")
    return checkpoint["model"]


def decoder(path, parameters, prefix):
    """The parameters whose names begin with a pattern, under the names that follow it."""
    matches = ((re.match(prefix, name), values) for name, values in parameters.items())
    found = {match.string[match.end():]: values for match, values in matches if match
             and isinstance(values, np.ndarray)}
    if not found:
        raise UnusableError(
            f"{path}: no parameter {prefix} (came: {sorted(parameters)[:3]} and others)")
    return found


def convert(coarse, middle_fine):
    """Networks by our names; coarse may be None."""
    networks = {}
    if coarse:
        networks["coarse"] = decoder(coarse, model(coarse), r"decoder\.")
    both = model(middle_fine)
    networks["mid"] = decoder(middle_fine, both, r"decoder[._]coarse\.")
    networks["fine"] = decoder(middle_fine, both, r"decoder[._]fine\.")
    return networks


def source(path):
    return f"{path.name} (sha256 {hashlib.sha256(path.read_bytes()).hexdigest()})"


def main(arguments=None):
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--coarse", type=Path, help="coarse.pt; without it the family has no coarse decoder")
    parser.add_argument("--middle-fine", type=Path, required=True, help="middle_fine.pt")
    parser.add_argument(
        "--out", type=Path, required=True, help="file to write, NAME.safetensors: NAME is the family's name")
    options = parser.parse_args(arguments)
    files = [path for path in (options.coarse, options.middle_fine) if path]
    try:
        networks = convert(options.coarse, options.middle_fine)
        metadata = {
            "command": "convert_nice_slam_checkpoint.py",
            "source": ", ".join(map(source, files)),
        }
        decoder_family.write(options.out, networks, metadata)
    except (CheckpointError, UnusableError, OSError) as e:
        raise SystemExit(f"{parser.prog}: {e}") from e
    for name, parameters in networks.items():
        print(f"{options.out}: {name}: {decoder_family.shape(name, parameters)}")


if __name__ == "__main__":
    main()
