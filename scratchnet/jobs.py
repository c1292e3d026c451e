"""Runs the job that Hydra has composed."""

import sys
from pathlib import Path

from hydra.core.hydra_config import HydraConfig
from omegaconf import DictConfig

from scratchnet.cli.arguments import one_line
from scratchnet.errors import UserError
from scratchnet.experiment import train as experiment


class Jobs:
    """Runs a job, in the folder that Hydra has made for it; one that fails is reported."""

    def __init__(self):
        self.exit_code = 0  # of the last failure

    def run(self, config: DictConfig) -> None:
        """One job."""
        hydra = HydraConfig.get()
        folder = Path(hydra.runtime.output_dir)
        try:
            experiment.run(config, folder, list(hydra.overrides.task))
        except UserError as error:
            print(one_line(error), file=sys.stderr)
            self.exit_code = error.exit_code
            if folder.is_dir() and not any(folder.iterdir()):  # the run never began
                folder.rmdir()
