"""Checkpoints are read without torch, and nothing that they name is run."""

import os
import pickle
import tempfile
import unittest
import zipfile
from pathlib import Path

import numpy as np

from forward_passes import FIXTURES
from torch_format import Storage, View, write_checkpoint

import torch_checkpoint  # found through forward_passes
from torch_checkpoint import CheckpointError


class Runs:
    """What a malicious file would hold."""

    def __reduce__(self):
        return os.mkdir, ("ran",)


class CheckpointTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = Path(folder.name) / "checkpoint.pt"

    def read(self, content, **options):
        write_checkpoint(self.path, content, **options)
        return torch_checkpoint.read(self.path)

    def assert_refused(self, message):
        with self.assertRaisesRegex(CheckpointError, message) as refusal:
            torch_checkpoint.read(self.path)
        self.assertIn("checkpoint.pt: ", str(refusal.exception))

    def test_tensors_are_views_of_storages(self):
        storage = Storage(np.arange(12, dtype=np.float32))
        double = Storage(np.array([0.5]), "DoubleStorage")
        read = self.read({
            "transposed": View(storage, 2, (2, 3), (1, 3)),
            "scalar": View(storage, 11, (), ()),
            "none": View(storage, 0, (0, 4), (4, 1)),
            "double": View(double, 0, (1,), (1,)),
            "epoch": 3,
        })
        np.testing.assert_array_equal(read["transposed"], [[2, 5, 8], [3, 6, 9]])
        self.assertEqual(read["scalar"], 11)
        self.assertEqual(read["none"].shape, (0, 4))
        self.assertEqual(read["double"].dtype, np.float64)
        self.assertEqual(read["epoch"], 3)

    def test_what_torch_saved_is_read(self):
        checkpoint = torch_checkpoint.read(FIXTURES / "converted" / "coarse.pt")
        self.assertEqual(checkpoint["model"]["decoder.pts_linears.3.weight"].shape, (8, 16))
        self.assertEqual(checkpoint["epoch_it"], 3)
        self.assertEqual(checkpoint["optimizer"]["state"][0]["exp_avg"].shape, (4, 3))

    def test_nothing_that_a_pickle_names_is_run(self):
        write_checkpoint(self.path, {"model": Runs()})
        self.assert_refused(r"names \w+\.mkdir \(expected: tensors, numbers and dictionaries only\)")
        self.assertFalse(Path("ran").exists())

    def test_unknown_number_formats_are_named(self):
        storage = Storage(np.zeros(1, np.float32), "BFloat16Storage")
        write_checkpoint(self.path, View(storage, 0, (1,), (1,)))
        self.assert_refused("names torch.BFloat16Storage")

    def test_a_tensor_stays_inside_its_storage(self):
        storage = Storage(np.zeros(4, np.float32))
        for offset, size, stride in ((1, (4,), (1,)), (0, (2,), (9,)), (-1, (2,), (1,)), (0, (2,), ())):
            write_checkpoint(self.path, View(storage, offset, size, stride))
            self.assert_refused("tensor (ends at value|of size)")

    def test_a_legacy_file_says_what_to_do(self):
        self.path.write_bytes(pickle.dumps(0x1950A86A20F9469CFC6C))
        self.assert_refused("no zip archive.*torch 1.6.*torch.save")

    def test_damaged_archives_are_refused(self):
        with zipfile.ZipFile(self.path, "w") as archive:
            archive.writestr("archive/other", b"")
        self.assert_refused("0 entries data.pkl")
        with zipfile.ZipFile(self.path, "w") as archive:
            archive.writestr("archive/data.pkl", b"\x80\x02X")
        self.assert_refused("damaged")

    def test_big_endian_files_are_refused(self):
        write_checkpoint(self.path, {}, byteorder="big")
        self.assert_refused("byte order b'big'")


if __name__ == "__main__":
    unittest.main()
