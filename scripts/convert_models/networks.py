"""Builds networks in ONNX form, stores their weights in fewer bytes, and runs them."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

# Part of the bytes of every converted model, so it stays as it is.
PRODUCER = "convert_models.py"
OPSET = 13
SMALLEST = 1024  # numbers; smaller constants stay 32-bit floats
# Weights of fewer numbers get 16 bits, not 8: the first layers are small and matter most.
SMALLEST_IN_8_BITS = 65536

Shape = Sequence[int | str]


def session(model: bytes) -> onnxruntime.InferenceSession:
    """Returns a network ready to run, on one thread."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def floats(name: str, shape: Shape) -> onnx.ValueInfoProto:
    """Declares an input or output of 32-bit floats."""
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)


@dataclass
class Graph:
    """A network under construction. Values are numbered in order of creation, so names never vary."""

    name: str
    nodes: list[onnx.NodeProto] = field(default_factory=list)
    constants: list[onnx.TensorProto] = field(default_factory=list)

    def constant(self, array: np.ndarray) -> str:
        """Adds a constant and returns its name."""
        name = f"w{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name

    def add(self, operator: str, *inputs: str, to: str = "", **attributes: object) -> str:
        """Adds an operator with one output and returns the name of the output."""
        output = to or f"v{len(self.nodes)}"
        self.nodes.append(helper.make_node(operator, inputs, [output], **attributes))
        return output

    def model(
        self, inputs: Sequence[onnx.ValueInfoProto], outputs: Sequence[onnx.ValueInfoProto]
    ) -> onnx.ModelProto:
        """Returns the finished network."""
        graph = helper.make_graph(self.nodes, self.name, inputs, outputs, self.constants)
        return finished(graph, OPSET)


def finished(graph: onnx.GraphProto, opset: int) -> onnx.ModelProto:
    """Wraps a graph in a model and checks it."""
    opsets = [helper.make_opsetid("", opset)]
    model = helper.make_model(graph, opset_imports=opsets, ir_version=8, producer_name=PRODUCER)
    onnx.checker.check_model(model)
    return model


# --- weights in fewer bytes ---------------------------------------------------------------------------


def output_axis(node: onnx.NodeProto, weights: np.ndarray) -> int | None:
    """Returns the axis of the weights that counts the output channels; `None` for a convolution of each
    channel by itself, whose few weights lose too much in 8 bits."""
    group = next((attribute.i for attribute in node.attribute if attribute.name == "group"), 1)
    match node.op_type:
        case "Conv" if group == 1:
            return 0
        case "ConvTranspose" if group == 1:
            return 1
        case "Gemm" if any(a.name == "transB" and a.i for a in node.attribute):
            return 0
        case "MatMul":
            return weights.ndim - 1
    return None


def halved(weights: onnx.TensorProto) -> tuple[list[onnx.TensorProto], list[onnx.NodeProto]]:
    """Returns weights as 16-bit floats, and the operator that widens them."""
    name = weights.name
    stored = numpy_helper.from_array(numpy_helper.to_array(weights).astype(np.float16), f"{name}_h")
    return [stored], [helper.make_node("Cast", [f"{name}_h"], [name], to=TensorProto.FLOAT)]


def quantised(weights: onnx.TensorProto, axis: int) -> tuple[list[onnx.TensorProto], list[onnx.NodeProto]]:
    """Returns weights as 8-bit integers with one scale per output channel, and the operators that restore
    them."""
    array, name = numpy_helper.to_array(weights), weights.name
    others = tuple(other for other in range(array.ndim) if other != axis)
    scale = np.maximum(np.abs(array).max(axis=others, keepdims=True) / np.float32(127), np.float32(1e-12))
    integers = np.clip(np.round(array / scale), -127, 127).astype(np.int8)
    stored = [numpy_helper.from_array(integers, f"{name}_q"), numpy_helper.from_array(scale, f"{name}_s")]
    nodes = [
        helper.make_node("Cast", [f"{name}_q"], [f"{name}_f"], to=TensorProto.FLOAT),
        helper.make_node("Mul", [f"{name}_f", f"{name}_s"], [name]),
    ]
    return stored, nodes


def compact(model: onnx.ModelProto, bits: int) -> onnx.ModelProto:
    """Returns the model with its large weights in 8 or 16 bits. Operators at its start restore them, so
    everything is computed in 32-bit floats."""
    graph = model.graph
    readers = {name: node for node in reversed(graph.node) for name in node.input}
    constants, first = [], []
    for weights in graph.initializer:
        if weights.data_type != TensorProto.FLOAT or np.prod(weights.dims) < SMALLEST:
            constants.append(weights)
            continue
        axis = None
        if bits == 8 and np.prod(weights.dims) >= SMALLEST_IN_8_BITS:
            axis = output_axis(readers[weights.name], numpy_helper.to_array(weights))
        stored, nodes = halved(weights) if axis is None else quantised(weights, axis)
        constants += stored
        first += nodes
    smaller = helper.make_graph(first + list(graph.node), graph.name, graph.input, graph.output, constants)
    return finished(smaller, model.opset_import[0].version)


# --- models that are in ONNX form already -------------------------------------------------------------


def needed(graph: onnx.GraphProto, outputs: Sequence[str]) -> list[onnx.NodeProto]:
    """Returns the operators that the outputs depend on."""
    wanted, nodes = set(outputs), []
    for node in reversed(graph.node):
        if wanted.intersection(node.output):
            wanted.update(node.input)
            nodes.insert(0, node)
    return nodes


def renamed(
    model: onnx.ModelProto,
    inputs: dict[str, onnx.ValueInfoProto],
    outputs: dict[str, onnx.ValueInfoProto],
    before: Sequence[onnx.NodeProto] = (),
    constants: Sequence[onnx.TensorProto] = (),
) -> onnx.ModelProto:
    """Returns the model with other inputs and outputs, and only with what these outputs need; operators may
    be put before the rest."""
    nodes = [onnx.NodeProto.FromString(n.SerializeToString()) for n in needed(model.graph, list(outputs))]
    names = {old: new.name for old, new in outputs.items()}
    if not before:
        names |= {old: new.name for old, new in inputs.items()}
    for node in nodes:
        node.ClearField("name")
        for field_of_names in (node.input, node.output):
            renewed = [names.get(name, name) for name in field_of_names]
            del field_of_names[:]
            field_of_names.extend(renewed)
    used = {name for node in nodes for name in node.input}
    kept = [weights for weights in model.graph.initializer if weights.name in used]
    graph = helper.make_graph(
        [*before, *nodes],
        model.graph.name,
        list(inputs.values()),
        list(outputs.values()),
        [*constants, *kept],
    )
    return finished(graph, model.opset_import[0].version)
