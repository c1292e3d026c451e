"""Results as tables on the terminal."""

import statistics
from typing import Any

from rich import box
from rich.console import Group
from rich.table import Table
from rich.text import Text


def machine(description: dict[str, Any], datasets: dict[str, dict[str, Any]]) -> str:
    """What was measured on, in two lines."""
    removed = description["removed_from_environment"]
    lines = [
        f"{description['cpu']}, {description['cores']} cores, {description['system']}, "
        f"Python {description['python']}",
        "data: " + ", ".join(f"{name} ({found['source']})" for name, found in datasets.items()),
    ]
    if removed:
        lines.append(f"removed from the environment: {', '.join(removed)}")
    return "\n".join(lines)


def comparison(result: dict[str, Any]) -> Group:
    """One row per contender: speed, and how many times as fast the first one is."""
    rows = result["contenders"]
    table = _table("contender")
    for heading in ("samples/s", "spread", f"{rows[0]['name']} is", "goal", "loss"):
        table.add_column(heading, justify="right", no_wrap=True)
    for row in rows:
        if "absent" in row:
            table.add_row(row["name"], "-", style="dim")
            continue
        speed = [f"{row['samples_per_second']:,.0f}", f"{row['spread']:.0%}"]
        table.add_row(row["name"], *speed, *_ratio(row), f"{row['loss']:.4f}")
    return _framed(_title(result), table, f"{_notes(rows)}\n{_set_up(rows)}")


def phases(result: dict[str, Any]) -> Group:
    """One row per training, one column per phase."""
    table = _table("training")
    timed = [row["milliseconds"] for row in result.values() if "milliseconds" in row]
    names = list(timed[0]) if timed else []
    for name in [*names, "total"]:
        table.add_column(name, justify="right", no_wrap=True)
    for title, row in result.items():
        if "milliseconds" not in row:
            table.add_row(title, row["absent"], style="dim")
            continue
        times = [row["milliseconds"][name] for name in names]
        table.add_row(title, *[f"{time:.3f}" for time in [*times, sum(times)]])
    return _framed("milliseconds per step, by phase", table)


def layers(title: str, result: dict[str, Any]) -> Group:
    """One row per layer: milliseconds per step, GFLOP/s of those with matrix products."""
    table = _table("layer")
    headings = ("output", "forward ms", "GFLOP/s", "backward ms", "GFLOP/s")
    for heading in headings:
        table.add_column(heading, justify="right", no_wrap=True)
    for row in result["layers"]:
        cells = []
        for direction in ("forward", "backward"):
            speed = row.get(f"{direction}_gflops")
            cells += [f"{row[f'{direction}_milliseconds']:.2f}", f"{speed:.0f}" if speed else ""]
        table.add_row(row["layer"], row["output"], *cells)
    return _framed(f"layers of {title}", table, result["absent"])


def curve(name: str, result: dict[str, Any]) -> Group:
    """One row per point: the speed of each contender, and our ratio to the others."""
    points = result["points"]
    table = _table(name.replace("_", " "))
    for row in points[0]["contenders"]:
        table.add_column(f"{row['name']}/s", justify="right", no_wrap=True)
    for point in points:
        cells = []
        for row in point["contenders"]:
            factor = f" ({row['ratio']['median']:.2f}x)" if "ratio" in row else ""
            cells.append("-" if "absent" in row else f"{row['samples_per_second']:,.0f}{factor}")
        table.add_row(f"{point['value']:,}", *cells)
    return _framed(_title(result), table, _notes(points[0]["contenders"]))


