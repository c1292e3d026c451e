"""The jobs of a sweep, handed to one of Hydra's launchers.

basic            one after the other (the default)
joblib           several at a time on this machine
ray              on a Ray cluster
submitit_slurm   on a SLURM cluster; submitit_local: the same without one
"""

import os
import signal
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from hydra import initialize_config_dir
from hydra._internal.callbacks import Callbacks
from hydra.core.config_store import ConfigStore
from hydra.core.global_hydra import GlobalHydra
from hydra.core.hydra_config import HydraConfig
from hydra.core.plugins import Plugins
from hydra.core.utils import JobReturn, JobStatus
from hydra.types import HydraContext, RunMode
from omegaconf import DictConfig

from scratchnet.compute import threads
from scratchnet.config import to_config, to_plain
from scratchnet.errors import UserError
from scratchnet.runs.folder import Status
from scratchnet.sweeps.job import Runner, quoted
from scratchnet.sweeps.output_folder import output_folder
from scratchnet.sweeps.record import Job, Outcome, SweepFolder
from scratchnet.system import extras, interrupts
from scratchnet.system.text import printable

EXTRAS = {  # launcher: the plugin that provides it, and the extra that installs the plugin
    "joblib": ("hydra_plugins.hydra_joblib_launcher", "sweep"),
    "ray": ("hydra_plugins.hydra_ray_launcher", "cluster"),
    "submitit_local": ("hydra_plugins.hydra_submitit_launcher", "cluster"),
    "submitit_slurm": ("hydra_plugins.hydra_submitit_launcher", "cluster"),
}
LAUNCHERS = ("basic", *EXTRAS)
CONFIGURED = ("ray", "submitit_slurm")  # those with a file of ours in conf/hydra/launcher/
SWEEP_DIR = "hydra.sweep.dir"
SUBDIR = "hydra.sweep.subdir"
SEARCH_PATH = "hydra.searchpath"  # which the launcher gives to all jobs


class LauncherError(UserError):
    """A launcher failed, and left jobs undone."""

    exit_code = 1


def register() -> None:
    """Move the plugins' own launcher configs to the group `schema`, where ours build on them.

    Under their original names, Hydra would merge them with ours by itself, and warn about it.
    """
    Plugins.instance()  # finds the plugins, which register their configs
    store = ConfigStore.instance()
    for name in CONFIGURED:
        found = store.repo["hydra"]["launcher"].pop(f"{name}.yaml", None)
        if found is not None:
            store.store(
                group="schema/launcher", name=name, node=found.node, package="hydra.launcher"
            )


def require(name: str) -> None:
    """Raise UserError if `hydra/launcher=<name>` needs an extra that is not installed."""
    if name in EXTRAS:
        extras.require(f"hydra/launcher={name}", *EXTRAS[name])


