#!/usr/bin/env python3
"""Write small checkpoints with torch, as NICE-SLAM's are laid out, and what becomes of them.

Makes coarse.pt, middle_fine.pt, tiny.safetensors (by convert_nice_slam_checkpoint.py) and tiny.json
(the decoders' outputs by torch, in double precision) in slam-server's test resources. The weights
are random. Needs torch and NumPy; the tests that read these files need no torch.
"""

import collections

import numpy as np
import torch

from forward_passes import FIXTURES, SKIP_AFTER, fixture, inputs, samples

import convert_nice_slam_checkpoint  # found through forward_passes

FOLDER = FIXTURES / "converted"
ENCODING = 12
WIDTH = 8
LAYERS = 5
POINTS = 5
SEED = 11
ENCODING_STDDEV = 25


class Decoder(torch.nn.Module):
    """The parameters of a decoder of NICE-SLAM's, small; encoding 0 for the coarse one."""

    def __init__(self, encoding, channels):
        super().__init__()
        first = encoding or channels
        widths = [first] + [first + WIDTH if i == SKIP_AFTER else WIDTH for i in range(LAYERS - 1)]
        self.pts_linears = torch.nn.ModuleList(torch.nn.Linear(w, WIDTH) for w in widths)
        self.output_linear = torch.nn.Linear(WIDTH, 1)
        if encoding:
            self.fc_c = torch.nn.ModuleList(torch.nn.Linear(channels, WIDTH) for _ in range(LAYERS))
            self.embedder = torch.nn.Module()
            self.embedder._B = torch.nn.Parameter(torch.randn(3, encoding) * ENCODING_STDDEV)

    def forward(self, points, features):
        first = torch.sin(points @ self.embedder._B) if hasattr(self, "embedder") else features
        h = first
        for i, layer in enumerate(self.pts_linears):
            h = torch.relu(layer(h))
            if hasattr(self, "fc_c"):
                h = h + self.fc_c[i](features)
            h = torch.cat([first, h], -1) if i == SKIP_AFTER else h
        return self.output_linear(h)[:, 0]


def save(name, decoders):
    """A checkpoint as training leaves it: an encoder, the optimiser and numbers are in it too."""
    model = torch.nn.Module()
    model.decoder = decoders
    model.encoder = torch.nn.Linear(3, 4)
    optimiser = torch.optim.Adam(model.parameters())
    for weights in model.parameters():
        weights.grad = torch.zeros_like(weights)
    optimiser.step()
    checkpoint = {
        "model": model.state_dict(),
        "optimizer": {"state": list(optimiser.state_dict()["state"].values())[-2:]},
        "epoch_it": 3,
        "loss_val_best": np.float64(0.25),
    }
    assert isinstance(checkpoint["model"], collections.OrderedDict)
    torch.save(checkpoint, FOLDER / name)


def main():
    torch.manual_seed(SEED)
    coarse, mid, fine = Decoder(0, WIDTH), Decoder(ENCODING, WIDTH), Decoder(ENCODING, 2 * WIDTH)
    save("coarse.pt", coarse)
    save("middle_fine.pt", torch.nn.ModuleDict({"coarse": mid, "fine": fine}))
    convert_nice_slam_checkpoint.main([
        "--coarse", str(FOLDER / "coarse.pt"),
        "--middle-fine", str(FOLDER / "middle_fine.pt"),
        "--out", str(FOLDER / "tiny.safetensors"),
    ])
    drawn = samples(POINTS, WIDTH, SEED)
    points = torch.from_numpy(drawn["points"])
    outputs = {}
    with torch.no_grad():
        for name, decoder in (("mid", mid), ("fine", fine), ("coarse", coarse)):
            outputs[name] = decoder.double()(points, torch.from_numpy(inputs(drawn, name))).numpy()
    (FOLDER / "tiny.json").write_text(fixture(drawn, outputs))


if __name__ == "__main__":
    main()
