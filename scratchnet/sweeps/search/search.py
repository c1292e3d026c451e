"""`python run.py -m hydra/sweeper=optuna ...`: a search for the settings with the best result."""

import contextlib
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor, wait
from pathlib import Path
from typing import TYPE_CHECKING

from scratchnet.cli.arguments import Arguments
from scratchnet.cli.composition import Split
from scratchnet.compute import threads
from scratchnet.errors import RunError, UserError
from scratchnet.runs.folder import RunFolder, Status
from scratchnet.sweeps import report
from scratchnet.sweeps.job import Runner
from scratchnet.sweeps.launch import Launcher
from scratchnet.sweeps.outcome import WAITING, Outcome
from scratchnet.sweeps.record import Job, SweepFolder
from scratchnet.sweeps.search import report as search_report
from scratchnet.sweeps.search.follower import Follower
from scratchnet.sweeps.search.plan import SearchPlan
from scratchnet.sweeps.search.study import Study
from scratchnet.system import interrupts
from scratchnet.system.text import printable

if TYPE_CHECKING:
    import optuna

KIND = "optuna"
FAILED = 1  # exit code where a trial has failed, or none has completed


def run(typed: Arguments, split: Split, launcher: Launcher) -> int:
    """Search as was typed; the exit code. Raises UserError and Interrupted."""
    plan = SearchPlan.read(typed, split, launcher)
    folder = SweepFolder((typed.sweep_dir or launcher.folder).absolute())
    if typed.sweep_dir is not None:
        folder.check(KIND, plan.identity)
    if typed.dry_run:
        search_report.show_plan(plan)
        return 0
    if typed.sweep_dir is None:
        folder.create()
    limit = None
    if plan.settings.n_jobs > 1 and threads.environment_limit() is None:
        limit = max(1, threads.cores() // plan.settings.n_jobs)
    runner = Runner(plan.conf.parent / "run.py", Path.cwd(), limit, is_shown=False)
    with folder.locked():
        study = Study(folder.path, plan.settings, plan.space, plan.most_epochs)
        return Search(folder, plan, study, runner).run()


class Search:
    """The trials of a search, each a job; some at a time, each waited for by a thread."""

    def __init__(self, folder: SweepFolder, plan: SearchPlan, study: Study, runner: Runner):
        self.folder = folder
        self.plan = plan
        self.study = study
        self.runner = runner
        self.jobs = [self._job(trial) for trial in study.study.get_trials(deepcopy=False)]
        self._waiting = study.unfinished()
        self._left = max(0, plan.settings.n_trials - study.finished - len(self._waiting))
        self._lock = threading.Lock()  # of all that the threads share
        self._stopping = threading.Event()

    def run(self) -> int:
        """Run the trials that are missing; the exit code."""
        start = time.perf_counter()
        settings = self.plan.settings
        count = report.count_of(settings.n_trials, "trial")
        done = f"; {self.study.finished} of them done before" if self.study.finished else ""
        print(f"search of {count} in {report.shown(self.folder.path)}{done}", flush=True)
        self._write("running")
        try:
            with interrupts.deferred(), ThreadPoolExecutor(settings.n_jobs) as pool:
                workers = [pool.submit(self._work) for _ in range(settings.n_jobs)]
                while wait(workers, timeout=0.2).not_done:
                    if interrupts.is_asked() or any(map(_has_broken, workers)):
                        self._stopping.set()
                for worker in workers:
                    worker.result()
        finally:
            self._stopping.set()
            is_left = bool(self._left or self._waiting or any(job.is_left for job in self.jobs))
            self._write("stopped" if is_left else "ended")
            seconds = time.perf_counter() - start
            search_report.conclude(self.folder, self.plan, self.study, self.jobs, seconds, is_left)
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
            value = self._tell(trial, folder, outcome)
            self._write("running")
            search_report.tell(job, self.plan.metric, value, self.study.best)

    def _tell(self, trial: "optuna.trial.Trial", folder: Path, outcome: Outcome) -> float | None:
        """Let the study know the result; one that was interrupted is left to go on."""
        from optuna.trial import TrialState

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
        """The job of a trial, as it stands."""
        overrides = [*self.plan.fixed, *self.study.overrides(trial.params)]
        job = Job(trial.number, overrides, self.study.in_short(trial.params))
        with contextlib.suppress(RunError):  # a damaged file is not the end of a search
            if (outcome := Outcome.read(self.folder.folder(job))) is not None:
                job.take(outcome)
        return job

    def _write(self, status: str) -> None:
        self.folder.write(KIND, self.plan.typed, status, self.plan.identity, self.jobs)


def _has_broken(worker: Future) -> bool:
    return worker.done() and worker.exception() is not None
