"""The final numbers of a network, which a run writes into its summary and `evaluate` checks."""

import math
from typing import Any

from scratchnet.config import Config
from scratchnet.data.images import Images, Splits
from scratchnet.data.loader import Loader
from scratchnet.nn.network import Network
from scratchnet.training.evaluation import evaluate
from scratchnet.training.metrics import Evaluation
from scratchnet.training.views import Views


def measure(config: Config, splits: Splits, network: Network) -> tuple[dict[str, Any], Evaluation]:
    """Measure a network: numbers by name, and the plain evaluation of the test images.

    The numbers are val_loss, val_accuracy and val_balanced_accuracy (if there are validation
    images), the same for the test images, and val_class_accuracies and test_class_accuracies, which
    map the name of each class that has images to its accuracy. Test-time augmentation adds
    val_tta_loss and so on; these are only reported, and choose nothing.
    """
    views = config.trainer.test_time_augmentation
    numbers: dict[str, Any] = {}
    for split, images in (("val", splits.val), ("test", splits.test)):
        if images is None:
            continue
        loader = evaluation_loader(config, splits, images)
        plain = evaluate(network, loader)
        numbers |= _named(split, plain)
        by_class = zip(splits.classes, plain.class_accuracies.tolist(), strict=True)
        numbers[f"{split}_class_accuracies"] = {
            name: accuracy for name, accuracy in by_class if not math.isnan(accuracy)
        }
        if views is not Views.none:
            numbers |= _named(f"{split}_tta", evaluate(network, loader, views))
    return numbers, plain


def evaluation_loader(config: Config, splits: Splits, images: Images) -> Loader:
    """The images of a split in order, without augmentation, in batches of the training's size."""
    return Loader(
        images, config.trainer.batch_size, mean=splits.mean, std=splits.std, seed=config.seed
    )


def _named(name: str, evaluation: Evaluation) -> dict[str, float]:
    return {
        f"{name}_loss": evaluation.loss,
        f"{name}_accuracy": evaluation.accuracy,
        f"{name}_balanced_accuracy": evaluation.balanced_accuracy,
    }
