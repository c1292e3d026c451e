"""Where the time of a training step goes, measured from outside: the trainer knows nothing of it.

The parts of a Training are replaced by ones that look at the clock before and after. That costs
some microseconds per step, so speeds come from a training that is not wrapped.
"""

import time
from collections.abc import Callable, Iterator
from typing import Any

from scratchnet.training import trainer
from scratchnet.training.trainer import Trainer

NAMES = ("load", "forward", "loss", "backward", "clip", "update", "other")


class Phases:
    """Seconds per phase of one training; "other" is what the loop itself does."""

    def __init__(self, training: Trainer):
        self.seconds = dict.fromkeys(NAMES, 0.0)
        self._wrap(training)

    def reset(self) -> None:
        """Start a new measurement."""
        for name in NAMES:
            self.seconds[name] = 0.0

    def per_step(self, total: float, steps: int) -> dict[str, float]:
        """Milliseconds per step in each phase, of `total` seconds for `steps` steps."""
        self.seconds["other"] = total - sum(self.seconds.values())
        return {name: 1000 * seconds / steps for name, seconds in self.seconds.items()}

    def _wrap(self, training: Trainer) -> None:
        network, optimizer, loader = training.network, training.optimizer, training.train
        forward, forward_in_training = network.forward, self._timed("forward", network.forward)
        network.forward = lambda x, train=False: (forward_in_training if train else forward)(
            x, train
        )
        network.backward = self._timed("backward", network.backward)
        optimizer.step = self._timed("update", optimizer.step)
        training.loss = self._timed("loss", training.loss)
        # The clipping itself is a factor in the update; what it costs is the norm.
        trainer.global_norm = self._timed("clip", trainer.global_norm)
        batches = loader.batches
        loader.batches = lambda epoch: self._timed_batches(batches(epoch))

    def _timed(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*arguments: Any) -> Any:
            start = time.perf_counter()
            result = function(*arguments)
            self.seconds[name] += time.perf_counter() - start
            return result

        return timed

    def _timed_batches(self, batches: Iterator[Any]) -> Iterator[Any]:
        following = self._timed("load", lambda: next(batches, None))
        while (batch := following()) is not None:
            yield batch
