"""Reads what torch.save wrote, without torch and without running anything that the file names.

Since torch 1.6 a checkpoint is a zip archive: data.pkl pickles the objects, where a tensor is a
call of torch._utils._rebuild_tensor_v2 on a storage, and data/KEY holds a storage's bytes.
"""

import collections
import io
import pickle
import zipfile

import numpy as np

STORAGES = {
    "HalfStorage": "<f2",
    "FloatStorage": "<f4",
    "DoubleStorage": "<f8",
    "ByteStorage": "u1",
    "CharStorage": "i1",
    "ShortStorage": "<i2",
    "IntStorage": "<i4",
    "LongStorage": "<i8",
    "BoolStorage": "?",
}
IGNORED = {
    ("_codecs", "encode"),
    ("numpy", "dtype"),
    ("numpy.core.multiarray", "scalar"),
    ("numpy._core.multiarray", "scalar"),
}
"""Numbers of NumPy's that a training loop leaves beside the weights: skipped."""


class CheckpointError(Exception):
    """The file, what was expected and what came."""


class Ignored:
    """Takes whatever a pickle makes of it."""

    def __init__(self, *_):
        pass

    def __setstate__(self, _):
        pass


def tensor(storage, offset, size, stride, *_):
    """The array that a tensor shows of a storage (torch._utils._rebuild_tensor_v2)."""
    numbers = (offset, *size, *stride)
    if len(size) != len(stride) or any(type(n) is not int or n < 0 for n in numbers):
        raise CheckpointError(f"tensor of size {size}, stride {stride} at {offset}")
    if 0 in size:
        return np.zeros(size, storage.dtype)
    end = offset + 1 + sum((n - 1) * step for n, step in zip(size, stride))
    if end > len(storage):
        raise CheckpointError(f"tensor ends at value {end} of a storage of {len(storage)}")
    strides = [step * storage.itemsize for step in stride]
    return np.lib.stride_tricks.as_strided(storage[offset:], size, strides).copy()


def parameter(data, *_):
    """torch._utils._rebuild_parameter"""
    return data


class TensorUnpickler(pickle.Unpickler):
    """Knows tensors and ordered dictionaries; whatever else a pickle names is refused."""

    def __init__(self, archive, folder):
        super().__init__(io.BytesIO(archive.read(folder + "data.pkl")))
        self.archive = archive
        self.folder = folder

    def find_class(self, module, name):
        if (module, name) == ("collections", "OrderedDict"):
            return collections.OrderedDict
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return tensor
        if (module, name) == ("torch._utils", "_rebuild_parameter"):
            return parameter
        if (module, name) in IGNORED:
            return Ignored
        if module == "torch" and name in STORAGES:
            return STORAGES[name]
        raise CheckpointError(
            f"names {module}.{name} (expected: tensors, numbers and dictionaries only)")

    def persistent_load(self, pid):
        kind, dtype, key, _device, count = pid
        if kind != "storage" or dtype not in STORAGES.values():
            raise CheckpointError(f"persistent object {pid} (expected: a storage)")
        values = np.frombuffer(self.archive.read(f"{self.folder}data/{key}"), dtype)
        if len(values) != count:
            raise CheckpointError(f"storage {key} has {len(values)} values (expected: {count})")
        return values


def read(path):
    """The object of a checkpoint, its tensors as arrays; raises CheckpointError."""
    if not zipfile.is_zipfile(path):
        raise CheckpointError(
            f"{path}: no zip archive (expected: what torch.save writes since torch 1.6). If it is "
            "of an older torch, save it anew where torch is installed: "
            "torch.save(torch.load(path, map_location='cpu'), new_path)")
    try:
        with zipfile.ZipFile(path) as archive:
            folders = [n[: -len("data.pkl")] for n in archive.namelist() if n.endswith("/data.pkl")]
            if len(folders) != 1:
                raise CheckpointError(f"{len(folders)} entries data.pkl (expected: one)")
            order = folders[0] + "byteorder"
            if order in archive.namelist() and archive.read(order) != b"little":
                raise CheckpointError(f"byte order {archive.read(order)} (expected: little)")
            return TensorUnpickler(archive, folders[0]).load()
    except CheckpointError as e:
        raise CheckpointError(f"{path}: {e}") from e
    except (pickle.UnpicklingError, zipfile.BadZipFile, zipfile.zlib.error, KeyError, EOFError,
            ValueError, TypeError, AttributeError, IndexError) as e:
        raise CheckpointError(f"{path}: damaged: {e}") from e