def times_to_accuracy(result: dict[str, Any]) -> Group:
    """One row per contender: accuracy, time, and the first one's time as a share of the other's."""
    rows = result["contenders"]
    table = _table("contender")
    first = rows[0]
    for heading in ("accuracy", "last loss", "time", f"{first['name']} takes", "goal"):
        table.add_column(heading, justify="right", no_wrap=True)
    for row in rows:
        if "absent" in row:
            table.add_row(row["name"], "-", style="dim")
            continue
        accuracy = f"{row['accuracy']:.2%}" if "accuracy" in row else "-"  # --quick
        cells = [accuracy, f"{row['loss']:.4f}", f"{row['seconds']:,.1f} s"]
        if row is not first and "absent" not in first:
            share = first["seconds"] / row["seconds"]
            goal = _goal(f"<= {result['goal']:g}", share <= result["goal"])
            cells += [f"{share:.2f} of it", goal]
        table.add_row(row["name"], *cells)
    return _framed(_title(result), table, f"{_notes(rows)}\n{_set_up(rows)}")


def limited(quantity: str, unit: str, values: list[float], below: float | None) -> dict[str, Any]:
    """A row for `limits`: a quantity whose median is to stay below a value, if one is given."""
    median = statistics.median(values)
    row = {"quantity": quantity, "unit": unit, "median": median, "rounds": values}
    row |= {"low": min(values), "high": max(values)}
    return row if below is None else row | {"below": below, "reached": median < below}


def limits(result: dict[str, Any]) -> Group:
    """One row per quantity of a whole process, with what it should stay below."""
    failures = [f"{row['quantity']}: {row['absent']}" for row in result["rows"] if "absent" in row]
    table = _table("")
    for heading in ("median", "range", "goal"):
        table.add_column(heading, justify="right", no_wrap=True)
    for row in result["rows"]:
        if "absent" in row:
            table.add_row(row["quantity"], "-", style="dim")
            continue
        unit = row["unit"]
        digits = 2 if unit == "s" else 0
        values = [f"{row[key]:,.{digits}f}" for key in ("median", "low", "high")]
        goal = ""
        if "below" in row:
            goal = _goal(f"< {row['below']:g} {unit}", row["reached"])
        table.add_row(row["quantity"], f"{values[0]} {unit}", f"{values[1]} - {values[2]}", goal)
    return _framed(result["title"], table, "\n".join(failures))


def _table(first_column: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    table.add_column(first_column)
    return table


def _framed(title: str, table: Table, notes: str = "") -> Group:
    """A title above and notes below, each as wide as it needs to be."""
    parts = [Text(f"\n{title}", style="bold"), table]
    return Group(*parts, Text(f"{notes}\n", style="dim")) if notes else Group(*parts)


def _title(result: dict[str, Any]) -> str:
    return f"{result['title']} ({result['data']} data)"


def _ratio(row: dict[str, Any]) -> list[str | Text]:
    if "ratio" not in row:
        return ["", ""]
    measured = row["ratio"]
    goal = _goal(f">= {row['goal']:g}x", row["reached"]) if "goal" in row else ""
    return [f"{measured['median']:.2f}x ({measured['low']:.2f}-{measured['high']:.2f})", goal]


def _goal(text: str, reached: bool) -> Text:
    return Text(f"{text} {'yes' if reached else 'no'}", style="green" if reached else "red")


def _set_up(rows: list[dict[str, Any]]) -> str:
    """Versions, threads and libraries (with their kernels) of each contender, a line each."""
    lines = []
    for row in rows:
        if "absent" not in row:
            versions = ", ".join(f"{name} {version}" for name, version in row["versions"].items())
            parts = [versions, f"threads: {row['threads']}", ", ".join(row["libraries"])]
            lines.append(f"{row['name']}: {'; '.join(part for part in parts if part)}")
    return "\n".join(lines)


def _notes(rows: list[dict[str, Any]]) -> str:
    """Who is absent and why, and who does something else, a line each."""
    lines = [f"{row['name']}: skipped, {row['absent']}" for row in rows if "absent" in row]
    lines += [
        f"{row['name']}: {row['note']}" for row in rows if row["note"] and "absent" not in row
    ]
    return "\n".join(lines)
