"""The jobs of a sweep, handed to one of Hydra's launchers."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path

from hydra import initialize_config_dir
from hydra._internal.callbacks import Callbacks
from hydra.core.global_hydra import GlobalHydra
from hydra.core.hydra_config import HydraConfig
from hydra.core.plugins import Plugins
from hydra.core.utils import JobReturn, JobStatus
from hydra.types import HydraContext, RunMode
from omegaconf import DictConfig

from scratchnet.compute import threads
from scratchnet.errors import UserError
from scratchnet.runs.folder import Status
from scratchnet.sweeps.job import quoted
from scratchnet.sweeps.outcome import Outcome
from scratchnet.sweeps.record import Job
from scratchnet.system.text import printable

SWEEP_DIR = "hydra.sweep.dir"


class LauncherError(UserError):
    """A launcher that could not do its work, so that jobs are left."""

    exit_code = 1


class Launcher:
    """The launcher that these `hydra...` overrides choose and set."""

    def __init__(self, overrides: Sequence[str], conf: Path):
        self.conf = conf
        self.overrides = list(overrides)
        self.settings = self._compose(self.overrides).hydra
        self.name: str = self.settings.runtime.choices["hydra/launcher"]

    @property
    def folder(self) -> Path:
        """Where the sweep goes when nothing else is said."""
        return Path(self.settings.sweep.dir)

    @property
    def is_for_search(self) -> bool:
        """True where the settings are to be searched, not swept."""
        return self.settings.runtime.choices["hydra/sweeper"] == "optuna"

    @property
    def is_sequential(self) -> bool:
        """True where one job runs at a time, in sight of the user."""
        return self.name == "basic"

    @property
    def returns_soon(self) -> bool:
        """True where all jobs that are told to stop do, so that it can be waited for. (Those that
        a cluster has not begun yet cannot be told.)"""
        return self.name != "submitit_slurm"

    def thread_limit(self, count: int) -> int | None:
        """Threads for each of `count` jobs, so that those that run at a time share the cores.

        None: as many as there are cores, or as the user has set in the environment.
        """
        settings = self.settings.launcher
        if self.is_sequential or threads.environment_limit() is not None:
            return None
        if self.name == "ray":
            return max(1, int(settings.ray.remote.get("num_cpus") or 1))
        if self.name == "submitit_slurm":
            return settings.cpus_per_task
        wanted = int(settings.n_jobs or 1) if self.name == "joblib" else count
        at_a_time = wanted if wanted > 0 else max(1, threads.cores() + 1 + wanted)
        return max(1, threads.cores() // min(at_a_time, count))

    def start(
        self, jobs: Sequence[Job], task: Callable[[DictConfig], Outcome], folder: Path
    ) -> list[Outcome]:
        """Run these jobs, each in the folder of its number below `folder`; how each ended.

        Raises LauncherError.
        """
        self._prepare()
        others = [text for text in self.overrides if not text.startswith(f"{SWEEP_DIR}=")]
        config = self._compose([*others, f"{SWEEP_DIR}={quoted(str(folder))}"])
        HydraConfig.instance().set_config(config)
        typed = [[*job.overrides, f"hydra.sweep.subdir={job.number}"] for job in jobs]
        with initialize_config_dir(str(self.conf), version_base="1.3"):
            launcher = Plugins.instance().instantiate_launcher(
                hydra_context=HydraContext(GlobalHydra.instance().config_loader(), Callbacks()),
                task_function=task,
                config=config,
            )
            try:
                returned = launcher.launch(typed, initial_job_idx=0)
            except Exception as error:  # of joblib, Ray, SLURM: each has its own
                reason = f"{type(error).__name__}: {error}"
                raise LauncherError(f"hydra/launcher={self.name} has failed: {reason}") from error
        return [_outcome(one) for one in returned]

    def _compose(self, overrides: list[str]) -> DictConfig:
        with initialize_config_dir(str(self.conf), version_base="1.3"):
            hydra = GlobalHydra.instance().hydra
            return hydra.compose_config("config", overrides, RunMode.MULTIRUN, from_shell=False)

    def _prepare(self) -> None:
        """Set what the processes that a launcher starts have to find in their environment."""
        if self.name == "ray":
            os.environ.setdefault("RAY_AUTH_MODE", "disabled")  # else: a file in the home folder
            os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
        if not self.is_sequential:  # they import scratchnet, which need not be installed
            paths = [str(self.conf.parent), os.environ.get("PYTHONPATH")]
            os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, paths))


def _outcome(returned: JobReturn) -> Outcome:
    if returned.status is JobStatus.COMPLETED:
        return returned.return_value
    return Outcome(Status.failed.value, printable(f"{returned._return_value!r}"))
