"""The pictures that the fixtures of the picture models are computed from.

All models of pictures take `image` [1, 3, height, width]: red, green and blue as floats from 0 to 255. Each
model scales them itself.
"""

from collections.abc import Sequence

import numpy as np
import onnx

from networks import session
from output import Output

PATTERN = "image: channel c (0 red, 1 green, 2 blue), row y, column x is (7 x + 13 y + 29 c + x y) mod 256"
ROWS = "a row: an output, the position in it (last dimension fastest), the value there"


def pattern(height: int, width: int) -> np.ndarray:
    """Returns a picture that any language makes alike."""
    c, y, x = np.ogrid[:3, :height, :width]
    return ((7 * x + 13 * y + 29 * c + x * y) % 256).astype(np.float32)[None]


def some(values: np.ndarray, spread: int, largest: int) -> list[int]:
    """Returns positions spread evenly over all values, and those of the largest values."""
    even = np.linspace(0, values.size - 1, min(spread, values.size)).astype(int)
    top = np.argsort(-values.ravel(), kind="stable")[:largest]
    return sorted({*even.tolist(), *top.tolist()})


def write_fixture(
    output: Output,
    name: str,
    remarks: Sequence[str],
    values: dict[str, np.ndarray],
    spread: int = 16,
    largest: int = 8,
) -> None:
    """Writes some of the values of each output."""
    lines = [f"# {remark}" for remark in (*remarks, ROWS)]
    for key, array in values.items():
        lines += [f"{key}\t{at}\t{array.ravel()[at]:.6g}" for at in some(array, spread, largest)]
    output.write(f"fixtures/{name}.tsv", "".join(f"{line}\n" for line in lines).encode())


def answers(model: onnx.ModelProto, inputs: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Runs a model and returns its outputs by name."""
    names = [value.name for value in model.graph.output]
    values = session(model.SerializeToString()).run(names, inputs)
    return dict(zip(names, values, strict=True))


def agree(full: dict[str, np.ndarray], small: dict[str, np.ndarray], at_most: dict[str, float]) -> None:
    """Ends the program if storing weights in fewer bytes changed an output by more than allowed: the share
    of the deviation in the size of the whole output."""
    for name, limit in at_most.items():
        size = np.linalg.norm(full[name]) + 1e-12
        share = float(np.linalg.norm(full[name] - small[name]) / size)
        print(f"  {name}: changed by {share:.1%}")
        if not share <= limit:
            raise SystemExit(f"{name} changed by {share:.1%}, allowed is {limit:.1%}")
