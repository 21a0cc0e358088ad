"""Roomfield's decoder families, from networks whose parameters NICE-SLAM has named.

A network is a dictionary of arrays: embedder._B [3, encoding] and fc_c.i (not the coarse one),
pts_linears.i, output_linear; weights are [out, in]. The file's format is documented in
io.roomfield.slam.field.DecoderFamilyFile.
"""

import hashlib
import json
import re
import struct

import numpy as np

NAME = "[a-z0-9][a-z0-9-]*"
FORMAT = "roomfield-decoders/1"
SHAPE = "encoding=%d features=%d hidden=%d blocks=%d skip=%d outputs=%d"
COLOUR_SHAPE = SHAPE % (93, 32, 32, 5, 2, 3)
"""NICE-SLAM's colour decoder (its fourth output, an occupancy, is overwritten and never read)."""

NO_SKIP = -1
HEADER_ALIGNMENT = 8
LAYERS = {"pts_linears": "block", "fc_c": "inject", "output_linear": "output"}


class UnusableError(Exception):
    """What was expected, and what came."""


def check(name, parameters, blocks):
    """Raises UnusableError where parameters miss, are unknown, of other dimensions or not finite."""
    expected = {f"pts_linears.{i}" for i in range(blocks)} | {"output_linear"}
    if "embedder._B" in parameters:
        expected |= {f"fc_c.{i}" for i in range(blocks)}
    expected = {f"{layer}.{kind}" for layer in expected for kind in ("weight", "bias")}
    came = parameters.keys() - {"embedder._B"}
    if blocks == 0 or came != expected:
        raise UnusableError(
            f"{name}: parameters {sorted(came - expected) or 'none'} are not known and "
            f"{sorted(expected - came) or 'none'} are missing (expected: embedder._B, "
            "pts_linears.i, fc_c.i, output_linear, or the same without embedder._B and fc_c)")
    for key, values in parameters.items():
        if values.ndim != (1 if key.endswith(".bias") else 2):
            raise UnusableError(
                f"{name}.{key}: shape {values.shape} (expected: a matrix, or a vector of biases)")
        if values.dtype.kind != "f" or not np.isfinite(values).all():
            raise UnusableError(f"{name}.{key}: {values.dtype} (expected: finite floating point)")


def shape(name, parameters):
    """The network's shape as metadata says it; raises UnusableError where it has none of ours."""
    blocks = sum(re.fullmatch(r"pts_linears\.\d+\.weight", key) is not None for key in parameters)
    check(name, parameters, blocks)
    hidden, inputs = parameters["pts_linears.0.weight"].shape
    encoding = parameters["embedder._B"].shape[1] if "embedder._B" in parameters else 0
    features = parameters["fc_c.0.weight"].shape[1] if encoding else inputs
    widths = [parameters[f"pts_linears.{i}.weight"].shape[1] for i in range(1, blocks)]
    widths.append(parameters["output_linear.weight"].shape[1])
    again = [i for i, width in enumerate(widths) if width == inputs + hidden]
    plain = [i for i, width in enumerate(widths) if width == hidden]
    if len(again) > 1 or len(again) + len(plain) != len(widths):
        raise UnusableError(
            f"{name}: layers read {[inputs] + widths} numbers (expected: {hidden}, and at most one "
            f"{inputs + hidden}, after the first)")
    skip = again[0] if again else NO_SKIP
    outputs = parameters["output_linear.weight"].shape[0]
    return SHAPE % (encoding, features, hidden, blocks, skip, outputs)


def ours(key):
    """pts_linears.0.weight -> block.0.weight"""
    layer, _, rest = key.partition(".")
    return "encoding" if key == "embedder._B" else f"{LAYERS[layer]}.{rest}"


def write(path, networks, metadata):
    """Writes a family.

    path: its stem is the family's name
    networks: parameters by our network names, "coarse" (may be left out), "mid", "fine"
    metadata: what else the file shall say of itself
    """
    if not re.fullmatch(NAME, path.stem):
        raise UnusableError(
            f"{path.name}: family {path.stem} (expected: small letters, digits and hyphens)")
    shapes = {f"{name}.shape": shape(name, networks[name]) for name in networks}
    data = b""
    entries = {}
    for name, parameters in networks.items():
        for key in sorted(parameters):
            values = np.ascontiguousarray(parameters[key], dtype="<f4")
            begin = len(data)
            data += values.tobytes()
            entries[f"{name}.{ours(key)}"] = {
                "dtype": "F32", "shape": values.shape, "data_offsets": [begin, len(data)]}
    own = {
        "format": FORMAT,
        "family": path.stem,
        **shapes,
        "colour.shape": COLOUR_SHAPE,
        "sha256": hashlib.sha256(data).hexdigest(),
    }
    header = {"__metadata__": {**own, **metadata}, **entries}
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % HEADER_ALIGNMENT)
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)
