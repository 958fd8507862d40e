"""Drawn faces, on which the models of faces are checked together: without a photo, and without a decoder."""

import numpy as np
import onnxruntime

from networks import session
from output import Output

GRID = 256
BACKGROUND = (96, 110, 120)
SKIN = (214, 172, 146)
LID = (196, 152, 128)
LIPS = (176, 80, 78)
BROWS = (70, 48, 36)
NOSTRILS = (150, 105, 88)
# Ellipses: centre x and y, radius x and y, colour. Later ones cover earlier ones.
PARTS = {
    "head": (
        (128, 118, 92, 112, (50, 35, 25)),
        (128, 132, 74, 96, SKIN),
        (96, 98, 20, 4, BROWS),
        (160, 98, 20, 4, BROWS),
        (128, 150, 8, 12, (200, 155, 130)),
        (120, 156, 5, 4, NOSTRILS),
        (136, 156, 5, 4, NOSTRILS),
    ),
    "open": tuple(
        ellipse
        for x in (96, 160)
        for ellipse in ((x, 116, 16, 8, (240, 236, 230)), (x, 116, 7, 7, (60, 40, 30)))
    ),
    "closed": tuple(
        ellipse
        for x in (96, 160)
        for ellipse in ((x, 116, 17, 10, LID), (x, 121, 17, 4, (60, 40, 34)), (x, 118, 17, 4, LID))
    ),
    "plain": ((128, 186, 28, 9, LIPS), (128, 185, 20, 3, (120, 40, 40))),
    "smiling": ((128, 180, 40, 22, LIPS), (128, 176, 36, 16, (245, 240, 235)), (128, 166, 44, 14, SKIN)),
}
FACES = (("open", "plain"), ("open", "smiling"), ("closed", "plain"), ("closed", "smiling"))
# In the picture that boxes are found in.
HEIGHT, WIDTH = 224, 320
SIDE, LEFT, TOP = 64, 64, 16
SCORES = {"blink left": 9, "blink right": 10, "smile left": 44, "smile right": 45}

REMARKS = f"""\
Drawn faces. A row with `draw`: a part of the face, then an ellipse: centre x and y, radius x and y, and red,
green, blue. A face is its head, then its eyes (open or closed), then its mouth (plain or smiling); ellipses
cover those before. At a side of S pixels, the pixel in column x and row y is inside an ellipse if with
X = floor({GRID} x / S) and Y = floor({GRID} y / S): (X - cx)^2 ry^2 + (Y - cy)^2 rx^2 <= rx^2 ry^2.
All other pixels are {BACKGROUND}.
A row with `crop`: eyes, mouth, then of the face alone, {GRID} x {GRID}: presence, {", ".join(SCORES)},
then x and y of landmarks 33 and 263 (outer corners of the eyes), 61 and 291 (corners of the mouth).
A row with `box`: eyes, mouth, then of a picture of {HEIGHT} rows and {WIDTH} columns of background with the
face at a side of {SIDE}, its first pixel in row {TOP} and column {LEFT}: the highest heat, then the box
at that place: left, top, right, bottom."""


def drawn(eyes: str, mouth: str, side: int) -> np.ndarray:
    """Returns a face [3, side, side]."""
    y, x = (axis * GRID // side for axis in np.mgrid[:side, :side])
    picture = np.zeros((3, side, side), np.float32) + np.array(BACKGROUND, np.float32)[:, None, None]
    for part in ("head", eyes, mouth):
        for cx, cy, rx, ry, colour in PARTS[part]:
            inside = ((x - cx) * ry) ** 2 + ((y - cy) * rx) ** 2 <= (rx * ry) ** 2
            picture[:, inside] = np.array(colour, np.float32)[:, None]
    return picture


def crop_row(eyes: str, mouth: str, models: dict[str, onnxruntime.InferenceSession]) -> list[float]:
    """Returns presence, scores and points of a face alone."""
    image = {"image": drawn(eyes, mouth, GRID)[None]}
    landmarks, presence = models["face-landmarks"].run(["landmarks", "presence"], image)
    scores = models["face-blendshapes"].run(["scores"], {"landmarks": landmarks})[0][0]
    points = landmarks[0, [33, 263, 61, 291], :2]
    return [presence[0, 0], *(scores[number] for number in SCORES.values()), *points.ravel()]


def box_row(eyes: str, mouth: str, models: dict[str, onnxruntime.InferenceSession]) -> list[float]:
    """Returns the highest heat of a picture with a face, and the box there."""
    image = np.zeros((1, 3, HEIGHT, WIDTH), np.float32) + np.array(BACKGROUND, np.float32).reshape(1, 3, 1, 1)
    image[0, :, TOP : TOP + SIDE, LEFT : LEFT + SIDE] = drawn(eyes, mouth, SIDE)
    heat, scale, offset = models["centerface"].run(["heat", "scale", "offset"], {"image": image})
    row, column = np.unravel_index(heat[0, 0].argmax(), heat.shape[2:])
    height, width = 4 * np.exp(scale[0, :, row, column])
    y, x = 4 * (np.array([row, column]) + offset[0, :, row, column] + 0.5)
    box = [x - width / 2, y - height / 2, x + width / 2, y + height / 2]
    return [heat[0, 0, row, column], *box]


def make_faces(output: Output) -> None:
    """Makes fixtures/faces.tsv out of models that were made before."""
    names = ("centerface", "face-landmarks", "face-blendshapes")
    models = {name: session((output.folder / f"{name}.onnx").read_bytes()) for name in names}
    lines = [f"# {remark}" for remark in REMARKS.splitlines()]
    for part, ellipses in PARTS.items():
        for *numbers, colour in ellipses:
            lines.append("\t".join(map(str, ["draw", part, *numbers, *colour])))
    for kind, row in (("crop", crop_row), ("box", box_row)):
        for eyes, mouth in FACES:
            values = [f"{value:.6g}" for value in row(eyes, mouth, models)]
            lines.append("\t".join([kind, eyes, mouth, *values]))
    output.write("fixtures/faces.tsv", "".join(f"{line}\n" for line in lines).encode())
