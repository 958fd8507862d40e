"""The text of LICENSES.md: for each model its licence, its authors, and the files it was made from."""

from dataclasses import dataclass

from output import Output
from packages import Package

HEAD = """\
# Models in this folder

`scripts/convert_models` makes this folder. It names every source and checks it by digest. The weights are the
authors' own, published under the licences below. Nothing is trained. Converting changes the container, and
where a section says so the number of bits per weight. [README.md](README.md) says what each model takes and
returns. The images of ImageNet, WIDER FACE, COCO and DUTS, which some models were trained on, have terms of
their own; none of them is included here.

The full text of the Apache License 2.0 is in `LICENSE-FireRedVAD`, after that file's notice.
"""


@dataclass(frozen=True)
class Part:
    """A section: what was made of which files of which package."""

    title: str
    text: str
    package: Package
    made: tuple[str, ...]
    # Names and digests of the files of the package that were converted.
    sources: tuple[tuple[str, str], ...] = ()


def section(part: Part, digests: dict[str, str]) -> str:
    """Returns the section as text."""
    files = ", ".join(f"`{name}`" for name in part.made)
    name = part.package.requirement.replace("==", " ").replace("@3", " 3")
    kind = "npm" if part.package.file.endswith(".tgz") else "Python"
    lines = [f"\n## {part.title} ({files})\n", part.text.strip()]
    lines += [f"Source: {kind} package {name}, sha256 `{part.package.digest}`.\n"]
    lines += ["| file | sha256 |", "|---|---|"]
    lines += [f"| {name} | `{digests[name]}` |" for name in part.made]
    if part.sources:
        lines += ["", "| converted from | its sha256 |", "|---|---|"]
        lines += [f"| {name} | `{digest}` |" for name, digest in part.sources]
    return "".join(f"{line}\n" for line in lines)


def write_licences(output: Output, parts: list[Part]) -> None:
    """Writes LICENSES.md."""
    text = HEAD + "".join(section(part, output.digests) for part in parts)
    output.write("LICENSES.md", text.encode())
