"""scratchnet with a dense network."""

from typing import Any

from ours import OurTraining, training_loader  # first, see there

# isort: split
from dense_net import CLASSES
from dense_problem import DenseProblem

from scratchnet.data.augmentation import Augmentation, Flip
from scratchnet.nn.models import MLP

AUGMENTATION = Augmentation(crop=4, flip=Flip.random)  # what conf/dataset/cifar10.yaml says


class Contender(OurTraining):
    """A further word of variants: "augmented" crops and flips as the dataset's config does."""

    def __init__(self, variant: str, job: dict[str, Any]):
        problem = DenseProblem(**job)
        augmentation = AUGMENTATION if "augmented" in variant.split() else None
        train = training_loader(problem, augmentation)
        model = MLP(hidden_dims=problem.hidden_dims, dropout=problem.dropout)
        network = model.build(train.images.pixels.shape[1:], CLASSES, seed=0)
        super().__init__(variant, problem, network, train)
