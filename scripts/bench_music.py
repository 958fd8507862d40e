#!/usr/bin/env python3
"""How well mmm hears beats, bars, tempo and sections, against what is wanted: `make bench-music`.

    pip install mir_eval                # needed
    pip install librosa aubio           # peers to compare with; a peer that is not there is left out
    python3 scripts/bench_music.py --mmm target/release/mmm FOLDER...

A folder holds NAME.flac (or .wav, .ogg, .mp3) with its beats in NAME.beats.txt beside it: a time in seconds a
line, and after it the position in the bar, 1 at the downbeat, where that is known. Lines with # are remarks;
one that says `bars: known` means that the positions are right. The part of a name before the first `_` is its
group. Without a folder, the tracks of this repository are scored.

Figures are means over tracks. F, CMLt and AMLt are mir_eval's; F is within 70 ms, and the first five seconds
are left out. `tempo` is the share of tracks whose tempo is right within 4 %: half or twice is wrong. `error`
is how much later than the truth the beats within 70 ms come: the median of a track.

--sections scores where sections begin instead, against NAME.sections.txt: a time in seconds a line. Beside it
stands librosa's agglomerative segmentation, on mmm's beats, told how many sections there are or given one in
15 s; of two descriptions of a track (timbre, timbre with harmony) it has the one that scores better.

Ends with 0, also where something wanted does not hold; with 2 where it cannot measure.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import math
import shutil
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

try:
    import mir_eval
    import numpy as np
except ImportError:
    print("bench_music.py needs mir_eval: pip install mir_eval", file=sys.stderr)
    sys.exit(2)

REPOSITORY = Path(__file__).resolve().parent.parent
OWN_FOLDERS = (REPOSITORY / "fixtures/music", REPOSITORY / "examples/first-movie/music")
AUDIO = (".flac", ".wav", ".ogg", ".mp3")
NOT_INSTALLED = "not installed"

Figures = dict[str, float]


class MeasuringError(Exception):
    """Something that the measurement needs is not there or does not work."""


# --- tracks -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Track:
    """A track and the truth about it."""

    name: str
    audio: Path
    times: np.ndarray  # beats, or starts of sections
    downbeats: np.ndarray | None = None  # where the bars are known

    @property
    def group(self) -> str:
        """The part of the name before the first underscore."""
        return self.name.split("_")[0]


def read_table(path: Path) -> tuple[list[list[float]], list[str]]:
    """Rows of numbers, and remarks."""
    lines = [line.strip() for line in path.read_text().splitlines()]
    remarks = [line for line in lines if line.startswith("#")]
    try:
        rows = [[float(word) for word in line.split()] for line in lines if line and line[0] != "#"]
    except ValueError as error:
        raise MeasuringError(f"{path}: {error}") from error
    return rows, remarks


def read_track(audio: Path, annotation: Path) -> Track:
    """A track with its annotation."""
    rows, remarks = read_table(annotation)
    times = np.array([row[0] for row in rows])
    downbeats = np.array([row[0] for row in rows if len(row) > 1 and row[1] == 1])
    known = any("bars: known" in remark for remark in remarks) and len(downbeats) > 0
    return Track(audio.stem, audio, times, downbeats if known else None)


def find_tracks(folders: Sequence[Path], ending: str) -> list[Track]:
    """The tracks of the folders that have an annotation of this ending beside them, by folder and name."""
    tracks = []
    for folder in folders:
        if not folder.is_dir():
            raise MeasuringError(f"{folder} is not a folder")
        for annotation in sorted(folder.glob(f"*{ending}")):
            stem = folder / annotation.name.removesuffix(ending)
            audio = next((path for end in AUDIO if (path := Path(f"{stem}{end}")).is_file()), None)
            if audio:
                tracks.append(read_track(audio, annotation))
    if not tracks:
        names = ", ".join(str(folder) for folder in folders)
        raise MeasuringError(f"no track with its NAME{ending} in {names}")
    return tracks


def each(tracks: Sequence[Track]) -> Iterator[Track]:
    """The tracks one by one, with a line on a terminal that says which."""
    shown = sys.stderr.isatty()
    for number, track in enumerate(tracks, start=1):
        if shown:
            print(f"\r\x1b[K{number}/{len(tracks)} {track.name}", end="", file=sys.stderr, flush=True)
        yield track
    if shown:
        print("\r\x1b[K", end="", file=sys.stderr, flush=True)


# --- trackers -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Heard:
    """What a tracker says about a track."""

    beats: np.ndarray
    downbeats: np.ndarray | None = None  # of a tracker that hears bars
    tempo: float | None = None  # of a tracker that says one; otherwise it is that of the beats


Tracker = Callable[[Path], Heard]


def run(command: Sequence[object]) -> str:
    """What a command prints."""
    words = [str(word) for word in command]
    try:
        done = subprocess.run(words, capture_output=True, text=True, check=False)
    except OSError as error:
        raise MeasuringError(f"{words[0]}: {error.strerror}") from error
    if done.returncode != 0:
        raise MeasuringError(f"{' '.join(words)} ends with {done.returncode}:\n{done.stderr.strip()}")
    return done.stdout


class Mmm:
    """The program that is measured."""

    def __init__(self, program: Path, cache: Path, models: bool = True) -> None:
        self.command = [program, "beats", "--json", "--cache-dir", cache]
        if not models:
            self.command.append("--no-models")

    def facts(self, audio: Path) -> dict[str, Any]:
        """All that `mmm beats --json` says: the one line that is no event."""
        for line in reversed(run([*self.command, audio]).splitlines()):
            facts = json.loads(line)
            if "beats" in facts:
                return facts
        raise MeasuringError(f"{self.command[0]} beats {audio} --json says nothing of beats")

    def __call__(self, audio: Path) -> Heard:
        """Beats, downbeats and tempo."""
        facts = self.facts(audio)
        beats = np.array([beat["time"] for beat in facts["beats"]])
        downbeats = np.array([beat["time"] for beat in facts["beats"] if beat["position"] == 1])
        return Heard(beats, downbeats, facts["tempo"])


def librosa_tracker() -> Tracker | None:
    """librosa's beat tracker, where librosa is installed."""
    try:
        import librosa
    except ImportError:
        return None

    def track(audio: Path) -> Heard:
        samples, rate = librosa.load(audio, sr=22050, mono=True)
        return Heard(librosa.beat.beat_track(y=samples, sr=rate, units="time")[1])

    return track


