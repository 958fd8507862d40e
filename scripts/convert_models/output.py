"""The folder that is made."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np


@dataclass
class Output:
    """The folder that is made, and the digest of every file in it."""

    folder: Path
    digests: dict[str, str] = field(default_factory=dict)

    def write(self, name: str, data: bytes) -> None:
        """Writes a file and says so."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        self.digests[name] = hashlib.sha256(data).hexdigest()
        print(f"{name}: {len(data)} bytes, sha256 {self.digests[name]}")

    def write_table(self, name: str, remarks: Sequence[str], rows: Iterable[Iterable[float]]) -> None:
        """Writes numbers, six digits each, under remarks."""
        lines = [f"# {remark}" for remark in remarks]
        lines += ["\t".join(f"{value:.6g}" for value in row) for row in rows]
        self.write(name, "".join(f"{line}\n" for line in lines).encode())


def chosen(frames: np.ndarray, indices: Sequence[int]) -> list[np.ndarray]:
    """Some frames, each with its number in front."""
    return [np.concatenate([[index], frames[index]]) for index in indices]
