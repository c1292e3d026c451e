"""The table of results in README: one row per recipe, in Markdown."""

import math
import statistics
from typing import Any

from scratchnet.reports import numbers

BEGIN, END = "<!-- results -->", "<!-- end of results -->"  # around the table in README

Result = dict[str, Any]  # an entry of results.json: runs, date, commit, cpu, ...

HEADINGS = (
    "recipe",
    "seeds",
    "test accuracy",
    "with TTA",
    "time",
    "commit",
    "date, machine, engine",
)


def in_document(document: str, results: dict[str, Result]) -> str:
    """The document with the table put between its lines BEGIN and END."""
    before, _, rest = document.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{table(results)}{END}{after}"


def table(results: dict[str, Result]) -> str:
    """One row per recipe: mean and standard deviation over its seeds, and the machine."""
    lines = [HEADINGS, ("---",) * len(HEADINGS)]
    lines += [_row(name, result) for name, result in sorted(results.items())]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _row(name: str, result: Result) -> tuple[str, ...]:
    runs = result["runs"]
    return (
        f"`{name}`",
        ", ".join(str(run["seed"]) for run in runs),
        _accuracy([run["test_accuracy"] for run in runs]),
        _accuracy([run["test_tta_accuracy"] for run in runs if "test_tta_accuracy" in run]),
        numbers.duration(statistics.fmean(run["seconds"] for run in runs)),
        result["commit"],
        f"{result['date']}, {result['cpu']}, {result['cores']} cores, {result['engine']}"
        + ("" if result["official_data"] else ", not the official pixels"),
    )


def _accuracy(values: list[float]) -> str:
    """The mean, never rounded up, and with several values their sample standard deviation."""
    if not values:
        return ""
    ten_thousandths = math.floor(1e4 * statistics.fmean(values) + 1e-6)  # 0.9123 is 9122.999...
    mean = f"{ten_thousandths / 100:.2f}"
    spread = f" ± {100 * statistics.stdev(values):.2f}" if len(values) > 1 else ""
    return f"{mean}{spread} %"
