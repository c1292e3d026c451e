"""What a search prints and leaves behind: a line for each trial, the figure, and best.yaml."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from omegaconf import OmegaConf

from scratchnet.config import CHOICES, to_plain
from scratchnet.reports import numbers
from scratchnet.reports.search_figure import draw_search
from scratchnet.runs.folder import RunFolder, Status
from scratchnet.settings.plain import Plain
from scratchnet.sweeps import report
from scratchnet.sweeps.record import Job, SweepFolder, command_to_resume
from scratchnet.sweeps.search.plan import SearchPlan
from scratchnet.sweeps.search.study import Study
from scratchnet.system import commands, files
from scratchnet.system.text import printable

if TYPE_CHECKING:
    import optuna

FIGURE = "search.png"
BEST = "best.yaml"


def print_plan(plan: SearchPlan) -> None:
    """The settings that are searched, and the number of trials."""
    for dimension in plan.space:
        print(printable(dimension.typed))
    print(report.count_of(plan.settings.n_trials, "trial"))


def print_end(
    job: Job, metric: str, value: float | None, best: "optuna.trial.FrozenTrial | None"
) -> None:
    """A line for a trial that has ended."""
    result = f": {metric} {value:.4f}" if value is not None else ""
    so_far = f"; best so far {best.value:.4f} (trial {best.number})" if best else ""
    print(f"{report.ending('trial', job, result)}{so_far}", flush=True)


def conclude(
    folder: SweepFolder,
    plan: SearchPlan,
    study: Study,
    jobs: Sequence[Job],
    seconds: float,
    is_unfinished: bool,
) -> None:
    """Report how the search went, and write down the best trial."""
    print()
    failed = [job for job in jobs if job.status == Status.failed.value]
    report.print_failures(failed, folder)
    duration, path = numbers.duration(seconds), report.shown(folder.path)
    print(f"{report.summary(jobs, 'trial')}, in {duration}; {path}")
    if study.best is not None:
        best = jobs[study.best.number]
        value = f"{plan.metric} {study.best.value:.4f}"
        write_best(folder, best, plan, value)
        draw_search(study.study, folder.path / FIGURE, plan.metric, best.swept)
        print(f"best {value}: {printable(' '.join(best.swept))}")
        print(f"to compare: {report.command_to_compare(folder.path)}")
        copy = commands.copy_to_experiments(report.shown(folder.path / BEST))
        print(f"to run it: {copy} && {commands.run_py(f'experiment={Path(BEST).stem}')}")
    if is_unfinished:
        print(f"to resume: {command_to_resume(plan.typed, folder.path)}")


def write_best(folder: SweepFolder, job: Job, plan: SearchPlan, value: str) -> None:
    """Write best.yaml, an experiment with all settings of a job that differ from the defaults."""
    config = RunFolder.open(folder.folder(job)).config
    chosen = {group: config[group]["name"] for group in CHOICES}
    usual = to_plain(plan.compose([f"{group}={name}" for group, name in chosen.items()]))
    text = (
        "# @package _global_\n"
        f"# The best trial of a search: {value} (job {job.number}).\n"
        "defaults:\n"
        + "".join(f"  - override /{group}: {name}\n" for group, name in chosen.items())
    )
    if changes := _differences(config, usual):
        text += "\n" + OmegaConf.to_yaml(OmegaConf.create(changes))
    files.write_atomic(folder.path / BEST, text.encode())


def _differences(config: Plain, usual: Plain) -> Plain:
    """The settings of `config` that are not as in `usual`."""
    changes = {}
    for name, value in config.items():
        if isinstance(value, dict):
            if inner := _differences(value, usual[name]):
                changes[name] = inner
        elif value != usual[name]:
            changes[name] = value
    return changes
