"""The folder that Hydra has made for the job it runs."""

from pathlib import Path
from typing import Any

from hydra.core.hydra_config import HydraConfig
from omegaconf import OmegaConf


def output_folder() -> Path:
    """Its absolute path, as it is: a folder on the way may be called `${seed}`."""
    runtime: Any = OmegaConf.to_container(HydraConfig.get().runtime, resolve=False)
    return Path(runtime["output_dir"])