def aubio_tracker() -> Tracker | None:
    """aubio's beat tracker, where its command is installed: beside this Python, or on the path."""
    command = shutil.which("aubio", path=str(Path(sys.executable).parent)) or shutil.which("aubio")
    if command is None:
        return None

    def track(audio: Path) -> Heard:
        with tempfile.TemporaryDirectory() as folder:
            wave = Path(folder, "track.wav")  # not every aubio reads other formats
            run(["ffmpeg", "-v", "error", "-i", audio, "-vn", "-ac", 1, "-ar", 44100, wave])
            lines = run([command, "beat", wave]).splitlines()
        return Heard(np.array([float(line.split()[0]) for line in lines if line.strip()]))

    return track


PEERS: dict[str, Callable[[], Tracker | None]] = {"librosa": librosa_tracker, "aubio": aubio_tracker}


# --- scores of beats ----------------------------------------------------------------------------------

BEAT_COLUMNS = ("F", "CMLt", "AMLt", "downbeat F", "tempo", "error")
MISSED = {"F": 0.0, "CMLt": 0.0, "AMLt": 0.0, "tempo": 0.0, "error": math.nan}


def tempo_of(beats: np.ndarray) -> float:
    """Beats a minute, by the median interval."""
    return 60 / float(np.median(np.diff(beats))) if len(beats) > 1 else 0.0


def downbeat_score(track: Track, heard: Heard) -> float:
    """F of the downbeats; not a number where the bars are unknown or not listened for."""
    if track.downbeats is None or heard.downbeats is None:
        return math.nan
    truth, found = mir_eval.beat.trim_beats(track.downbeats), mir_eval.beat.trim_beats(heard.downbeats)
    return float(mir_eval.beat.f_measure(truth, found)) if len(found) else 0.0


