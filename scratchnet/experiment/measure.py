"""The final numbers of a network: what a run's summary holds, and `evaluate` finds again."""

from scratchnet.config import Config
from scratchnet.data.images import Images, Splits
from scratchnet.data.loader import Loader
from scratchnet.nn.network import Network
from scratchnet.training.evaluation import evaluate
from scratchnet.training.metrics import Evaluation
from scratchnet.training.views import Views


def measure(
    config: Config, splits: Splits, network: Network
) -> tuple[dict[str, float], Evaluation]:
    """Numbers by name, and the test images one by one.

    The numbers are val_loss, val_accuracy (where there are validation images), test_loss and
    test_accuracy. With test-time augmentation there is, beside each, the one that it gives:
    val_tta_loss and so on. Nothing is chosen by those.
    """
    views = config.trainer.test_time_augmentation
    numbers = {}
    for split, images in (("val", splits.val), ("test", splits.test)):
        if images is None:
            continue
        loader = evaluation_loader(config, splits, images)
        plain = evaluate(network, loader)
        numbers |= _named(split, plain)
        if views is not Views.none:
            numbers |= _named(f"{split}_tta", evaluate(network, loader, views))
    return numbers, plain


def evaluation_loader(config: Config, splits: Splits, images: Images) -> Loader:
    """The images of a split in order and unchanged, in batches of the training's size."""
    return Loader(
        images, config.trainer.batch_size, mean=splits.mean, std=splits.std, seed=config.seed
    )


def _named(name: str, evaluation: Evaluation) -> dict[str, float]:
    return {f"{name}_loss": evaluation.loss, f"{name}_accuracy": evaluation.accuracy}
