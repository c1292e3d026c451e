"""A trained network and what it expects, from a run folder alone: no dataset is needed."""

from dataclasses import dataclass

from scratchnet.config import Config
from scratchnet.experiment.restore import build_network, read_config, restore
from scratchnet.nn.network import Network
from scratchnet.runs.folder import RunFolder
from scratchnet.runs.inputs import Inputs


@dataclass(frozen=True)
class Trained:
    """The network of one of a run's checkpoints."""

    folder: RunFolder
    config: Config
    inputs: Inputs
    network: Network
    epoch: int  # after which the checkpoint was saved

    @classmethod
    def of(cls, folder: RunFolder, which: str) -> "Trained":
        """Restore the checkpoint `which`, best or last. Raises RunError."""
        config = read_config(folder)
        inputs = Inputs.from_plain(folder.info.get("inputs"))
        height, width, channels = inputs.shape
        shape = height, width, channels
        network = build_network(folder, config, shape, len(inputs.classes), which)
        return cls(folder, config, inputs, network, restore(folder, network, which))
