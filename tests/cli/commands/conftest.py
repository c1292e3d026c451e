"""A small run on the bundled digits, made once."""

import pytest
from omegaconf import OmegaConf

from scratchnet.config import Config
from scratchnet.data import Digits
from scratchnet.experiment import train as experiment
from scratchnet.nn.models import MLP
from scratchnet.optim.adam import AdamW
from scratchnet.optim.schedules import Constant
from scratchnet.runs import RunFolder
from scratchnet.training.settings import TrainerSettings


@pytest.fixture(scope="session")
def run(tmp_path_factory) -> RunFolder:
    """The folder of a finished run; tests leave it as it is."""
    folder = tmp_path_factory.mktemp("runs") / "run"
    config = Config(
        dataset=Digits(),
        model=MLP(hidden_dims=[32], dropout=0.1),
        optimizer=AdamW(lr=3e-3),
        schedule=Constant(),
        trainer=TrainerSettings(epochs=4, batch_size=100, threads=1),
        seed=3,
    )
    experiment.run(OmegaConf.structured(config), folder, [])
    return RunFolder.open(folder)