def beat_scores(track: Track, heard: Heard) -> Figures:
    """All figures of a tracker on a track."""
    truth, found = mir_eval.beat.trim_beats(track.times), mir_eval.beat.trim_beats(heard.beats)
    downbeats = {"downbeat F": downbeat_score(track, heard)}
    if len(found) < 2:
        return MISSED | downbeats
    _, same_level, _, any_level = mir_eval.beat.continuity(truth, found)
    hits = mir_eval.util.match_events(truth, found, 0.07)
    errors = [found[j] - truth[i] for i, j in hits]
    tempo = tempo_of(heard.beats) if heard.tempo is None else heard.tempo
    return downbeats | {
        "F": float(mir_eval.beat.f_measure(truth, found)),
        "CMLt": float(same_level),
        "AMLt": float(any_level),
        "tempo": float(abs(tempo / tempo_of(track.times) - 1) < 0.04),
        "error": float(np.median(errors)) * 1000 if errors else math.nan,
    }


def mean(values: Sequence[float]) -> float:
    """The mean of the values that are numbers."""
    numbers = [value for value in values if not math.isnan(value)]
    return sum(numbers) / len(numbers) if numbers else math.nan


def means(scores: Sequence[Figures], columns: Sequence[str]) -> Figures:
    """The mean of each figure over tracks."""
    return {column: mean([score[column] for score in scores]) for column in columns}


@dataclass(frozen=True)
class Results:
    """The figures of every tracker on every track; none for a tracker that is not installed."""

    tracks: Sequence[Track]
    columns: Sequence[str]
    scores: dict[str, list[Figures]]

    def groups(self) -> list[str]:
        """The names of the groups, in order."""
        return sorted({track.group for track in self.tracks})

    def members(self, group: str | None) -> list[int]:
        """Which tracks are of a group; all for None."""
        return [i for i, track in enumerate(self.tracks) if group in (None, track.group)]

    def has(self, tracker: str) -> bool:
        """Whether the tracker is installed."""
        return bool(self.scores[tracker])

    def figures(self, tracker: str, group: str | None = None) -> Figures:
        """The means of an installed tracker over a group, or over all tracks."""
        return means([self.scores[tracker][i] for i in self.members(group)], self.columns)


def score_beats(tracks: Sequence[Track], program: Path, cache: Path) -> Results:
    """Runs all trackers on all tracks."""
    trackers: dict[str, Tracker | None] = {
        "mmm": Mmm(program, cache),
        "mmm --no-models": Mmm(program, cache, models=False),
    }
    trackers |= {name: peer() for name, peer in PEERS.items()}
    scores: dict[str, list[Figures]] = {name: [] for name in trackers}
    for track in each(tracks):
        if len(track.times) < 2:
            raise MeasuringError(f"{track.audio} has fewer than two beats beside it")
        for name, tracker in trackers.items():
            if tracker is not None:
                scores[name].append(beat_scores(track, tracker(track.audio)))
    return Results(tracks, BEAT_COLUMNS, scores)


# --- what is wanted -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Wanted:
    """A figure and what is wanted of it; `holds` is None where it could not be measured."""

    what: str
    measured: str
    wanted: str
    holds: bool | None


def wanted_figure(what: str, value: float, least: float) -> Wanted:
    """A figure that has to be high."""
    if math.isnan(value):
        return Wanted(what, "-", f"≥ {least:.2f}", None)
    return Wanted(what, f"{value:.3f}", f"≥ {least:.2f}", value >= least)


def wanted_error(value: float, most: float) -> Wanted:
    """The error, which has to be near 0."""
    if math.isnan(value):
        return Wanted("median error", "-", f"± {most:.0f} ms", None)
    return Wanted("median error", f"{value:+.1f} ms", f"± {most:.0f} ms", abs(value) <= most)


def wanted_lead(results: Results) -> Wanted:
    """No group in which a peer has the better F."""
    what, wanted = "F of the best peer, by group", "≤ mmm's"
    peers = [name for name in PEERS if results.has(name)]
    if not peers:
        return Wanted(what, NOT_INSTALLED, wanted, None)
    behind = [
        group
        for group in results.groups()
        if results.figures("mmm", group)["F"] < max(results.figures(peer, group)["F"] for peer in peers)
    ]
    return Wanted(what, f"better in {', '.join(behind) or 'none'}", wanted, not behind)


def wanted_of_beats(results: Results) -> list[Wanted]:
    """All that is wanted of the tracker."""
    full, bare = results.figures("mmm"), results.figures("mmm --no-models")
    return [
        wanted_figure("F", full["F"], 0.93),
        wanted_figure("CMLt", full["CMLt"], 0.89),
        wanted_figure("downbeat F", full["downbeat F"], 0.80),
        wanted_figure("tempo", full["tempo"], 0.90),
        wanted_error(full["error"], 5),
        wanted_figure("F without models", bare["F"], 0.65),
        wanted_lead(results),
    ]


