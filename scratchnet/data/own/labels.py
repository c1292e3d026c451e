"""Labels of all kinds, turned into classes with names.

Whatever is wrong with them raises ValueError, which does not know the file.
"""

import re

import numpy as np

from scratchnet.data.own.layout import natural

MANY = 20  # fewer different numbers are classes, however few samples they have
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)


def as_column(labels: np.ndarray) -> np.ndarray:
    """One label per sample, int64 or text (n,), of labels (n,), (n, 1) or one-hot (n, classes)."""
    if labels.ndim == 2:
        labels = labels[:, 0] if labels.shape[1] == 1 else _from_one_hot(labels)
    if labels.ndim != 1:
        raise ValueError(
            f"labels of shape {labels.shape}: must be (n,), (n, 1) or one-hot (n, classes)"
        )
    kind = labels.dtype.kind
    if kind == "S":
        labels = np.char.decode(labels, "utf-8")
    if kind in "SU":
        return _text(labels)
    if kind == "b":
        return labels.astype(str)
    if kind == "f" and not np.all(np.mod(labels, 1) == 0):  # False for NaN and infinity, too
        raise ValueError(
            f"label {labels[np.mod(labels, 1) != 0][0]:g} is not a class: labels must be text or "
            "whole numbers"
        )
    if kind not in "iuf":
        raise ValueError(f"labels of type {labels.dtype}: must be text or whole numbers")
    return labels.astype(np.int64)


def from_text(cells: list[str]) -> np.ndarray:
    """The labels in the cells of a table: int64 (n,) if all are whole numbers, else text.

    Other numbers are text: 1.1 and 1.10 are two labels, as they may be codes.
    """
    cells = [cell.strip() for cell in cells]
    numbers = [re.fullmatch(r"([+-]?\d{1,18})(?:\.0*)?", cell, re.ASCII) for cell in cells]
    if all(numbers):
        column = np.array([int(number[1]) for number in numbers if number], np.int64)
        _check_classes(len(np.unique(column)), len(column), least=3)
        return column
    cells = [re.sub(r"^-(?=[0.]+$)", "", cell) for cell in cells]  # -0.0 is 0.0
    different = set(cells)
    if all(map(NUMBER.fullmatch, different)):
        _check_classes(len(different), len(cells), least=10)
    return _text(np.array(cells, np.str_))


def encode(columns: list[np.ndarray], names: list[str]) -> tuple[list[np.ndarray], list[str]]:
    """Class indices int64 (n,) for the labels of each split, and the names of the classes.

    The classes are all labels found, in natural order. Given `names` of classes stand for whole
    numbers in ascending order, or for 0, 1, 2, ... if some of these are missing; for labels that
    are text they are the classes, in their order.
    """
    if len({column.dtype.kind for column in columns}) > 1:
        raise ValueError("some labels are text, others numbers: they must be of one kind")
    found: list[int | str] = np.unique(np.concatenate(columns)).tolist()
    if columns[0].dtype.kind == "U":
        classes, known = _of_text([str(one) for one in found], names)
    else:
        classes, known = _of_numbers([int(one) for one in found], names)
    if len(found) < 2:
        raise ValueError(f"all labels are {found[0]}: there must be two classes or more")
    count = sum(map(len, columns))
    if len(found) == count:
        raise ValueError(f"all {count} labels differ: they must name classes of several samples")
    if columns[0].dtype.kind != "U":
        _check_classes(len(found), count, least=3)
    return [_positions(column, known) for column in columns], classes


def _check_classes(different: int, count: int, least: int) -> None:
    """Raise ValueError if so many of `count` numbers differ that they seem to be a quantity.

    That is if each occurs less than `least` times on average.
    """
    if different > MANY and count < least * different:
        raise ValueError(
            f"holds {different:,} different numbers in {count:,} samples: classes are wanted, not "
            "a quantity"
        )


def _of_text(found: list[str], names: list[str]) -> tuple[list[str], dict[str | int, int]]:
    unknown = sorted(set(found) - set(names), key=natural) if names else []
    if unknown:
        raise ValueError(f"label {unknown[0]} is none of the classes given: {', '.join(names)}")
    classes = names or sorted(found, key=natural)
    return classes, {name: index for index, name in enumerate(classes)}


def _of_numbers(found: list[int], names: list[str]) -> tuple[list[str], dict[str | int, int]]:
    if not names or len(names) == len(found):
        return names or [str(one) for one in found], {one: i for i, one in enumerate(found)}
    if found[0] >= 0 and found[-1] < len(names):
        return names, {one: one for one in found}
    raise ValueError(
        f"{len(names)} names of classes are given for {len(found)} labels from {found[0]} to "
        f"{found[-1]}"
    )


def _positions(column: np.ndarray, known: dict[str | int, int]) -> np.ndarray:
    values, inverse = np.unique(column, return_inverse=True)
    return np.array([known[value] for value in values.tolist()], np.int64)[inverse]


def _from_one_hot(labels: np.ndarray) -> np.ndarray:
    if labels.dtype.kind in "biuf":
        ones = labels == 1
        wrong = np.flatnonzero((ones.sum(axis=1) != 1) | ((labels != 0).sum(axis=1) != 1))
        if not len(wrong):
            return ones.argmax(axis=1)
        if np.all(ones | (labels == 0)):
            raise ValueError(
                f"sample {wrong[0]} has {ones[wrong[0]].sum()} labels: only one class per sample "
                "can be learned (multi-label data are not supported)"
            )
    raise ValueError(
        f"labels of shape {labels.shape}: must be (n,), (n, 1) or one-hot (n, classes)"
    )


def _text(labels: np.ndarray) -> np.ndarray:
    stripped = np.char.strip(labels)
    empty = np.flatnonzero(stripped == "")
    if len(empty):
        raise ValueError(f"label {empty[0]} (from 0) is empty")
    return stripped
