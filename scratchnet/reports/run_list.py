"""The list of runs that `list` and `clean` print."""

from scratchnet.reports import numbers
from scratchnet.reports.terminal import Column, print_fitting
from scratchnet.runs.load import Run
from scratchnet.settings.wording import as_typed

GROUPS = ("dataset", "model", "optimizer")
HEADINGS = {  # and in which order they are left out on a narrow terminal, the highest first
    "start": 3,
    "status": 0,
    "what": 0,
    "seed": 4,
    "epochs": 5,
    "validation": 0,
    "test": 2,
    "folder": 1,
}


def newest_first(runs: list[Run]) -> list[Run]:
    """The runs by their start; last those whose run.json does not say."""
    return sorted(runs, key=lambda run: run.start.timestamp() if run.start else 0.0, reverse=True)


def print_runs(runs: list[Run]) -> None:
    """Print a line per run: start, status, choices, results, folder."""
    if not runs:
        return
    texts = zip(*map(_cells, runs), strict=True)
    print_fitting(
        [
            Column(heading, cells, rank, is_quiet=heading == "test")
            for (heading, rank), cells in zip(HEADINGS.items(), texts, strict=True)
        ]
    )


def _cells(run: Run) -> tuple[str, ...]:
    start = run.start.strftime("%Y-%m-%d %H:%M:%S") if run.start else "-"
    status = f"{run.status}, kept" if run.is_kept else run.status
    choices = [as_typed(run.settings.get(f"{group}.name")) for group in GROUPS]
    name = run.settings.get("name")
    what = " ".join([*choices, f"({as_typed(name)})"] if name else choices)
    epochs = as_typed(run.results.get("epochs", "-"))
    validation, test = _result(run, run.metric), _result(run, "test_accuracy")
    return start, status, what, as_typed(run.seed), epochs, validation, test, str(run.path)


def _result(run: Run, name: str) -> str:
    """An accuracy, or `loss 0.1234` for a run whose best epoch has the lowest loss."""
    value = run.results.get(name)
    if not isinstance(value, (int, float)):
        return "-"
    return numbers.percent(value) if name.endswith("accuracy") else f"loss {numbers.loss(value)}"
