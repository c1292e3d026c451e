"""The final numbers of a network, which a run writes into its summary and `evaluate` checks."""

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
    """Measure a network: numbers by name, and the plain evaluation of the test images.

    The numbers are val_loss and val_accuracy (if there are validation images), test_loss and
    test_accuracy. Test-time augmentation adds one for each, val_tta_loss and so on; these are only
    reported, and choose nothing.
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
    """The images of a split in order, without augmentation, in batches of the training's size."""
    return Loader(
        images, config.trainer.batch_size, mean=splits.mean, std=splits.std, seed=config.seed
    )


def _named(name: str, evaluation: Evaluation) -> dict[str, float]:
    return {f"{name}_loss": evaluation.loss, f"{name}_accuracy": evaluation.accuracy}