# --- sections -----------------------------------------------------------------------------------------

SECTION_COLUMNS = ("F 3 s", "F 0.5 s", "found/true")
LIBROSA_TOLD = "librosa, told how many"
LIBROSA_EVEN = "librosa, one in 15 s"


def inner_boundaries(track: Track, duration: float) -> np.ndarray:
    """The true boundaries that are not the track's ends."""
    return track.times[(track.times > 5) & (track.times < duration - 6)]


def boundary_score(truth: np.ndarray, found: np.ndarray, duration: float, window: float) -> float:
    """F of boundaries; the ends of the track do not count."""

    def intervals(times: np.ndarray) -> np.ndarray:
        edges = np.unique(np.concatenate([[0], times[(times > 0) & (times < duration)], [duration]]))
        return np.column_stack([edges[:-1], edges[1:]])

    return float(mir_eval.segment.detection(intervals(truth), intervals(found), window=window, trim=True)[2])


def section_scores(truth: np.ndarray, found: np.ndarray, duration: float) -> Figures:
    """All figures of the boundaries of a track."""
    return {
        "F 3 s": boundary_score(truth, found, duration, 3),
        "F 0.5 s": boundary_score(truth, found, duration, 0.5),
        "found/true": len(found) / len(truth),
    }


def librosa_features(audio: Path, beats: np.ndarray) -> list[np.ndarray]:
    """Two descriptions of each beat: timbre, and timbre with harmony."""
    import librosa

    samples, rate = librosa.load(audio, sr=22050, mono=True)
    frames = librosa.time_to_frames(beats, sr=rate)
    timbre = librosa.feature.mfcc(y=samples, sr=rate)
    chroma = librosa.feature.chroma_cqt(y=samples, sr=rate)
    even = (timbre - timbre.mean(1, keepdims=True)) / (timbre.std(1, keepdims=True) + 1e-9)
    both = np.vstack([librosa.util.sync(chroma, frames), librosa.util.sync(even, frames)])
    return [librosa.util.sync(timbre, frames), both]


def librosa_boundaries(features: np.ndarray, beats: np.ndarray, sections: int) -> np.ndarray:
    """Where librosa's agglomerative segmentation of the beats begins this many sections, but the first."""
    import librosa

    spans = np.concatenate([[0], beats])[: features.shape[1]]
    return spans[librosa.segment.agglomerative(features, min(sections, len(spans)))][1:]


def librosa_section_scores(
    audio: Path, beats: np.ndarray, truth: np.ndarray, duration: float
) -> dict[str, Figures]:
    """librosa on mmm's beats; of its two descriptions, for each figure the better."""
    beats = beats[beats > 0.1] if len(beats) > 2 else np.arange(1, duration)  # none in the first frame
    descriptions = librosa_features(audio, beats)
    scores = {}
    for name, sections in ((LIBROSA_TOLD, len(truth) + 1), (LIBROSA_EVEN, max(1, int(duration / 15)))):
        tried = [
            section_scores(truth, librosa_boundaries(features, beats, sections), duration)
            for features in descriptions
        ]
        scores[name] = {column: max(score[column] for score in tried) for column in SECTION_COLUMNS}
    return scores


def librosa_is_installed() -> bool:
    """Whether librosa can be imported."""
    try:
        import librosa  # noqa: F401
    except ImportError:
        return False
    return True


def score_sections(tracks: Sequence[Track], program: Path, cache: Path) -> Results:
    """Runs mmm and librosa on all tracks that have two boundaries or more."""
    ours = {"mmm": Mmm(program, cache), "mmm --no-models": Mmm(program, cache, models=False)}
    peer = librosa_is_installed()
    scores: dict[str, list[Figures]] = {name: [] for name in (*ours, LIBROSA_TOLD, LIBROSA_EVEN)}
    scored = []
    for track in each(tracks):
        facts = {name: tracker.facts(track.audio) for name, tracker in ours.items()}
        duration = facts["mmm"]["duration"]
        truth = inner_boundaries(track, duration)
        if len(truth) < 2:
            continue
        scored.append(track)
        for name, said in facts.items():
            starts = np.array([section["start"] for section in said["sections"]])
            scores[name].append(section_scores(truth, starts[starts > 0.5], duration))
        if peer:
            beats = np.array([beat["time"] for beat in facts["mmm"]["beats"]])
            for name, figures in librosa_section_scores(track.audio, beats, truth, duration).items():
                scores[name].append(figures)
    if not scored:
        raise MeasuringError("no track has two boundaries or more")
    return Results(scored, SECTION_COLUMNS, scores)


