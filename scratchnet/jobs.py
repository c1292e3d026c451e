"""Runs the jobs that Hydra has composed: one, or all of a sweep."""

import sys
from pathlib import Path

from hydra.core.hydra_config import HydraConfig
from hydra.types import RunMode
from omegaconf import DictConfig

from scratchnet import experiment
from scratchnet.command_line import one_line
from scratchnet.errors import UserError


class Jobs:
    """Runs one job after the other; one that fails is reported and does not end a sweep."""

    def __init__(self):
        self.exit_code = 0  # of the last failure

    def run(self, config: DictConfig) -> None:
        """One job, in the folder that Hydra has made for it."""
        hydra = HydraConfig.get()
        folder = Path(hydra.runtime.output_dir)
        overrides = list(hydra.overrides.task)
        if hydra.mode == RunMode.MULTIRUN:
            print(f"\njob {hydra.job.num}: {' '.join(overrides)}", flush=True)
        try:
            experiment.run(config, folder, overrides)
        except UserError as error:
            print(one_line(error), file=sys.stderr)
            self.exit_code = error.exit_code
            if folder.is_dir() and not any(folder.iterdir()):  # the run never began
                folder.rmdir()
