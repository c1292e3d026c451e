"""Which files of a folder belong to which class and split: told by the folders they are in."""

import os
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from scratchnet.data.own.collection import PARTS, TEST, TRAIN, VAL
from scratchnet.data.own.walk import IMAGE_SUFFIXES, File
from scratchnet.errors import DataError, SettingError
from scratchnet.settings.suggestions import nearest
from scratchnet.settings.wording import as_typed

SPLITS = {  # names of folders, in any capitals
    **dict.fromkeys(("train", "training"), TRAIN),
    **dict.fromkeys(("val", "valid", "validation", "dev"), VAL),
    **dict.fromkeys(("test", "testing"), TEST),
}
EXPECTED = "expected PATH/CLASS/image.png or PATH/{train,val,test}/CLASS/image.png"
SHOWN = 10  # names in a message

Folders = dict[tuple[int, str], list[File]]  # the files of a class in a split


@dataclass
class Layout:
    """The files of all classes in the order of their paths, each with its class and split."""

    classes: list[str]
    files: list[File]
    labels: list[int]
    parts: list[int]  # TRAIN, VAL or TEST
    left_out: list[str] = field(default_factory=list)  # what belongs to no class, in words


def arrange(
    root: Path, files: list[File], wanted: list[str] | None, bare: Sequence[str] = ()
) -> Layout:
    """The layout of the folder `root` with these files. Raises DataError if it has none.

    The classes are the folders of the training split, in natural order, or those `wanted`. `bare`
    are the folders without any file (see `bare_folders`).
    """
    if not _has_images(files):
        raise DataError(f"dataset.path={root}: {_no_images(files, bare)}; {EXPECTED}")
    tops = _by_folder(files, depth=0)
    splits = _split_folders(root, tops)
    folders, left_out = _class_folders(tops, splits)
    places = [path for path in bare if "/" not in path or path.partition("/")[0] in splits]
    if places:
        left_out.append(f"{shown(sorted(places, key=natural))}, which {_holds(places)} no images")
    names = sorted({name for part, name in folders if part == TRAIN}, key=natural)
    classes = names if wanted is None else _checked(wanted, names)
    if len(classes) < 2:
        raise DataError(f"dataset.path={root}: {_too_few(root, names, tops)}; {EXPECTED}")
    found: list[tuple[File, int, int]] = []
    others: dict[str, list[File]] = defaultdict(list)
    for (part, name), members in folders.items():
        if name in classes:
            label = classes.index(name)
            found += [(file, label, part) for file in members]
        elif wanted is None:
            raise DataError(f"dataset.path={root}: {_unknown(name, part, names)}")
        else:
            others[name] += members
    if others:
        left_out.append(_not_wanted(others))
    ordered, labels, parts = zip(*sorted(found), strict=True)
    return Layout(classes, list(ordered), list(labels), list(parts), left_out)


def natural(name: str) -> tuple[list[str | int], str]:
    """A sort key: numbers within names count by their value, so that 10 comes after 2."""
    pieces = re.split("([0-9]+)", name.casefold())  # text and number in turn
    return [int(piece) if i % 2 else piece for i, piece in enumerate(pieces)], name


def class_name(folder: str) -> str:
    """The name of a class folder, the same however its letters are written in Unicode."""
    return unicodedata.normalize("NFC", os.fsencode(folder).decode(errors="replace"))


def kinds(files: Iterable[File]) -> str:
    """How many files there are of each kind, e.g. `.txt (10), .csv (2)`."""
    counts = Counter(f".{file.suffix}" if file.suffix else "without suffix" for file in files)
    return shown([f"{kind} ({count:,})" for kind, count in counts.most_common()])


def shown(names: Sequence[str], between: str = ", ") -> str:
    """Some names, and how many more there are."""
    more = f" and {len(names) - SHOWN:,} more" if len(names) > SHOWN else ""
    return between.join(names[:SHOWN]) + more


def _by_folder(files: Iterable[File], depth: int) -> dict[str, list[File]]:
    """Files by the folder they are in, `depth` levels down; those not in one are under ``."""
    groups = defaultdict(list)
    for file in files:
        pieces = file.path.split("/")
        groups[pieces[depth] if len(pieces) > depth + 1 else ""].append(file)
    return dict(groups)


