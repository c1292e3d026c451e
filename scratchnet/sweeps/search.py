"""`python run.py -m hydra/sweeper=optuna ...`: a search for the settings with the best result."""

import contextlib
import shlex
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from pathlib import Path
from typing import TYPE_CHECKING

from omegaconf import OmegaConf

from scratchnet import composition, interrupts, threads
from scratchnet.command_line import Arguments
from scratchnet.composition import Split
from scratchnet.config import to_plain
from scratchnet.errors import RunError, SettingError, UserError
from scratchnet.reports import numbers
from scratchnet.reports.search import draw_search
from scratchnet.runs.folder import RunFolder, Status
from scratchnet.sweeps import report
from scratchnet.sweeps.best import write_best
from scratchnet.sweeps.job import Runner
from scratchnet.sweeps.launch import Launcher
from scratchnet.sweeps.outcome import WAITING, Outcome
from scratchnet.sweeps.record import Job, SweepFolder
from scratchnet.sweeps.search_settings import SearchSettings
from scratchnet.sweeps.space import Dimension
from scratchnet.sweeps.study import Study, check_installed
from scratchnet.text import printable

if TYPE_CHECKING:
    import optuna

KIND = "optuna"
FAILED = 1  # exit code where a trial has failed, or none has completed
FIGURE = "search.png"


