"""From dataset files to batches: dataset -> splits -> loader."""

from scratchnet.data.cifar10 import CIFAR10
from scratchnet.data.digits import Digits
from scratchnet.data.images import Images, Splits
from scratchnet.data.loader import Loader
from scratchnet.data.mnist import MNIST, FashionMNIST

__all__ = ["CIFAR10", "MNIST", "Digits", "FashionMNIST", "Images", "Loader", "Splits"]
