"""The authors' checkpoints, converted, compute what NICE-SLAM computes."""

import contextlib
import io
import tempfile
import unittest
from pathlib import Path

import numpy as np

from forward_passes import FIXTURES, inputs, nice_slam, read_family, roomfield, samples
from torch_format import state_dict, write_checkpoint

import convert_nice_slam_checkpoint  # found through forward_passes

CONVERTED = FIXTURES / "converted"
ENCODING = 93
WIDTH = 32
TOLERANCE = 1e-9
"""Both sides compute in double from the same float32 weights; sums differ in order at most."""


def decoder(random, encoding, channels):
    """Random parameters of a decoder, as NICE-SLAM names them."""
    first = encoding or channels
    widths = {f"pts_linears.{i}": w for i, w in enumerate([first, WIDTH, WIDTH, first + WIDTH, WIDTH])}
    sizes = {name: (WIDTH, width) for name, width in widths.items()}
    if encoding:
        sizes.update({f"fc_c.{i}": (WIDTH, channels) for i in range(5)})
    sizes["output_linear"] = (1, WIDTH)
    parameters = {"embedder._B": random.normal(0, 25, (3, encoding))} if encoding else {}
    for name, (outputs, width) in sizes.items():
        parameters[name + ".weight"] = random.normal(0, width**-0.5, (outputs, width))
        parameters[name + ".bias"] = random.normal(0, 0.1, outputs)
    return {name: values.astype(np.float32) for name, values in parameters.items()}


class ConversionTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        random = np.random.default_rng(5)
        self.networks = {
            "coarse": decoder(random, 0, WIDTH),
            "mid": decoder(random, ENCODING, WIDTH),
            "fine": decoder(random, ENCODING, 2 * WIDTH),
        }

    def checkpoints(self, mid="decoder.coarse.", fine="decoder.fine."):
        """Writes both, with an encoder's parameters beside the decoders'."""
        encoder = {"encoder.fc.weight": np.ones((4, 3), np.float32)}
        coarse = state_dict("decoder.", self.networks["coarse"])
        both = {**state_dict(mid, self.networks["mid"]), **state_dict(fine, self.networks["fine"])}
        write_checkpoint(self.folder / "coarse.pt", {"model": {**coarse, **encoder}})
        write_checkpoint(self.folder / "middle_fine.pt", {"model": {**both, **encoder}})

    def convert(self, folder, *options, name="authors"):
        out = self.folder / (name + ".safetensors")
        with contextlib.redirect_stdout(io.StringIO()):
            convert_nice_slam_checkpoint.main(
                ["--middle-fine", str(folder / "middle_fine.pt"), "--out", str(out), *options])
        return out

    def assert_same_outputs(self, family, networks):
        drawn = samples(20, WIDTH, 3)
        for name in networks:
            theirs = nice_slam(self.networks[name], drawn["points"], inputs(drawn, name))
            ours = roomfield(family, name, drawn["points"], inputs(drawn, name))
            np.testing.assert_allclose(ours, theirs, rtol=0, atol=TOLERANCE, err_msg=name)

    def test_outputs_agree_at_the_papers_size(self):
        self.checkpoints()
        family = read_family(self.convert(self.folder, "--coarse", str(self.folder / "coarse.pt")))
        self.assert_same_outputs(family, ["coarse", "mid", "fine"])
        metadata, tensors = family
        self.assertEqual(metadata["family"], "authors")
        self.assertEqual(
            metadata["fine.shape"], "encoding=93 features=64 hidden=32 blocks=5 skip=2 outputs=1")
        self.assertEqual(
            metadata["coarse.shape"], "encoding=0 features=32 hidden=32 blocks=5 skip=2 outputs=1")
        self.assertFalse([name for name in tensors if name.startswith("encoder")])

    def test_a_family_may_have_no_coarse_decoder(self):
        self.checkpoints(mid="decoder_coarse.", fine="decoder_fine.")
        family = read_family(self.convert(self.folder))
        self.assert_same_outputs(family, ["mid", "fine"])
        self.assertNotIn("coarse.shape", family[0])

    def test_what_torch_saved_is_converted_to_the_committed_file(self):
        coarse = str(CONVERTED / "coarse.pt")
        converted = self.convert(CONVERTED, "--coarse", coarse, name="tiny")
        expected = (CONVERTED / "tiny.safetensors").read_bytes()
        self.assertEqual(converted.read_bytes(), expected)

    def test_converting_again_gives_the_same_bytes(self):
        self.checkpoints()
        first = self.convert(self.folder).read_bytes()
        self.assertEqual(self.convert(self.folder).read_bytes(), first)

    def assert_refused(self, message):
        self.checkpoints()
        with self.assertRaises(SystemExit) as refusal:
            self.convert(self.folder)
        self.assertIn(message, str(refusal.exception))
        self.assertFalse((self.folder / "authors.safetensors").exists())

    def test_a_missing_parameter_is_named(self):
        del self.networks["fine"]["fc_c.2.bias"]
        self.assert_refused("['fc_c.2.bias'] are missing")

    def test_an_unknown_parameter_is_named(self):
        self.networks["mid"]["norm.weight"] = np.ones((1, 1), np.float32)
        self.assert_refused("mid: parameters ['norm.weight'] are not known")

    def test_weights_are_finite(self):
        self.networks["fine"]["output_linear.bias"][0] = np.nan
        self.assert_refused("fine.output_linear.bias: float32 (expected: finite floating point)")

    def test_layers_fit_together(self):
        self.networks["mid"]["pts_linears.1.weight"] = np.ones((WIDTH, 7), np.float32)
        self.assert_refused("mid: layers read [93, 7, 32, 125, 32, 32] numbers")

    def test_a_swapped_checkpoint_is_named(self):
        self.checkpoints()
        (self.folder / "coarse.pt").replace(self.folder / "middle_fine.pt")
        with self.assertRaisesRegex(SystemExit, "middle_fine.pt: no parameter decoder"):
            self.convert(self.folder)


if __name__ == "__main__":
    unittest.main()
