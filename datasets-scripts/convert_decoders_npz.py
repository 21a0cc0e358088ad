#!/usr/bin/env python3
"""Convert decoders from an .npz with NICE-SLAM's parameter names to Roomfield's weight files.

Reads `middle.*` and `fine.*` (embedder._B, pts_linears.i, fc_c.i, output_linear) and writes
nice-mid.safetensors and nice-fine.safetensors with the tensors and metadata that
io.roomfield.slam.field.DecoderWeights documents. Values are copied bit for bit as float32.
Needs NumPy.
"""

import argparse
import json
import struct
from pathlib import Path

import numpy as np

LEVELS = {"middle": "mid", "fine": "fine"}


def rename(weights, prefix):
    """The decoder `prefix` of the archive as (tensors by our names, metadata without level)."""
    source = {k[len(prefix) + 1 :]: v for k, v in weights.items() if k.startswith(prefix + ".")}
    if not source:
        raise SystemExit(f"no arrays named {prefix}.* (expected: NICE-SLAM's parameter names)")
    blocks = sum(k.startswith("pts_linears.") and k.endswith(".weight") for k in source)
    tensors = {"encoding": source.pop("embedder._B")}
    for i in range(blocks):
        for ours, theirs in (("block", "pts_linears"), ("inject", "fc_c")):
            for kind in ("weight", "bias"):
                tensors[f"{ours}.{i}.{kind}"] = source.pop(f"{theirs}.{i}.{kind}")
    for kind in ("weight", "bias"):
        tensors[f"output.{kind}"] = source.pop(f"output_linear.{kind}")
    if source:
        raise SystemExit(f"{prefix}: arrays that no decoder has: {sorted(source)}")
    encoding_size = tensors["encoding"].shape[1]
    hidden = tensors["block.0.weight"].shape[0]
    wide = [
        i for i in range(1, blocks)
        if tensors[f"block.{i}.weight"].shape[1] == encoding_size + hidden
    ]
    if len(wide) != 1:
        raise SystemExit(f"{prefix}: blocks {wide} take the encoding again (expected: one block)")
    metadata = {
        "encoding_size": encoding_size,
        "feature_channels": tensors["inject.0.weight"].shape[1],
        "hidden": hidden,
        "blocks": blocks,
        "skip_after": wide[0] - 1,
        "outputs": tensors["output.weight"].shape[0],
    }
    return tensors, metadata


def write_safetensors(path, tensors, metadata):
    header = {"__metadata__": {k: str(v) for k, v in metadata.items()}}
    data = b""
    for name, values in tensors.items():
        begin = len(data)
        data += np.ascontiguousarray(values, dtype="<f4").tobytes()
        header[name] = {"dtype": "F32", "shape": values.shape, "data_offsets": [begin, len(data)]}
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("npz", type=Path, help="archive with middle.* and fine.* arrays")
    parser.add_argument("out", type=Path, help="folder for the weight files")
    parser.add_argument("--family", default="nice", help="family name, first part of the file names (default: nice)")
    arguments = parser.parse_args()
    with np.load(arguments.npz) as archive:
        weights = {k: archive[k] for k in archive.files}
    arguments.out.mkdir(parents=True, exist_ok=True)
    for prefix, level in LEVELS.items():
        tensors, metadata = rename(weights, prefix)
        path = arguments.out / f"{arguments.family}-{level}.safetensors"
        write_safetensors(path, tensors, {"family": arguments.family, "level": level, **metadata})
        print(f"{path}: {metadata}")


if __name__ == "__main__":
    main()
