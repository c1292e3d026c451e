"""How a network is trained: the settings under `trainer`."""

from dataclasses import dataclass

import numpy as np

from scratchnet.errors import SettingError
from scratchnet.kernels.engine import Engine
from scratchnet.nn.loss import Loss, SoftmaxCrossEntropy, WeightedCrossEntropy
from scratchnet.settings import MOST_EPOCHS, Settings, setting
from scratchnet.training.class_weights import ClassWeights
from scratchnet.training.early_stopping import EarlyStopping
from scratchnet.training.freezing import Freezing
from scratchnet.training.views import Views


@dataclass
class TrainerSettings(Settings):
    """How a network is trained."""

    epochs: int = setting(
        20,
        "passes over the training set; the schedule ends with the last one",
        unit="epochs",
        at_least=1,
        at_most=MOST_EPOCHS,
    )
    batch_size: int = setting(128, "samples per step", unit="samples", at_least=1)
    clip_norm: float | None = setting(
        1.0, "largest global norm of the gradient; null: no limit", above=0
    )
    label_smoothing: float = setting(
        0.0, "share of the target spread over all classes", at_least=0, below=1
    )
    class_weights: ClassWeights = setting(
        ClassWeights.none, "whether rare classes count more in the loss: not, or balanced"
    )
    early_stopping: EarlyStopping = setting(EarlyStopping(), "which epoch is best, when to stop")
    freezing: Freezing = setting(Freezing(), "layers that stop learning")
    test_time_augmentation: Views = setting(
        Views.none, "views of a test image to average over, for a second figure"
    )
    threads: int | str = setting("auto", "processor cores to use, or auto: all", at_least=1)
    engine: Engine = setting(
        Engine.auto,
        "what runs the inner loops: NumPy, or kernels that Numba compiles",
    )
    insight: bool = setting(True, "write a report at the end, and look at the layers for it")
    live: bool = setting(False, "open a window that follows the training")
    tensorboard: bool = setting(False, "write event files for TensorBoard")

    def __post_init__(self) -> None:
        super().__post_init__()
        if isinstance(self.threads, str) and self.threads != "auto":
            raise SettingError("threads", f"={self.threads}: must be auto or a number >= 1")

    def loss(self, labels: np.ndarray, classes: int) -> Loss:
        """The loss of a training on samples with these labels, int64 (n,)."""
        weights = self.class_weights.of(labels, classes)
        if weights is None:
            return SoftmaxCrossEntropy(self.label_smoothing)
        return WeightedCrossEntropy(weights, self.label_smoothing)
