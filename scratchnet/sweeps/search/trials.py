"""The loop of a search: draw a trial, run it, follow its epochs, give Optuna the result."""

import contextlib
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from pathlib import Path
from typing import TYPE_CHECKING

from scratchnet.compute import threads
from scratchnet.errors import RunError, UserError
from scratchnet.runs.folder import RunFolder, Status
from scratchnet.sweeps import fork_server, report
from scratchnet.sweeps.job import Runner
from scratchnet.sweeps.record import WAITING, Job, Outcome, SweepFolder
from scratchnet.sweeps.search import report as search_report
from scratchnet.sweeps.search.plan import SearchPlan
from scratchnet.sweeps.search.study import Study
from scratchnet.system import interrupts
from scratchnet.system.text import printable

if TYPE_CHECKING:
    import optuna

FAILED = 1  # exit code if results are missing, or no trial has completed
STATUSES = {  # by Optuna's name for the state of a trial
    "COMPLETE": Status.completed,
    "PRUNED": Status.pruned,
    "FAIL": Status.failed,
}


class Search:
    """A search and its folder."""

    kind = "optuna"

    def __init__(self, plan: SearchPlan, run_py: Path, folder: SweepFolder):
        self.plan = plan
        self.run_py = run_py
        self.folder = folder

    @property
    def identity(self) -> list[str]:
        """What has to be the same for the search to be resumed."""
        return self.plan.identity

    def print_plan(self) -> None:
        """List the settings that `run` would search."""
        search_report.print_plan(self.plan)

    def run(self) -> int:
        """Run the missing trials; the exit code. Raises UserError and Interrupted."""
        plan, limit = self.plan, None
        if not self.folder.exists:  # at once: until then, the folder is nobody's
            self.folder.write(self.kind, plan.typed, "running", plan.identity, [])
        if plan.settings.n_jobs > 1 and threads.environment_limit() is None:
            limit = max(1, threads.cores() // plan.settings.n_jobs)
        study = Study(self.folder.path, plan.settings, plan.space, plan.most_epochs)
        with fork_server.started(self.run_py) as server:
            runner = Runner(self.run_py, Path.cwd(), limit, is_shown=False, server=server)
            return Trials(self.kind, plan, self.folder, study, runner).run()


class Trials:
    """The trials of a search, each a job; `n_jobs` at a time, each waited for by a thread."""

    def __init__(
        self, kind: str, plan: SearchPlan, folder: SweepFolder, study: Study, runner: Runner
    ):
        self.kind = kind
        self.plan = plan
        self.folder = folder
        self.study = study
        self.runner = runner
        self._interrupted = study.unfinished()  # to be resumed first
        self.jobs = [self._past_job(trial) for trial in study.study.get_trials(deepcopy=False)]
        self._new = max(0, plan.settings.n_trials - study.finished - len(self._interrupted))
        self._lock = threading.Lock()  # of everything that the threads share
        self._stopping = threading.Event()

    def run(self) -> int:
        """Run the missing trials; the exit code."""
        start = time.perf_counter()
        settings = self.plan.settings
        count = report.count_of(settings.n_trials, "trial")
        done = report.done_before(self.study.finished)
        print(f"search of {count} in {report.shown(self.folder.path)}{done}", flush=True)
        self._write("running")
        try:
            with interrupts.deferred(), ThreadPoolExecutor(settings.n_jobs) as pool:
                workers = [pool.submit(self._work) for _ in range(settings.n_jobs)]
                while wait(workers, timeout=0.2).not_done:
                    if interrupts.stop_requested() or any(map(_has_crashed, workers)):
                        self._stopping.set()
                for worker in workers:
                    worker.result()
        finally:
            self._stopping.set()
            is_unfinished = self.study.finished < settings.n_trials  # a failed one is replaced
            self._write("stopped" if is_unfinished else "ended")
            seconds = time.perf_counter() - start
            search_report.conclude(
                self.folder, self.plan, self.study, self.jobs, seconds, is_unfinished
            )
        return FAILED if is_unfinished or self.study.best is None else 0

    def _work(self) -> None:
        """Run one trial after another until none is left."""
        while not self._stopping.is_set():
            with self._lock:
                if self._interrupted:
                    trial = self._interrupted.pop(0)
                elif self._new:
                    self._new -= 1
                    trial = self.study.next()
                    self.jobs.append(self._job(trial))
                else:
                    return
            self._run(trial)

    def _run(self, trial: "optuna.trial.Trial") -> None:
        job = self.jobs[trial.number]
        folder = self.folder.folder(job)
        follow = Follower(trial, folder, self.plan.metric, self._stopping.is_set)
        try:
            with self._lock:  # Hydra composes one config at a time
                job.config = self.plan.config(self.study.overrides(trial.params))
            outcome = self.runner.run(folder, job.overrides, job.config, follow)
            follow.report()
        except (UserError, OSError) as error:
            outcome = Outcome(Status.failed.value, printable(str(error)))
        with self._lock:
            job.take(outcome)
            value = self._record(trial, folder, outcome)
            self._write("running")
            search_report.print_end(job, self.plan.metric, value, self.study.best)

    def _record(self, trial: "optuna.trial.Trial", folder: Path, outcome: Outcome) -> float | None:
        """Give the study the result of a trial, unless it was interrupted and will be resumed."""
        from optuna.trial import TrialState  # here, as only a search needs Optuna

        study, value = self.study.study, None
        if outcome.status == Status.completed.value:
            value = RunFolder.open(folder).summary.get(self.plan.metric)
        if value is not None:
            study.tell(trial, value)
        elif outcome.status == Status.failed.value:
            study.tell(trial, state=TrialState.FAIL)
        elif outcome.status not in (Status.interrupted.value, WAITING):  # diverged, or pruned
            study.tell(trial, state=TrialState.PRUNED)
        return value

    def _job(self, trial: "optuna.trial.Trial | optuna.trial.FrozenTrial") -> Job:
        """The job of a trial, with its outcome if it has one."""
        overrides = [*self.plan.fixed, *self.study.overrides(trial.params)]
        job = Job(trial.number, overrides, self.study.in_short(trial.params))
        with contextlib.suppress(RunError):  # a damaged file does not end a search
            if (outcome := Outcome.read(self.folder.folder(job))) is not None:
                job.take(outcome)
        return job

    def _past_job(self, trial: "optuna.trial.FrozenTrial") -> Job:
        """The job of a trial of which the study may know more than job.json."""
        job = self._job(trial)
        if job.is_unfinished and trial.state.is_finished():
            status = STATUSES[trial.state.name].value
            job.take(Outcome(status, "how it ended is not recorded"))
        return job

    def _write(self, status: str) -> None:
        self.folder.write(self.kind, self.plan.typed, status, self.plan.identity, self.jobs)


class Follower:
    """Reports the epochs of a running trial to Optuna, and decides whether to stop it.

    Called as the `stop` of a job (see sweeps.job).
    """

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
        self.epoch = max(values, default=0)  # the last one that the study knows of

    def __call__(self) -> Outcome | None:
        """Why to stop the trial now; None to let it run."""
        if self.is_stopping():
            return Outcome(Status.interrupted.value)
        value = self.report()
        if value is not None and self.trial.should_prune():
            reason = f"{self.metric} {value:.4f} after epoch {self.epoch} was not promising"
            return Outcome(Status.pruned.value, reason)
        return None

    def report(self) -> float | None:
        """Report new epochs; the metric of the last one, None if there is none."""
        value = None
        for row in self._rows()[self.epoch :]:
            self.epoch, value = int(row["epoch"]), row[self.metric]
            self.trial.report(value, self.epoch)
        return value

    def _rows(self) -> list[dict[str, int | float]]:
        with contextlib.suppress(RunError):  # the run has not begun
            return RunFolder.open(self.folder).metrics
        return []


def _has_crashed(worker: Future) -> bool:
    return worker.done() and worker.exception() is not None
