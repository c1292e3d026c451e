"""Whether a batch fits into the memory that is free: asked before training, not by its failure."""

import logging

from scratchnet.nn.summary import Summary
from scratchnet.system import memory
from scratchnet.training.trainer import Trainer

logger = logging.getLogger("scratchnet")


def warn_if_short(trainer: Trainer, layers: Summary) -> None:
    """Warn if the numbers that backward needs, and as many gradients, exceed what is free."""
    batch_size = trainer.train.batch_size
    needed = 2 * layers.activations * batch_size * trainer.network.parameters.values.itemsize
    free = memory.available()
    if free is not None and needed > free:
        logger.warning(
            "a batch of %d takes about %.1f GB, and %.1f GB of memory are free; choose a smaller "
            "trainer.batch_size or model if the run is too slow or killed",
            batch_size,
            needed / 1e9,
            free / 1e9,
        )