def run(typed: Arguments, split: Split, launcher: Launcher) -> int:
    """Search as was typed; the exit code. Raises UserError and Interrupted."""
    check_installed()
    conf = launcher.conf
    space = [Dimension(override) for override in split.swept]
    settings = _settings(launcher)
    if not space:
        raise UserError("a search needs settings with ranges, as in model.dropout=interval(0,0.5)")
    configs = [
        to_plain(composition.check([*split.fixed, *texts], conf)) for texts in _samples(space)
    ]
    folder = SweepFolder((typed.sweep_dir or launcher.folder).absolute())
    if typed.sweep_dir is not None:
        folder.check(KIND, _identity(split.fixed, space, settings))
    if typed.dry_run:
        print("\n".join(printable(dimension.typed) for dimension in space))
        print(report.count_of(settings.n_trials, "trial"))
        return 0
    if typed.sweep_dir is None:
        folder.create()
    epochs = max(config["trainer"]["epochs"] for config in configs)
    limit = None
    if settings.n_jobs > 1 and threads.environment_limit() is None:
        limit = max(1, threads.cores() // settings.n_jobs)
    runner = Runner(conf.parent / "run.py", Path.cwd(), limit, is_shown=False)
    with folder.locked():
        study = Study(folder.path, settings, space, epochs)
        return Search(folder, typed.overrides, split.fixed, study, runner, conf).run()


def _settings(launcher: Launcher) -> SearchSettings:
    if not launcher.is_sequential:
        raise UserError(
            f"hydra/launcher={launcher.name}: a search starts its trials itself; for several at a "
            "time write hydra.sweeper.n_jobs=2 instead"
        )
    try:
        return OmegaConf.to_object(launcher.settings.sweeper)
    except SettingError as error:
        raise error.under("hydra.sweeper") from None


def _identity(fixed: list[str], space: list[Dimension], settings: SearchSettings) -> list[str]:
    """What has to be the same for the results of trials to be compared."""
    return [*(one.typed for one in space), *fixed, f"metric={settings.metric.value}"]


def _samples(space: list[Dimension]) -> list[list[str]]:
    """Overrides for a few trials that show whether all values are allowed."""
    first = [dimension.override(dimension.extremes[0]) for dimension in space]
    samples = [first]
    for i, dimension in enumerate(space):
        for value in dimension.extremes[1:]:
            samples.append([*first[:i], dimension.override(value), *first[i + 1 :]])
    return samples


class Search:
    """The trials of a search, each a job; some at a time, each waited for by a thread."""

    def __init__(
        self,
        folder: SweepFolder,
        typed: list[str],
        fixed: list[str],
        study: Study,
        runner: Runner,
        conf: Path,
    ):
        self.folder = folder
        self.typed = typed
        self.fixed = fixed
        self.study = study
        self.runner = runner
        self.conf = conf
        self.settings = study.settings
        self.metric = study.settings.metric.value
        self.jobs = [self._job(trial) for trial in study.study.get_trials(deepcopy=False)]
        self._waiting = study.unfinished()
        self._left = max(0, self.settings.n_trials - study.finished - len(self._waiting))
        self._lock = threading.Lock()  # of all that the threads share
        self._stopping = threading.Event()

    def run(self) -> int:
        """Run the trials that are missing; the exit code."""
        start = time.perf_counter()
        count = report.count_of(self.settings.n_trials, "trial")
        done = f"; {self.study.finished} of them done before" if self.study.finished else ""
        print(f"search of {count} in {report.shown(self.folder.path)}{done}", flush=True)
        self._write("running")
        try:
            with interrupts.deferred(), ThreadPoolExecutor(self.settings.n_jobs) as pool:
                workers = [pool.submit(self._work) for _ in range(self.settings.n_jobs)]
                while wait(workers, timeout=0.2).not_done:
                    if interrupts.is_asked() or any(map(_has_broken, workers)):
                        self._stopping.set()
                for worker in workers:
                    worker.result()
        finally:
            self._stopping.set()
            self._write("stopped" if self._left or self._waiting else "ended")
            self._conclude(time.perf_counter() - start)
        failed = any(job.status == Status.failed.value for job in self.jobs)
        return FAILED if failed or self.study.best is None else 0

    def _work(self) -> None:
        """Take one trial after the other until there is none left."""
        while not self._stopping.is_set():
            with self._lock:
                if self._waiting:
                    trial = self._waiting.pop(0)
                elif self._left:
                    self._left -= 1
                    trial = self.study.next()
                    self.jobs.append(self._job(trial))
                else:
                    return
            self._run(trial)

    def _run(self, trial: "optuna.trial.Trial") -> None:
        job = self.jobs[trial.number]
        folder = self.folder.folder(job)
        follow = Follower(trial, folder, self.metric, self._stopping.is_set)
        try:
            with self._lock:  # Hydra composes one config at a time
                job.config = to_plain(composition.check(job.overrides, self.conf))
            outcome = self.runner.run(folder, job.overrides, job.config, follow)
            follow.report()
        except (UserError, OSError) as error:
            outcome = Outcome(Status.failed.value, printable(str(error)))
        with self._lock:
            job.take(outcome)
            value = self._tell(trial, folder, outcome)
            self._write("running")
            self._say(job, value)

    def _tell(self, trial: "optuna.trial.Trial", folder: Path, outcome: Outcome) -> float | None:
        """Let the study know the result; one that was interrupted is left to go on."""
        from optuna.trial import TrialState

        study, value = self.study.study, None
        if outcome.status == Status.completed.value:
            value = RunFolder.open(folder).summary.get(self.metric)
        if value is not None:
            study.tell(trial, value)
        elif outcome.status == Status.failed.value:
            study.tell(trial, state=TrialState.FAIL)
        elif outcome.status not in (Status.interrupted.value, WAITING):  # diverged, or pruned
            study.tell(trial, state=TrialState.PRUNED)
        return value

    def _job(self, trial: "optuna.trial.Trial | optuna.trial.FrozenTrial") -> Job:
        """The job of a trial, as it stands."""
        texts = self.study.overrides(trial.params)
        job = Job(trial.number, [*self.fixed, *texts], self.study.in_short(trial.params))
        with contextlib.suppress(RunError):  # a damaged file is not the end of a search
            if (outcome := Outcome.read(self.folder.folder(job))) is not None:
                job.take(outcome)
        return job

    def _write(self, status: str) -> None:
        identity = _identity(self.fixed, list(self.study.space.values()), self.settings)
        self.folder.write(KIND, self.typed, status, identity, self.jobs)

    def _say(self, job: Job, value: float | None) -> None:
        """A line for a trial that has ended."""
        seconds = "" if job.seconds is None else f" in {numbers.duration(job.seconds)}"
        result = f": {self.metric} {value:.4f}" if value is not None else ""
        reason = f": {job.reason}" if job.reason else ""
        best = self.study.best
        rest = f"; best {best.value:.4f} (trial {best.number})" if best else ""
        line = f"trial {job.number} {job.status}{seconds}{result} ({' '.join(job.swept)}){reason}"
        print(printable(line + rest), flush=True)

    def _conclude(self, seconds: float) -> None:
        """Write what is best, and say what came of the search."""
        print()
        failed = [job for job in self.jobs if job.status == Status.failed.value]
        report.failures_table(failed, self.folder.folder)
        path = self.folder.path
        duration = numbers.duration(seconds)
        print(f"{report.summary(self.jobs, 'trial')}, in {duration}; {report.shown(path)}")
        best = self.study.best
        if best is not None:
            job = self.jobs[best.number]
            file = write_best(path, self.folder.folder(job), self.conf, self.metric, best.value)
            draw_search(self.study.study, path / FIGURE, self.metric, job.swept)
            print(f"best {self.metric} {best.value:.4f}: {printable(' '.join(job.swept))}")
            command = f"cp {shlex.quote(report.shown(file))} conf/experiment/"
            print(f"to run it: {command} && python run.py experiment={file.stem}")
        if self._left or self._waiting or any(job.is_left for job in self.jobs):
            print(f"to go on: {report.command_to_go_on(self.typed, path)}")


def _has_broken(worker: Future) -> bool:
    return worker.done() and worker.exception() is not None


class Follower:
    """Reads the epochs of a running trial as they come, and says when it is to be stopped."""

    def __init__(
        self,
        trial: "optuna.trial.Trial",
        folder: Path,
        metric: str,
        is_stopping: Callable[[], bool],
    ):
        self.trial = trial
        self.folder = folder
        self.metric = metric
        self.is_stopping = is_stopping
        values = trial.study.get_trials(deepcopy=False)[trial.number].intermediate_values
        self.epoch = max(values, default=0)  # the last that the study knows of

    def __call__(self) -> Outcome | None:
        """The `stop` of a job."""
        if self.is_stopping():
            return Outcome(Status.interrupted.value)
        value = self.report()
        if value is not None and self.trial.should_prune():
            reason = f"{self.metric} {value:.4f} after epoch {self.epoch} was not promising"
            return Outcome(Status.pruned.value, reason)
        return None

    def report(self) -> float | None:
        """Tell the study of new epochs; the metric of the last one, None where there is none."""
        value = None
        for row in self._rows()[self.epoch :]:
            self.epoch, value = row["epoch"], row[self.metric]
            self.trial.report(value, self.epoch)
        return value

    def _rows(self) -> list[dict[str, int | float]]:
        with contextlib.suppress(RunError):  # it has not begun
            return RunFolder.open(self.folder).metrics
        return []
