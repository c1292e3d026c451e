"""The list of runs that `list` and `clean` print."""

from rich.text import Text

from scratchnet.reports import numbers
from scratchnet.reports.terminal import console_for, new_table
from scratchnet.runs.load import Run
from scratchnet.settings.wording import as_typed
from scratchnet.system.text import printable

GROUPS = ("dataset", "model", "optimizer")


def print_runs(runs: list[Run]) -> None:
    """Print a line per run, newest first: start, status, choices, results, folder."""
    if not runs:
        return
    table = new_table()
    for heading in ("start", "status", "what", "seed", "epochs", "validation", "test", "folder"):
        table.add_column(heading, no_wrap=True, style="dim" if heading == "test" else "")
    for run in sorted(runs, key=_start, reverse=True):
        table.add_row(*(Text(printable(text)) for text in _cells(run)))
    console_for(table).print(table)


def _start(run: Run) -> float:
    """The start in seconds since 1970; 0 if run.json does not say."""
    return run.start.timestamp() if run.start else 0.0


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
