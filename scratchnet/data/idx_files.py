"""Where a dataset's four IDX files lie, and under which names: as published or as torchvision does.

A file's name here is the published one, e.g. `train-images-idx3-ubyte`. On disk it may be gzipped
(`.gz`), and it may have a dot for its second dash (`train-images.idx3-ubyte`), as in the archives
that pass around.
"""

from collections.abc import Sequence
from pathlib import Path

PARTS = ("train", "t10k")


def file_names(part: str) -> tuple[str, str]:
    """The names of a part's two files: images and labels."""
    return f"{part}-images-idx3-ubyte", f"{part}-labels-idx1-ubyte"


FILES = tuple(name for part in PARTS for name in file_names(part))


def places(folders: Sequence[Path], name: str) -> list[Path]:
    """Where one of the FILES may lie, the likeliest place first; gzipped, with `.gz` added."""
    dotted = name.replace("-idx", ".idx")
    return [folder / spelling for folder in folders for spelling in (name, dotted)]
