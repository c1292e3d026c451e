"""Files whose name the user gives: one that is there is replaced only if we have written it."""

from collections.abc import Mapping
from pathlib import Path

from scratchnet.errors import UserError

PNG = {"Software": "scratchnet"}  # the text chunk that our images begin with
HTML = '<meta name="generator" content="scratchnet">'  # in the head of our pages
SAFETENSORS = {"generator": "scratchnet"}  # in its metadata
NPZ = "scratchnet"  # the name of the first array, which holds our version
CSV = ("file", "class", "probability_")  # what the columns of our predictions begin with
MARKS = (
    ",".join(CSV).encode(),
    b"tEXtSoftware\0scratchnet",
    HTML.encode(),
    b'"generator":"scratchnet"',
    b"scratchnet.npy",
    b"\x12\x0ascratchnet",  # ONNX: the producer
)
HEAD = 4096  # bytes in which the mark stands


def check(path: Path) -> None:
    """Raise UserError unless a new file can be written here, or one of ours replaced.

    Call it before the work whose result goes there.
    """
    if path.is_dir():
        raise UserError(f"{path}: is a folder; name a file in it")
    if path.exists() and not _is_ours(path):
        raise UserError(f"{path}: exists, and scratchnet has not written it; choose another name")


def check_png(path: Path) -> None:
    """`check` for an image: its name must end in .png, as that is what is written."""
    if path.suffix.lower() != ".png":
        raise UserError(f"{path}: an image is written as PNG; choose a name that ends in .png")
    check(path)


def check_differ(paths: Mapping[str, Path | None]) -> None:
    """Raise UserError if two options, such as --csv, name the same file."""
    taken: dict[Path, str] = {}
    for option, path in paths.items():
        if path is None:
            continue
        other = taken.setdefault(path.resolve(), option)
        if other != option:
            raise UserError(f"{path}: {other} and {option} name the same file; choose two names")


def _is_ours(path: Path) -> bool:
    if not path.is_file():  # such as /dev/stdout
        return False
    with path.open("rb") as file:
        head = file.read(HEAD)
    return any(mark in head for mark in MARKS)
