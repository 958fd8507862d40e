"""MediaPipe's face landmarks and blendshapes, from TensorFlow Lite to ONNX."""

import io
import zipfile
from collections.abc import Callable, Sequence

import numpy as np
import onnx

from lite import LiteModel, Operator
from licences import Part
from networks import Graph, compact, floats
from output import Output
from packages import Package, checked, fetch
from pictures import PATTERN, agree, answers, pattern, write_fixture

PIXCULL = Package(
    "pixcull==3.95.0",
    "pixcull-3.95.0-py3-none-any.whl",
    "947041af9edcd373c73f09e65061e8fad3e409489c1eda2a96190fcbb5347913",
)
TASK = "pixcull/detectors/_models/face_landmarker.task"
LANDMARKS_DIGEST = "c7d54204ce0448474c7f3fa9af494787c0965cbdd6f20fc72867e43046bd43d5"
BLENDSHAPES_DIGEST = "4f36dded049db18d76048567439b2a7f58f1daabc00d78bfe8f3ad396a2d2082"

LANDMARKS_PART = Part(
    "MediaPipe Face Landmarker",
    """
Output: 478 points of a face, and 52 blendshapes such as smiling and blinking. Licence: **Apache-2.0**.
Authors: The MediaPipe Authors, Google (google-ai-edge/mediapipe). Taken from a package whose own code is
under the MIT licence. Converted from TensorFlow Lite to ONNX, weights unchanged in 16 bits.
""",
    PIXCULL,
    ("face-landmarks.onnx", "face-blendshapes.onnx"),
    (
        ("face_landmarks_detector.tflite", LANDMARKS_DIGEST),
        ("face_blendshapes.tflite", BLENDSHAPES_DIGEST),
    ),
)


SIDE = 256
POINTS = 478
SCORES = 52
SAME = 0  # the padding; 1 is none
# The points that the blendshapes are computed from, as MediaPipe chooses them.
CHOSEN = (
    0, 1, 4, 5, 6, 7, 8, 10, 13, 14, 17, 21, 33, 37, 39, 40, 46, 52, 53, 54, 55, 58, 61, 63, 65, 66, 67, 70,
    78, 80, 81, 82, 84, 87, 88, 91, 93, 95, 103, 105, 107, 109, 127, 132, 133, 136, 144, 145, 146, 148, 149,
    150, 152, 153, 154, 155, 157, 158, 159, 160, 161, 162, 163, 168, 172, 173, 176, 178, 181, 185, 191, 195,
    197, 234, 246, 249, 251, 263, 267, 269, 270, 276, 282, 283, 284, 285, 288, 291, 293, 295, 296, 297, 300,
    308, 310, 311, 312, 314, 317, 318, 321, 323, 324, 332, 334, 336, 338, 356, 361, 362, 365, 373, 374, 375,
    377, 378, 379, 380, 381, 382, 384, 385, 386, 387, 388, 389, 390, 397, 398, 400, 402, 405, 409, 415, 454,
    466, 468, 469, 470, 471, 472, 473, 474, 475, 476, 477,
)  # fmt: skip


class Translation:
    """Turns a network into an ONNX graph, operator by operator. Values are named by tensor number."""

    def __init__(self, model: LiteModel, name: str, first: Callable[[Graph], str]) -> None:
        self.model = model
        self.graph = Graph(name)
        self.constants, operators = model.widened()
        self.names = {model.inputs[0]: first(self.graph)}
        for operator in operators:
            translate = getattr(self, operator.kind.lower(), None)
            if translate is None:
                raise SystemExit(f"{name}: the operator {operator.kind} has no translation")
            value = translate(operator)
            self.names[operator.outputs[0]] = self.activated(operator, value)

    def activated(self, operator: Operator, value: str) -> str:
        """Adds the activation that is part of an operator."""
        match operator.activation():
            case 0:
                return value
            case 1:
                return self.graph.add("Relu", value)
        raise SystemExit(f"{operator.kind}: activation {operator.activation()} has no translation")

    def value(self, at: int) -> str:
        """Returns the name of a tensor; a constant is added to the graph on first use."""
        if at not in self.names:
            self.names[at] = self.graph.constant(self.constants[at])
        return self.names[at]

    def plain(self, kind: str, operator: Operator, **attributes: object) -> str:
        """Adds an operator that is the same in both forms."""
        return self.graph.add(kind, *map(self.value, operator.inputs), **attributes)

    def add(self, operator: Operator) -> str:
        """Sum of two tensors."""
        return self.plain("Add", operator)

    def logistic(self, operator: Operator) -> str:
        """Logistic function."""
        return self.plain("Sigmoid", operator)


