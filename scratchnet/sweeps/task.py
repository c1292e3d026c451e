"""What Hydra's launchers call for each job, in whatever process and on whatever machine they do."""

import os
import signal
import sys
from dataclasses import dataclass
from pathlib import Path

from hydra.core.hydra_config import HydraConfig
from omegaconf import DictConfig

from scratchnet.config import to_plain
from scratchnet.errors import UserError
from scratchnet.runs.folder import Status
from scratchnet.sweeps.job import Runner
from scratchnet.sweeps.outcome import Outcome
from scratchnet.system import interrupts
from scratchnet.system.text import printable

STOP = ".stop"  # a file in the folder of a sweep: all its jobs are to end, wherever they run


@dataclass(frozen=True)
class Task:
    """Runs the job that a launcher has composed. A job that fails raises nothing: others go on."""

    runner: Runner
    main_process: int  # id of the process of the sweep

    def __call__(self, config: DictConfig) -> Outcome:
        """Run the job in its folder."""
        if os.getpid() != self.main_process:  # Ctrl-C reaches all processes; that one answers it
            signal.signal(signal.SIGINT, signal.SIG_IGN)
        hydra = HydraConfig.get()
        folder = Path(hydra.runtime.output_dir)
        is_child = os.getppid() == self.main_process

        def stop() -> Outcome | None:
            interrupts.check()
            is_orphan = is_child and os.getppid() != self.main_process
            if is_orphan or (folder.parent / STOP).exists():
                return Outcome(Status.interrupted.value)
            return None

        overrides = list(hydra.overrides.task)
        if self.runner.is_shown:
            print()
            print(printable(f"job {folder.name}: {' '.join(overrides)}"), flush=True)
        try:
            with interrupts.deferred():
                outcome = self.runner.run(folder, overrides, to_plain(config), stop)
        except (UserError, OSError) as error:  # its folder cannot be written
            outcome = Outcome(Status.failed.value, printable(str(error)))
        if self.runner.is_shown and outcome.reason:
            print(f"{outcome.status}: {outcome.reason}", file=sys.stderr)
        return outcome