def _split_folders(root: Path, tops: dict[str, list[File]]) -> dict[str, int]:
    """The folders that are splits: named like one, and holding class folders; none if classes.

    A class may be called `train`, too: it is one if it has neighbours that are no splits.
    """
    holding = [top for top, members in tops.items() if top and _has_images(members)]
    named = {top: SPLITS[top.casefold()] for top in holding if top.casefold() in SPLITS}
    splits = {
        top: part
        for top, part in named.items()
        if any(_has_images(below) for name, below in _by_folder(tops[top], 1).items() if name)
    }
    others = [top for top in holding if top not in named]
    if TRAIN not in splits.values():
        if named and not others:
            found = ", ".join(f"{top}/" for top in named)
            lacks = "no train/ beside it" if splits else "no class folders in it"
            raise DataError(f"dataset.path={root}: holds {found}, but {lacks}; {EXPECTED}")
        return {}
    if others and len(splits) == 1:
        return {}
    for part in splits.values():
        same = [top for top, one in splits.items() if one == part]
        if len(same) > 1:
            raise DataError(
                f"dataset.path={root}: {' and '.join(same)} are both the {PARTS[part]} split; "
                "keep one of them"
            )
    return splits


def _class_folders(
    tops: dict[str, list[File]], splits: dict[str, int]
) -> tuple[Folders, list[str]]:
    """The files of each class and split, and in words what else there is."""
    folders: Folders = defaultdict(list)
    left_out = []
    for path, part, members in _groups(tops, splits):
        if part is not None and _has_images(members):
            folders[part, class_name(path.rpartition("/")[2])] += members
        else:
            left_out += _outside(path, members)
    return folders, left_out


def _groups(
    tops: dict[str, list[File]], splits: dict[str, int]
) -> Iterator[tuple[str, int | None, list[File]]]:
    """Each folder in the place of a class with its split; files elsewhere, without a split."""
    for top, members in tops.items():
        if top not in splits:
            yield top, TRAIN if top and not splits else None, members
            continue
        for name, below in _by_folder(members, 1).items():
            yield f"{top}/{name}", splits[top] if name else None, below


def _outside(path: str, files: list[File]) -> list[str]:
    """What to say of files that belong to no class; nothing of a few that are no images."""
    images = sum(file.suffix in IMAGE_SUFFIXES for file in files)
    if images:
        where = path or "the folder itself"
        return [f"{images:,} image{'s' * (images > 1)} in {where}, of no class"]
    return [f"{path}, which holds no images"] if path and not path.endswith("/") else []


def _has_images(files: Sequence[File]) -> bool:
    """Whether files are called like images: a suffix says so, or all in a folder have none."""
    if any(file.suffix in IMAGE_SUFFIXES for file in files):
        return True
    suffixes = defaultdict(set)
    for file in files:
        suffixes[file.path.rpartition("/")[0]].add(file.suffix)
    return {""} in suffixes.values()


def _checked(wanted: list[str], names: list[str]) -> list[str]:
    """`dataset.classes` as names of classes. Raises SettingError for one that does not exist."""
    classes = [class_name(name) for name in wanted]
    problem = ""
    for name in classes:
        if name not in names:
            meant = nearest(name, names)
            hint = f"did you mean {meant}?" if meant else f"there are {shown(names)}"
            problem = f"there is no folder {name}; {hint}"
        elif classes.count(name) > 1:
            problem = f"has {name} twice"
    if len(classes) < 2:
        problem = "must name at least two classes"
    if problem:
        raise SettingError("dataset.classes", f"={as_typed(wanted)}: {problem}")
    return classes


def _no_images(files: list[File], bare: Sequence[str]) -> str:
    """Why a folder without a single image is not one to train on."""
    if files:
        return f"holds no images: {kinds(files)}"
    if bare:
        named = shown(sorted(bare, key=natural))
        return f"its folder{'s' * (len(bare) > 1)} {named} {_holds(bare)} no images"
    return "is empty"


def _holds(names: Sequence[str]) -> str:
    return "hold" if len(names) > 1 else "holds"


def _not_wanted(others: dict[str, list[File]]) -> str:
    """What to say of the files of classes that are not wanted."""
    count = sum(map(len, others.values()))
    whose = f"class {next(iter(others))}" if len(others) == 1 else f"{len(others):,} other classes"
    return f"{count:,} file{'s' * (count > 1)} of {whose}"


def _too_few(root: Path, names: list[str], tops: dict[str, list[File]]) -> str:
    """Why a folder with less than two class folders is not one to train on."""
    if not names:
        return (
            f"holds {len(tops['']):,} files but no class folders (for a class of several, give "
            "the folder above it)"
        )
    (only,) = names
    below = [name for name in _by_folder(tops.get(only, []), 1) if name]
    meant = f"; did you mean dataset.path={root / only}?" if len(below) > 1 else ""
    return f"holds one class folder, {only}, but needs at least two{meant}"


def _unknown(name: str, part: int, names: list[str]) -> str:
    """What is wrong with a class that the training split lacks."""
    meant = nearest(name, names)
    hint = f"did you mean {meant}?" if meant else f"it has {shown(names)}"
    return f"the {PARTS[part]} split has a class folder {name}, the train split has not; {hint}"
