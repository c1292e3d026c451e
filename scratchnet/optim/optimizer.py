"""What all optimizers share: state in flat vectors, updated block by block."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from scratchnet.blocks import block_slices, spread
from scratchnet.nn.parameters import Parameters
from scratchnet.settings import Settings, setting
from scratchnet.threads import scratch

# A momentum whose gradient stays 0 (a dead ReLU) shrinks by beta each step, until it is a
# subnormal number (< 1e-38), on which processors compute a hundred times slower.
_FLUSH_EVERY = 100  # steps, in which 0.9 ** 100 = 3e-5 is lost
_TINY = 1e-30  # far from 0.9 ** 100 * _TINY = 3e-35 to the first subnormal number


def _flush(momentum: np.ndarray) -> None:
    """Put numbers that are too small to matter to 0."""
    magnitude = np.abs(momentum, out=scratch("magnitude", momentum.size, momentum.dtype))
    tiny = np.less(magnitude, _TINY, out=scratch("tiny", momentum.size, np.dtype(bool)))
    np.copyto(momentum, 0, where=tiny)


@dataclass
class Optimizer(Settings):
    """Turns gradients into updates of the parameters.

    A subclass names the vectors it keeps in `STATE`, the momentum first, and writes its equation
    in `update`, which sees one block of the parameters at a time: every pass of the equation finds
    the block in L2. Blocks are independent: the result does not depend on how many threads ran.
    """

    STATE: ClassVar[tuple[str, ...]] = ()

    name: str = setting("", "the choice", fixed=True)
    lr: float = setting(1e-3, "peak learning rate; the schedule scales it", above=0)
    weight_decay: float = setting(0.0, "pull of weights (not biases) towards 0", at_least=0)

    def attach(self, parameters: Parameters) -> None:
        """Make the state for these parameters: `state[name]`, a vector of zeros for each name."""
        self.parameters = parameters
        self.steps = 0
        self.state = {name: np.zeros_like(parameters.values) for name in self.STATE}
        ends_of_decay = parameters.decayed
        parts = [(0, ends_of_decay, True), (ends_of_decay, parameters.size, False)]
        self._blocks = [
            (slice(start + piece.start, start + piece.stop), decays)
            for start, stop, decays in parts
            for piece in block_slices(stop - start)
        ]

    def step(self, lr: float, grad_scale: float = 1.0) -> None:
        """Update all parameters from their gradients times `grad_scale` (1 or less: clipping)."""
        self.steps += 1
        self.prepare(lr)
        parameters = self.parameters
        state = [self.state[name] for name in self.STATE]

        def update_block(i: int) -> None:
            block, decays = self._blocks[i]
            p = parameters.values[block]
            g = scratch("gradient", p.size, p.dtype)  # a copy: the update may use it as it likes
            np.multiply(parameters.grads[block], grad_scale, out=g)
            decay = self.weight_decay if decays else 0.0
            vectors = [vector[block] for vector in state]
            self.update(p, g, lr, decay, *vectors)
            if self.steps % _FLUSH_EVERY == 0:
                _flush(vectors[0])

        spread(update_block, len(self._blocks))

    def prepare(self, lr: float) -> None:
        """Work out what is the same for all blocks of step number `steps` (1, 2, ...)."""

    def update(
        self, p: np.ndarray, g: np.ndarray, lr: float, decay: float, *state: np.ndarray
    ) -> None:
        """Update one block of parameters `p` from its gradient `g`, which may be overwritten."""
        raise NotImplementedError