class ImageTranslation(Translation):
    """A network of convolutions: tensors [1, height, width, channels] become [1, channels, height, width]."""

    def padding(self, operator: Operator, kernel: Sequence[int], strides: Sequence[int]) -> list[int]:
        """Returns the rows and columns to add before and after."""
        if operator.options.Padding() != SAME:
            return [0, 0, 0, 0]
        given, made = (self.model.shape(at)[1:3] for at in (operator.inputs[0], operator.outputs[0]))
        totals = [
            max((to - 1) * stride + size - side, 0)
            for side, to, size, stride in zip(given, made, kernel, strides, strict=True)
        ]
        return [total // 2 for total in totals] + [total - total // 2 for total in totals]

    def convolution(self, operator: Operator, weights: np.ndarray, group: int) -> str:
        """Adds a convolution with weights [outputs, inputs, height, width]."""
        options, kernel = operator.options, list(weights.shape[2:])
        if (options.DilationHFactor(), options.DilationWFactor()) != (1, 1):
            raise SystemExit("dilated convolutions have no translation")
        strides = [options.StrideH(), options.StrideW()]
        constants = [self.graph.constant(weights), self.value(operator.inputs[2])]
        pads = self.padding(operator, kernel, strides)
        attributes = {"kernel_shape": kernel, "strides": strides, "pads": pads, "group": group}
        return self.graph.add("Conv", self.value(operator.inputs[0]), *constants, **attributes)

    def conv_2d(self, operator: Operator) -> str:
        """Convolution over all channels."""
        return self.convolution(operator, self.constants[operator.inputs[1]].transpose(0, 3, 1, 2), 1)

    def depthwise_conv_2d(self, operator: Operator) -> str:
        """Convolution of each channel by itself."""
        weights = self.constants[operator.inputs[1]].transpose(3, 0, 1, 2)
        return self.convolution(operator, weights, len(weights))

    def prelu(self, operator: Operator) -> str:
        """Slope below zero, one per channel."""
        slope = self.graph.constant(self.constants[operator.inputs[1]].transpose(2, 0, 1))
        return self.graph.add("PRelu", self.value(operator.inputs[0]), slope)

    def max_pool_2d(self, operator: Operator) -> str:
        """Maximum of each square."""
        options = operator.options
        kernel = [options.FilterHeight(), options.FilterWidth()]
        strides = [options.StrideH(), options.StrideW()]
        pads = self.padding(operator, kernel, strides)
        value = self.value(operator.inputs[0])
        return self.graph.add("MaxPool", value, kernel_shape=kernel, strides=strides, pads=pads)

    def pad(self, operator: Operator) -> str:
        """Zeros around a tensor, or more channels of zeros."""
        amounts = self.constants[operator.inputs[1]][[0, 3, 1, 2]]
        pads = self.graph.constant(amounts.T.reshape(-1).astype(np.int64))
        return self.graph.add("Pad", self.value(operator.inputs[0]), pads)

    def reshape(self, operator: Operator) -> str:
        """Another shape of a single number."""
        if np.prod(self.model.shape(operator.outputs[0])) != 1:
            raise SystemExit("only single numbers can be reshaped")
        return self.value(operator.inputs[0])


class PointTranslation(Translation):
    """A network over rows of numbers: tensors keep their shape, and convolutions of 1 x 1 are products."""

    def conv_2d(self, operator: Operator) -> str:
        """Product with a matrix, and a bias."""
        weights = self.constants[operator.inputs[1]]
        if weights.shape[1:3] != (1, 1):
            raise SystemExit("only convolutions of 1 x 1 have a translation")
        matrix = self.graph.constant(weights[:, 0, 0].T)
        value = self.graph.add("MatMul", self.value(operator.inputs[0]), matrix)
        return self.graph.add("Add", value, self.value(operator.inputs[2]))

    def axes(self, operator: Operator) -> list[int]:
        """Returns the axes of a mean or sum, which have to stay."""
        if not operator.options.KeepDims():
            raise SystemExit("only reductions that keep their axes have a translation")
        return self.constants[operator.inputs[1]].reshape(-1).tolist()

    def mean(self, operator: Operator) -> str:
        """Mean over axes."""
        axes = self.axes(operator)
        return self.graph.add("ReduceMean", self.value(operator.inputs[0]), axes=axes, keepdims=1)

    def sum(self, operator: Operator) -> str:
        """Sum over axes."""
        axes = self.graph.constant(np.array(self.axes(operator), np.int64))
        return self.graph.add("ReduceSum", self.value(operator.inputs[0]), axes, keepdims=1)

    def reshape(self, operator: Operator) -> str:
        """Another shape."""
        shape = self.graph.constant(np.array(self.model.shape(operator.outputs[0]), np.int64))
        return self.graph.add("Reshape", self.value(operator.inputs[0]), shape)

    def strided_slice(self, operator: Operator) -> str:
        """Part of a tensor; axes that the options drop are dropped by a reshape."""
        options, shape = operator.options, self.model.shape(operator.inputs[0])
        first, last, step = (self.constants[at] for at in operator.inputs[1:])
        if options.EllipsisMask() or options.NewAxisMask() or set(step.tolist()) != {1}:
            raise SystemExit("this slice has no translation")
        starts, ends = [], []
        for axis, length in enumerate(shape):
            start = 0 if options.BeginMask() >> axis & 1 else int(first[axis]) % length
            end = length if options.EndMask() >> axis & 1 else int(last[axis])
            end = start + 1 if options.ShrinkAxisMask() >> axis & 1 else end
            starts.append(start)
            ends.append(end)
        constants = [self.graph.constant(np.array(values, np.int64)) for values in (starts, ends)]
        value = self.graph.add("Slice", self.value(operator.inputs[0]), *constants)
        return self.reshaped(value, operator.outputs[0])

    def reshaped(self, value: str, at: int) -> str:
        """Gives a value the shape of a tensor."""
        shape = self.graph.constant(np.array(self.model.shape(at), np.int64))
        return self.graph.add("Reshape", value, shape)

    def transpose(self, operator: Operator) -> str:
        """Axes in another order."""
        order = self.constants[operator.inputs[1]].tolist()
        return self.graph.add("Transpose", self.value(operator.inputs[0]), perm=order)

    def concatenation(self, operator: Operator) -> str:
        """Tensors one after another."""
        return self.plain("Concat", operator, axis=operator.options.Axis())

    def squared_difference(self, operator: Operator) -> str:
        """Square of the difference."""
        difference = self.plain("Sub", operator)
        return self.graph.add("Mul", difference, difference)

    def rsqrt(self, operator: Operator) -> str:
        """One divided by the square root."""
        return self.graph.add("Reciprocal", self.plain("Sqrt", operator))

    def mul(self, operator: Operator) -> str:
        """Product of two tensors."""
        return self.plain("Mul", operator)

    def sub(self, operator: Operator) -> str:
        """Difference of two tensors."""
        return self.plain("Sub", operator)

    def div(self, operator: Operator) -> str:
        """Quotient of two tensors."""
        return self.plain("Div", operator)

    def sqrt(self, operator: Operator) -> str:
        """Square root."""
        return self.plain("Sqrt", operator)

    def neg(self, operator: Operator) -> str:
        """Negative."""
        return self.plain("Neg", operator)


def landmarks_model(source: bytes) -> onnx.ModelProto:
    """Returns the network: `image` [1, 3, 256, 256], the crop of an upright face, to `landmarks`
    [1, 478, 3] (x, y in pixels of the crop, and depth) and `presence` [1, 1], the probability of a face."""

    def scaled(graph: Graph) -> str:
        return graph.add("Div", "image", graph.constant(np.array(255, np.float32)))

    lite = LiteModel(source)
    translation = ImageTranslation(lite, "face-landmarks", scaled)
    graph, (points, presence, _tongue) = translation.graph, lite.outputs
    shapes = {"landmarks": [1, POINTS, 3], "presence": [1, 1]}
    sizes = {name: graph.constant(np.array(shape, np.int64)) for name, shape in shapes.items()}
    graph.add("Reshape", translation.names[points], sizes["landmarks"], to="landmarks")
    probability = graph.add("Sigmoid", translation.names[presence])
    graph.add("Reshape", probability, sizes["presence"], to="presence")
    outputs = [floats(name, shape) for name, shape in shapes.items()]
    return graph.model([floats("image", [1, 3, SIDE, SIDE])], outputs)


def blendshapes_model(source: bytes) -> onnx.ModelProto:
    """Returns the network: `landmarks` [1, 478, 3] as above to `scores` [1, 52], each from 0 to 1. It moves
    and scales the points itself, so any unit of length will do."""

    def picked(graph: Graph) -> str:
        points = graph.add("Gather", "landmarks", graph.constant(np.array(CHOSEN, np.int64)), axis=1)
        return graph.add("Gather", points, graph.constant(np.array([0, 1], np.int64)), axis=2)

    lite = LiteModel(source)
    translation = PointTranslation(lite, "face-blendshapes", picked)
    graph = translation.graph
    shape = graph.constant(np.array([1, SCORES], np.int64))
    graph.add("Reshape", translation.names[lite.outputs[0]], shape, to="scores")
    return graph.model([floats("landmarks", [1, POINTS, 3])], [floats("scores", [1, SCORES])])


def make_landmarks(output: Output) -> None:
    """Makes face-landmarks.onnx and face-blendshapes.onnx and their fixtures."""
    task = zipfile.ZipFile(io.BytesIO(fetch(PIXCULL).read(TASK)))
    names = ("face_landmarks_detector.tflite", "face_blendshapes.tflite")
    digests = (LANDMARKS_DIGEST, BLENDSHAPES_DIGEST)
    sources = [checked(name, task.read(name), digest) for name, digest in zip(names, digests, strict=True)]

    full = landmarks_model(sources[0])
    small = compact(full, 16)
    output.write("face-landmarks.onnx", small.SerializeToString())
    image = {"image": pattern(SIDE, SIDE)}
    values = answers(small, image)
    agree(answers(full, image), values, {"landmarks": 1e-3, "presence": 1e-3})
    write_fixture(output, "face-landmarks", [f"{PATTERN}, 256 x 256"], values)

    full = blendshapes_model(sources[1])
    small = compact(full, 16)
    output.write("face-blendshapes.onnx", small.SerializeToString())
    at = np.arange(POINTS)
    points = np.stack([at * 37 % 256, at * 91 % 256, at * 0], axis=1).astype(np.float32)[None]
    values = answers(small, {"landmarks": points})
    agree(answers(full, {"landmarks": points}), values, {"scores": 1e-3})
    remark = "landmarks: point i is at x = 37 i mod 256, y = 91 i mod 256, depth 0"
    write_fixture(output, "face-blendshapes", [remark], values, spread=SCORES)
