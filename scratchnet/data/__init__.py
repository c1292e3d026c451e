"""From dataset files to batches: dataset -> splits -> loader."""

from scratchnet.data.augmentation import Augmentation, Flip
from scratchnet.data.cifar10 import CIFAR10
from scratchnet.data.digits import Digits
from scratchnet.data.images import Images, Splits
from scratchnet.data.loader import Loader
from scratchnet.data.mnist import MNIST, FashionMNIST
from scratchnet.data.own.folder import Folder
from scratchnet.data.splits import Validation

__all__ = [
    "CIFAR10",
    "MNIST",
    "Augmentation",
    "Digits",
    "FashionMNIST",
    "Flip",
    "Folder",
    "Images",
    "Loader",
    "Splits",
    "Validation",
]
