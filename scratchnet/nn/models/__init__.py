"""Networks sized by config; each is one option of `model=`."""

from scratchnet.nn.models.airnet import AirNet
from scratchnet.nn.models.cnn import CNN
from scratchnet.nn.models.lenet import LeNet
from scratchnet.nn.models.linear import LinearModel
from scratchnet.nn.models.mlp import MLP
from scratchnet.nn.models.resnet import ResNet

__all__ = ["CNN", "MLP", "AirNet", "LeNet", "LinearModel", "ResNet"]
