"""What all contenders of the benchmark of convolutional networks train."""

from dataclasses import dataclass

from problem import Problem

from scratchnet.nn.layer import Sample
from scratchnet.nn.models import CNN, AirNet, LeNet, ResNet
from scratchnet.nn.network import Network

CLASSES = 10
MODELS = {"cnn": CNN, "airnet": AirNet, "lenet": LeNet, "resnet": ResNet}


@dataclass(frozen=True)
class ConvProblem(Problem):
    """A model of scratchnet with its default settings but for its widths."""

    model: str  # a name in MODELS
    widths: list[int]

    def network(self, sample: Sample) -> Network:
        """The network with its start values, which the peers copy layer by layer."""
        shape = sample(1).shape[1:]
        network = MODELS[self.model](widths=self.widths).build(shape, CLASSES, seed=0)
        network.calibrate(sample)
        return network