# --- what is printed ----------------------------------------------------------------------------------


def cell(column: str, value: float) -> str:
    """A figure as it stands in the table."""
    if math.isnan(value):
        return "-"
    return f"{value:+.1f} ms" if column == "error" else f"{value:.3f}"


def print_rows(results: Results, title: str, group: str | None) -> None:
    """A row for each tracker on a group."""
    tracks = str(len(results.members(group)))
    for tracker in results.scores:
        cells = f"  {NOT_INSTALLED}"
        if results.has(tracker):
            figures = results.figures(tracker, group)
            cells = "".join(f"{cell(column, figures[column]):>12}" for column in results.columns)
        print(f"{title:<12}{tracks:>6}  {tracker:<23}{cells}")
        title = tracks = ""


def print_table(results: Results) -> None:
    """All groups, then all tracks."""
    print(f"{'group':<12}{'tracks':>6}  {'':<23}{''.join(f'{column:>12}' for column in results.columns)}")
    for group in results.groups():
        print_rows(results, group, group)
    print_rows(results, "all", None)


def print_wanted(wanted: Sequence[Wanted]) -> None:
    """Whether what is wanted holds."""
    words = {True: "holds", False: "does not hold", None: "not measured"}
    print(f"\n{'':<32}{'measured':>20}{'wanted':>12}")
    for row in wanted:
        print(f"{row.what:<32}{row.measured:>20}{row.wanted:>12}  {words[row.holds]}")


def as_json(results: Results, wanted: Sequence[Wanted]) -> str:
    """All figures; null where there is none, and for a tracker that is not installed."""

    def clean(figures: Figures) -> dict[str, float | None]:
        return {name: None if math.isnan(value) else round(value, 4) for name, value in figures.items()}

    def by_tracker(group: str | None) -> dict[str, Any]:
        return {
            tracker: clean(results.figures(tracker, group)) if results.has(tracker) else None
            for tracker in results.scores
        }

    def on_track(index: int) -> dict[str, Any]:
        return {tracker: clean(scores[index]) for tracker, scores in results.scores.items() if scores}

    figures = {
        "all": by_tracker(None),
        "groups": {group: by_tracker(group) for group in results.groups()},
        "tracks": [{"name": track.name, "figures": on_track(i)} for i, track in enumerate(results.tracks)],
        "wanted": [vars(row) for row in wanted],
    }
    return json.dumps(figures, indent=2, ensure_ascii=False)


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description="Scores mmm beats on annotated tracks.")
    add = parser.add_argument
    add("folders", nargs="*", type=Path, metavar="FOLDER", help="tracks [default: this repository's]")
    add("--mmm", type=Path, default=REPOSITORY / "target/release/mmm", metavar="PATH", help="the program")
    add("--sections", action="store_true", help="score where sections begin, not beats")
    add("--json", action="store_true", help="print the figures as JSON")
    add("--cache-dir", type=Path, metavar="DIR", help="mmm's cache [default: one that is thrown away]")
    return parser.parse_args()


def measure(options: argparse.Namespace, cache: Path) -> None:
    """Scores and prints."""
    folders = options.folders or OWN_FOLDERS
    tracks = find_tracks(folders, ".sections.txt" if options.sections else ".beats.txt")
    if options.sections:
        results, wanted = score_sections(tracks, options.mmm, cache), []
    else:
        results = score_beats(tracks, options.mmm, cache)
        wanted = wanted_of_beats(results)
    if options.json:
        print(as_json(results, wanted))
        return
    print_table(results)
    if wanted:
        print_wanted(wanted)


def main() -> int:
    """Measures; the exit code."""
    options = arguments()
    warnings.filterwarnings("ignore")  # mir_eval's and librosa's, of tracks without beats
    with contextlib.ExitStack() as stack:
        cache = options.cache_dir or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        try:
            measure(options, cache)
        except MeasuringError as error:
            print(f"bench_music.py: {error}", file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
