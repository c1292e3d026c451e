"""What a search prints and leaves: a line for each trial, the best one, the figure."""

import shlex
from collections.abc import Sequence
from typing import TYPE_CHECKING

from scratchnet.reports import numbers
from scratchnet.reports.search import draw_search
from scratchnet.runs.folder import Status
from scratchnet.sweeps import report
from scratchnet.sweeps.record import Job, SweepFolder
from scratchnet.sweeps.search.best import write_best
from scratchnet.sweeps.search.plan import SearchPlan
from scratchnet.sweeps.search.study import Study
from scratchnet.system.text import printable

if TYPE_CHECKING:
    import optuna

FIGURE = "search.png"


def show_plan(plan: SearchPlan) -> None:
    """The settings that are searched, and how many trials there are."""
    for dimension in plan.space:
        print(printable(dimension.typed))
    print(report.count_of(plan.settings.n_trials, "trial"))


def tell(
    job: Job, metric: str, value: float | None, best: "optuna.trial.FrozenTrial | None"
) -> None:
    """A line for a trial that has ended."""
    result = f": {metric} {value:.4f}" if value is not None else ""
    so_far = f"; best {best.value:.4f} (trial {best.number})" if best else ""
    print(f"{report.ending('trial', job, result)}{so_far}", flush=True)


def conclude(
    folder: SweepFolder,
    plan: SearchPlan,
    study: Study,
    jobs: Sequence[Job],
    seconds: float,
    is_left: bool,
) -> None:
    """Write what is best, and say what came of the search."""
    print()
    failed = [job for job in jobs if job.status == Status.failed.value]
    report.failures_table(failed, folder.folder)
    duration, path = numbers.duration(seconds), report.shown(folder.path)
    print(f"{report.summary(jobs, 'trial')}, in {duration}; {path}")
    if study.best is not None:
        _keep_the_best(folder, plan, study, jobs)
    if is_left or failed:
        print(f"to go on: {report.command_to_go_on(plan.typed, folder.path)}")


def _keep_the_best(
    folder: SweepFolder, plan: SearchPlan, study: Study, jobs: Sequence[Job]
) -> None:
    best = study.best
    job = jobs[best.number]
    file = write_best(folder.path, folder.folder(job), plan.conf, plan.metric, best.value)
    draw_search(study.study, folder.path / FIGURE, plan.metric, job.swept)
    print(f"best {plan.metric} {best.value:.4f}: {printable(' '.join(job.swept))}")
    command = f"cp {shlex.quote(report.shown(file))} conf/experiment/"
    print(f"to compare: {report.command_to_compare(folder.path)}")
    print(f"to run it: {command} && python run.py experiment={file.stem}")
