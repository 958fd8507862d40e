"""BeatNet: beats and downbeats, from PyTorch to ONNX."""

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from licences import Part
from networks import PRODUCER, session
from output import Output, chosen
from packages import Arrays, Package, checked, fetch, read_state_dict
from signals import BEATNET_RATE, SIGNAL, log_bands, test_signal

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

BEATNET_PART = Part(
    "BeatNet",
    """
Output: beat and downbeat activations, 50 per second. Licence: **CC BY 4.0**. Attribution: Mojtaba Heydari,
Frank Cwitkowitz, Zhiyao Duan, *BeatNet: CRNN and Particle Filtering for Online Joint Beat, Downbeat and Meter
Tracking*, ISMIR 2021. Converted from PyTorch to ONNX, weights unchanged in 32 bits; the particle filter is
not used.
""",
    BEATNET,
    tuple(f"beatnet-{number}.onnx" for number in (1, 2, 3)),
    tuple((f"BeatNet/models/model_{at}_weights.pt", digest) for at, digest in enumerate(BEATNET_WEIGHTS, 1)),
)


FEATURES = 272  # bands and their rises, a frame
CHANNELS = 2  # of the convolution
KERNEL = 10  # taps of the convolution
POOLED = 131  # numbers a channel after pooling by two
HIDDEN = 150  # cells of a layer of the LSTM
LAYERS = 2
CLASSES = 3  # beat, downbeat, neither


def beatnet_weights(data: bytes) -> Arrays:
    """Returns weights by name, dots replaced by underscores."""
    return {name.replace(".", "_"): array for name, array in read_state_dict(data).items()}


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
    model = helper.make_model(graph, opset_imports=opsets, ir_version=8, producer_name=PRODUCER)
    onnx.checker.check_model(model)
    return model.SerializeToString()


# --- computed a second time to check the conversion ---------------------------------------------------


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


def make_beatnet(output: Output) -> None:
    """beatnet-1.onnx to beatnet-3.onnx and their fixtures."""
    wheel = fetch(BEATNET)
    features = log_bands(test_signal(BEATNET_RATE, 6))
    activations = []
    for number, digest in enumerate(BEATNET_WEIGHTS, start=1):
        source = f"BeatNet/models/model_{number}_weights.pt"
        weights = beatnet_weights(checked(source, wheel.read(source), digest))
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