class Launcher:
    """The launcher that these `hydra...` overrides choose and configure."""

    def __init__(self, overrides: Sequence[str], conf: Path):
        self.conf = conf
        self.overrides = list(overrides)
        self.settings = self._compose(self.overrides).hydra
        self.name: str = self.settings.runtime.choices["hydra/launcher"]

    @property
    def folder(self) -> Path:
        """Where the sweep goes by default."""
        return Path(self.settings.sweep.dir)

    @property
    def is_for_search(self) -> bool:
        """True if the settings are to be searched rather than swept."""
        return self.settings.runtime.choices["hydra/sweeper"] == "optuna"

    @property
    def is_sequential(self) -> bool:
        """True if one job runs at a time, in sight of the user."""
        return self.name == "basic"

    @property
    def is_local(self) -> bool:
        """True if all jobs run on this machine, with its file system and environment."""
        return self.name in ("basic", "joblib")

    @property
    def stops_soon(self) -> bool:
        """True if all jobs obey a request to stop, so that waiting for them is worthwhile. (Jobs
        still in a cluster's queue cannot be reached.)"""
        return self.name != "submitit_slurm"

    def thread_limit(self, count: int) -> int | None:
        """Threads for each of `count` jobs, so that those running at a time share the cores.

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
        self._set_environment()
        others = [text for text in self.overrides if not text.startswith(f"{SWEEP_DIR}=")]
        config = self._compose([*others, f"{SWEEP_DIR}={quoted(str(folder))}"])
        HydraConfig.instance().set_config(config)
        typed = [
            [
                *(text for text in job.overrides if not text.startswith(SEARCH_PATH)),
                f"{SUBDIR}={job.number}",
            ]
            for job in jobs
        ]
        with initialize_config_dir(str(self.conf), version_base="1.3"):
            launcher = Plugins.instance().instantiate_launcher(
                hydra_context=HydraContext(GlobalHydra.instance().config_loader(), Callbacks()),
                task_function=task,
                config=config,
            )
            try:
                if self.name == "ray":
                    _start_ray(self.settings.launcher.ray.init)
                returned = launcher.launch(typed, initial_job_idx=0)
            except Exception as error:  # joblib, Ray and SLURM each raise their own
                reason = f"{type(error).__name__}: {error}"
                raise LauncherError(f"hydra/launcher={self.name} failed: {reason}") from error
        return [_outcome(one) for one in returned]

    def _compose(self, overrides: list[str]) -> DictConfig:
        with initialize_config_dir(str(self.conf), version_base="1.3"):
            hydra = GlobalHydra.instance().hydra
            assert hydra is not None
            return hydra.compose_config("config", overrides, RunMode.MULTIRUN, from_shell=False)

    def _set_environment(self) -> None:
        """Set what the processes that a launcher starts must find in their environment."""
        if self.name == "ray":
            os.environ.setdefault("RAY_AUTH_MODE", "disabled")  # or Ray writes to the home folder
            os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
        if not self.is_sequential:  # they import scratchnet, which need not be installed
            paths = [str(self.conf.parent), os.environ.get("PYTHONPATH")]
            os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, paths))


def _start_ray(settings: DictConfig) -> None:
    """Connect to Ray, or start it; its launcher will find it there.

    Ray's own answer to SIGTERM ends the process at once, and leaves its jobs without an end.
    """
    import ray

    try:
        ray.init(**to_plain(settings))
    finally:
        interrupts.handle_again()


def _outcome(returned: JobReturn) -> Outcome:
    if returned.status is JobStatus.COMPLETED:
        return returned.return_value
    return Outcome(Status.failed.value, printable(f"{returned._return_value!r}"))


@dataclass(frozen=True)
class Task:
    """What a launcher calls for each job, in its own process and on its own machine.

    A job that fails raises nothing, so that the others still run.
    """

    runner: Runner
    main_process: int  # id of the process of the sweep

    def __call__(self, config: DictConfig) -> Outcome:
        """Run the job in its folder."""
        if os.getpid() != self.main_process:  # Ctrl-C reaches all processes; the main one answers
            signal.signal(signal.SIGINT, signal.SIG_IGN)
        hydra = HydraConfig.get()
        folder = output_folder()
        sweep = SweepFolder(folder.parent)
        is_child = os.getppid() == self.main_process

        def is_orphan() -> bool:
            return is_child and os.getppid() != self.main_process

        def stop() -> Outcome | None:
            interrupts.check()
            if is_orphan() or sweep.is_stopping:
                return Outcome(Status.interrupted.value)
            return None

        shared = [text for text in hydra.overrides.hydra if text.startswith(SEARCH_PATH)]
        overrides = [*shared, *hydra.overrides.task]
        if self.runner.is_shown:
            print()
            print(printable(f"job {folder.name}: {' '.join(overrides)}"), flush=True)
        try:
            with interrupts.deferred():
                outcome = self.runner.run(folder, overrides, to_plain(to_config(config)), stop)
        except (UserError, OSError) as error:  # its folder cannot be written
            outcome = Outcome(Status.failed.value, printable(str(error)))
        if is_orphan():
            os._exit(1)  # joblib's workers would wait for minutes for their next job
        if self.runner.is_shown and outcome.reason:
            print(f"{outcome.status}: {outcome.reason}", file=sys.stderr)
        return outcome
