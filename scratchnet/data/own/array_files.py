"""NumPy's files, and which of their arrays are the samples and the labels of which split."""

import contextlib
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from scratchnet.data.own.collection import PARTS, TEST, TRAIN, VAL
from scratchnet.errors import DataError
from scratchnet.system.text import printable

_SPLITS = {
    **dict.fromkeys(("train", "training", "tr"), TRAIN),
    **dict.fromkeys(("val", "valid", "validation", "dev"), VAL),
    **dict.fromkeys(("test", "testing", "te"), TEST),
}
_SAMPLES = {"x", "images", "image", "imgs", "data", "samples", "features", "inputs", "pixels"}
_LABELS = {"y", "labels", "label", "targets", "target"}
_NAMES = {"classes", "class_names", "target_names", "label_names", "names"}
_BAD_FILE = (  # all that NumPy raises for a file that is damaged or none of its own
    *(ValueError, EOFError, OSError, TypeError, KeyError, SyntaxError),
    *(RuntimeError, MemoryError, OverflowError, zipfile.BadZipFile, zlib.error),
)


@dataclass
class Arrays:
    """The arrays of a file or folder, by what they hold. Splits are TRAIN, VAL and TEST."""

    samples: dict[int, np.ndarray]
    labels: dict[int, np.ndarray]
    class_names: list[str]  # empty if none are given
    unused: list[str]  # names of other arrays

    def pairs(self) -> tuple[list[int], list[np.ndarray], list[np.ndarray]]:
        """The splits, with their samples and labels. Raises ValueError if either is missing."""
        if TRAIN not in self.samples:
            raise ValueError(f"holds no array of training samples: {_EXPECTED}")
        splits = sorted(self.samples)
        for split in splits:
            if split not in self.labels:
                raise ValueError(f"holds {PARTS[split]} samples without labels: {_EXPECTED}")
            samples, labels = self.samples[split], self.labels[split]
            if not samples.ndim or not labels.ndim or len(samples) != len(labels):
                raise ValueError(
                    f"holds samples of shape {samples.shape} with labels of shape {labels.shape}: "
                    "there must be a label for each sample"
                )
        return splits, [self.samples[s] for s in splits], [self.labels[s] for s in splits]


_EXPECTED = (
    "name the arrays x_train, y_train, x_test, y_test; or train_images, train_labels, val_images, "
    "...; or X, y; or images, labels"
)


def read_arrays(path: Path) -> Arrays:
    """The arrays in an .npz file, or in a folder of .npy files. Raises DataError."""
    names: dict[tuple[str, int], str] = {}  # by role
    arrays: dict[tuple[str, int], np.ndarray] = {}
    unused = []
    with _members(path) as members:
        for name, read in members.items():
            role = _role(name)
            if role is None:
                unused.append(name)
                continue
            if role in names:
                raise DataError(
                    f"{path}: {names[role]} and {name} could both be the {role[0]}: leave one of "
                    "them out"
                )
            names[role], arrays[role] = name, read()
    samples = {split: array for (kind, split), array in arrays.items() if kind == "samples"}
    if not samples:
        held = ", ".join(map(printable, sorted([*names.values(), *unused])[:20])) or "nothing"
        raise DataError(f"{path}: holds no array of samples ({held}); {_EXPECTED}")
    labels = {split: array for (kind, split), array in arrays.items() if kind == "labels"}
    class_names = arrays.get(("class names", TRAIN), np.empty(0, np.str_))
    if class_names.dtype.kind == "S":
        class_names = np.char.decode(class_names, "utf-8", "replace")
    return Arrays(samples, labels, class_names.astype(str).reshape(-1).tolist(), unused)


@contextlib.contextmanager
def _members(path: Path) -> Iterator[dict[str, Callable[[], np.ndarray]]]:
    """What reads each array in an .npz file, or in a folder of .npy files, by name."""
    if path.is_dir():
        yield {file.stem: partial(read_npy, file) for file in sorted(path.glob("*.npy"))}
        return
    with _loaded(path) as file:
        if isinstance(file, np.ndarray):
            raise DataError(
                f"{path}: holds a single array; put samples and labels into one .npz file, or into "
                ".npy files in one folder"
            )
        yield {name: partial(_member, path, file, name) for name in file.files}


@contextlib.contextmanager
def _loaded(path: Path) -> Iterator[Any]:
    """An .npz file, or the array of an .npy file. Raises DataError if it is pickled or damaged."""
    with contextlib.ExitStack() as stack:
        try:
            raw = stack.enter_context(path.open("rb"))  # NumPy would leave a damaged file open
            loaded = np.load(raw, allow_pickle=False)
        except _BAD_FILE as error:
            raise _damaged(path, error) from error
        yield loaded


def _member(path: Path, file: Mapping[str, np.ndarray], name: str) -> np.ndarray:
    try:
        array = file[name]
    except _BAD_FILE as error:
        raise _damaged(path, error) from error
    return _checked(array, f"{path}: {name}")


def read_npy(path: Path) -> np.ndarray:
    """The array in an .npy file. Raises DataError if it is pickled or damaged."""
    with _loaded(path) as array:
        if not isinstance(array, np.ndarray):
            raise DataError(f"{path}: holds several arrays: name it .npz")
        return _checked(array, f"{path}: it")


def samples_to_predict(path: Path) -> np.ndarray:
    """The samples in an .npy file, or in an .npz file, whose labels are not needed.

    Of several arrays those without a split are taken, or else the test samples. Raises DataError.
    """
    if path.suffix.lower() == ".npy":
        return read_npy(path)
    samples = read_arrays(path).samples
    return samples[TEST] if TEST in samples else samples[min(samples)]


def _role(name: str) -> tuple[str, int] | None:
    """What an array of this name holds, and of which split: TRAIN where the name does not say."""
    lower = name.lower()
    if lower in _NAMES:
        return "class names", TRAIN
    words = [word for word in re.split(r"[^a-z0-9]+|(?<=^[xy])(?=t|v)", lower) if word]
    splits = [_SPLITS[word] for word in words if word in _SPLITS]
    others = [word for word in words if word not in _SPLITS]
    if len(others) == 1 and len(splits) <= 1:
        for kind, known in (("samples", _SAMPLES), ("labels", _LABELS)):
            if others[0] in known:
                return kind, splits[0] if splits else TRAIN
    return None


def _checked(array: np.ndarray, where: str) -> np.ndarray:
    """The array, unless it holds neither numbers nor text."""
    if array.dtype.kind not in "biufSU":
        raise DataError(f"{where} holds values of type {array.dtype}: must be numbers or text")
    return array


def _damaged(path: Path, error: Exception) -> DataError:
    reason = printable(str(error)) or type(error).__name__
    if "allow_pickle" in reason or "pickled" in reason.lower():
        reason = (
            "holds Python objects (a pickle), which can run code; save arrays of numbers or text "
            "instead"
        )
    elif isinstance(error, FileNotFoundError):
        reason = "does not exist"
    else:
        reason = f"cannot be read as NumPy's file: {reason}"
    return DataError(f"{path}: {reason}")
