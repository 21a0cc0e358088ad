"""Forward passes in double precision: by NICE-SLAM's parameters, and by a family file of ours."""

import json
import struct
import sys
from pathlib import Path

import numpy as np

SCRIPTS = Path(__file__).resolve().parents[3]
FIXTURES = SCRIPTS.parent / "slam-server/src/test/resources/decoders"
sys.path.insert(0, str(SCRIPTS))

SKIP_AFTER = 2
"""NICE-SLAM's decoders read their input again after this layer."""


def nice_slam(parameters, points, features):
    """Output [points] of NICE-SLAM's decoders (MLP; without embedder._B, MLP_no_xyz)."""
    p = {key: values.astype(np.float64) for key, values in parameters.items()}

    def linear(name, x):
        return x @ p[name + ".weight"].T + p[name + ".bias"]

    local = "embedder._B" in p
    first = np.sin(points @ p["embedder._B"]) if local else features
    h = first
    for i in range(sum(key.startswith("pts_linears.") for key in p) // 2):
        h = np.maximum(linear(f"pts_linears.{i}", h), 0)
        if local:
            h = h + linear(f"fc_c.{i}", features)
        if i == SKIP_AFTER:
            h = np.concatenate([first, h], axis=-1)
    return linear("output_linear", h)[:, 0]


def read_family(path):
    """Metadata, and tensors as double arrays."""
    content = Path(path).read_bytes()
    (length,) = struct.unpack_from("<Q", content)
    header = json.loads(content[8 : 8 + length])
    metadata = header.pop("__metadata__")
    data = content[8 + length :]
    tensors = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        values = np.frombuffer(data[begin:end], "<f4").astype(np.float64)
        tensors[name] = values.reshape(entry["shape"])
    return metadata, tensors


def roomfield(family, network, points, features):
    """Output [points] by the formula in Decoder's Javadoc."""
    metadata, tensors = family
    shape = dict(item.split("=") for item in metadata[network + ".shape"].split())
    layer = {k[len(network) + 1 :]: v for k, v in tensors.items() if k.startswith(network + ".")}
    encoded = int(shape["encoding"]) > 0
    start = np.sin(points @ layer["encoding"]) if encoded else features
    h = start
    for block in range(int(shape["blocks"])):
        h = np.maximum(h @ layer[f"block.{block}.weight"].T + layer[f"block.{block}.bias"], 0)
        if encoded:
            h = h + features @ layer[f"inject.{block}.weight"].T + layer[f"inject.{block}.bias"]
        if block == int(shape["skip"]):
            h = np.hstack([start, h])
    return (h @ layer["output.weight"].T + layer["output.bias"])[:, 0]


def samples(count, channels, seed):
    """Points within 3 m, and features of the coarse, mid and fine level, as float32 has them."""
    random = np.random.default_rng(seed)

    def single(values):
        return values.astype(np.float32).astype(np.float64)

    return {
        "points": single(random.uniform(-3, 3, (count, 3))),
        **{
            level + "Features": single(random.normal(0, 0.5, (count, channels)))
            for level in ("mid", "fine", "coarse")
        },
    }


def fixture(drawn, outputs):
    """What DecoderFamilyTest compares with, as JSON.

    drawn: of samples()
    outputs: [points] by the network's name
    """
    content = {"points": drawn["points"]}
    for network, values in outputs.items():
        content[network + "Features"] = drawn[network + "Features"]
        content[network + "Outputs"] = values
    return json.dumps({key: values.tolist() for key, values in content.items()}, indent=1) + "\n"


def inputs(drawn, network):
    """The features that a decoder reads: fine's own first, then mid's."""
    own = drawn[network + "Features"]
    return np.concatenate([own, drawn["midFeatures"]], axis=-1) if network == "fine" else own
