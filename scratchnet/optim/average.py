"""The average of a network's state over a training, and where it is kept.

The state of a network is all that training changes: its parameters, and what layers learn without
gradients (running statistics), as in airbench94. Evaluation, and so the choice of the best epoch,
uses the average. A checkpoint holds the average under the plain names, from which a network is
restored, and beside it, under `training/`, the state from which training resumes.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np

from scratchnet.compute.blocks import for_each_block
from scratchnet.compute.threads import scratch

State = dict[str, np.ndarray]
PREFIX = "training/"


class NoAverage:
    """The state of a network as it is: arrays by name, which training changes in place."""

    def __init__(self, state: State):
        self.state = state

    def begin(self) -> None:
        """Start the average with the state as it is now."""

    def after_step(self, step: int) -> None:
        """Include the state after step number `step` (1, 2, ...)."""

    @contextmanager
    def in_use(self) -> Iterator[None]:
        """Within this context, the network's arrays hold the average."""
        yield

    def stored(self) -> State:
        """What a checkpoint holds: the average, and what training resumes from; no copies."""
        return self.state

    def training_state(self, stored: State) -> State:
        """The part of `stored()` that training resumes from."""
        return stored


class Average(NoAverage):
    """An average kept beside the state.

    `update(average, state, step)` includes an array of the state, given with its average, after
    each step for which `is_due(step)`.
    """

    def __init__(
        self,
        state: State,
        update: Callable[[np.ndarray, np.ndarray, int], None],
        is_due: Callable[[int], bool] = lambda step: True,
    ):
        super().__init__(state)
        self.average = {name: np.empty_like(array) for name, array in state.items()}
        self._update = update
        self._is_due = is_due

    def begin(self) -> None:
        self._for_each_block(np.copyto)

    def after_step(self, step: int) -> None:
        if self._is_due(step):
            for name, array in self.state.items():
                self._update(self.average[name], array, step)

    @contextmanager
    def in_use(self) -> Iterator[None]:
        self._for_each_block(_swap)
        try:
            yield
        finally:
            self._for_each_block(_swap)

    def stored(self) -> State:
        return self.average | {PREFIX + name: array for name, array in self.state.items()}

    def training_state(self, stored: State) -> State:
        return {
            name.removeprefix(PREFIX): array
            for name, array in stored.items()
            if name.startswith(PREFIX)
        }

    def _for_each_block(self, task: Callable[[np.ndarray, np.ndarray], None]) -> None:
        """Call task(average, state) for matching blocks of all arrays."""
        for name, array in self.state.items():
            for_each_block(task, self.average[name], array)


def _swap(average: np.ndarray, state: np.ndarray) -> None:
    kept = scratch("swap", average.size, average.dtype)
    np.copyto(kept, average)
    np.copyto(average, state)
    np.copyto(state, kept)
