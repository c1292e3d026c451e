"""What `predict` and `explain` say on standard error about the samples that they have read."""

import sys
from collections import Counter

from scratchnet.cli.commands.image import Reader, Seen
from scratchnet.system.text import printable

LINES = 20  # about doubtful samples
NAMES = 3  # in such a line


def say_what_was_done(samples: list[Seen], undo: str | None) -> None:
    """Say how the images were changed; `undo` are the options that concern their preparation."""
    total = len(samples)
    counts = Counter(change for one in samples for change in one.done)
    if not counts:
        return
    changes = "; ".join(
        change if count == total else f"{change} ({count:,})" for change, count in counts.items()
    )
    images = f" {total:,} images" if total > 1 else ""
    what, how = ("prepared", f" ({undo})") if undo else ("changed", "")
    print(f"{what}{images}: {changes}{how}", file=sys.stderr)


def say_what_is_doubtful(names: list[str], samples: list[Seen], remedies: list[str]) -> None:
    """Say which answers not to trust, and why: a line for all samples with the same doubts.

    `remedies` are what helps against a border unlike that of the training images.
    """
    alike: dict[tuple[str, ...], list[str]] = {}
    for name, one in zip(names, samples, strict=True):
        if one.doubts:
            alike.setdefault(tuple(one.doubts), []).append(name)
    plural = "samples" if samples[0].pixels.shape[:2] == (1, 1) else "images"
    for doubts, doubtful in [*alike.items()][:LINES]:
        has_other_border = any(doubt.endswith("border than any training image") for doubt in doubts)
        remedy = f"; try {', or '.join(remedies)}" if remedies and has_other_border else ""
        line = f"{_listed(doubtful, plural)} {' and '.join(doubts)}: do not trust the answer"
        print(printable(f"{line}{'s' if len(doubtful) > 1 else ''}{remedy}"), file=sys.stderr)
    if len(alike) > LINES:
        print(f"and {len(alike) - LINES:,} more lines of that kind", file=sys.stderr)


def border_remedies(reader: Reader, as_is: bool) -> list[str]:
    """The options of `predict` that bring light things to a dark ground, or the reverse."""
    invert = [] if reader.invert else ["--invert"]
    if reader.framing or reader.of_arrays:
        return invert
    return [*invert, "--prepare digits (instead of --as-is)" if as_is else "--prepare digits"]


def _listed(names: list[str], plural: str) -> str:
    """The samples that a line is about, up to its verb."""
    if len(names) == 1:
        return f"{names[0]}:"
    more = f" and {len(names) - NAMES:,} more" if len(names) > NAMES else ""
    return f"{len(names):,} {plural}, {', '.join(names[:NAMES])}{more}: each"
