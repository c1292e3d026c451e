"""What all optimizers share: state in flat vectors, updated block by block."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np

from scratchnet.compute.blocks import block_slices, for_each_small
from scratchnet.compute.threads import scratch
from scratchnet.nn.parameters import Kind, Parameters, Slot
from scratchnet.settings import Choice, setting

# A momentum whose gradient stays 0 (a dead ReLU) shrinks by beta each step, until it is a
# subnormal number (< 1e-38), on which processors compute a hundred times slower.
_FLUSH_EVERY = 100  # steps, in which 0.9 ** 100 = 3e-5 is lost
_TINY = 1e-30  # far from 0.9 ** 100 * _TINY = 3e-35 to the first subnormal number


class Factors(NamedTuple):
    """Factors on the learning rate and the weight decay of some parameters."""

    lr: float
    decay: float


@dataclass
class Optimizer(Choice):
    """The hyperparameters of an optimizer and its equation; `build` makes one that keeps state.

    A subclass names its state vectors in `STATE`, the momentum first, and writes its equation in
    `update`.

    Biases and normalisations (scale and shift) may learn at a multiple of the learning rate. The
    multiple applies to what follows from the gradient; weight decay, where they have it at all,
    shrinks them by the same share as weights: lr weight_decay each step, as in airbench94.
    """

    STATE: ClassVar[tuple[str, ...]] = ()

    lr: float = setting(1e-3, "peak learning rate; the schedule scales it", above=0)
    weight_decay: float = setting(0.0, "pull of weights towards 0", at_least=0)
    decay_all: bool = setting(False, "weight decay for biases and normalisations, too")
    bias_lr_multiple: float = setting(1.0, "rate of biases, as a multiple of lr", above=0)
    norm_lr_multiple: float = setting(1.0, "rate of normalisations, as a multiple of lr", above=0)

    def build(self, parameters: Parameters) -> "BoundOptimizer":
        """An optimizer of these parameters, with a state of its own."""
        return BoundOptimizer(self, parameters)

    def update(
        self,
        p: np.ndarray,
        g: np.ndarray,
        state: Sequence[np.ndarray],
        lr: float,
        decay: float,
        grad_scale: float,
        step: int,
    ) -> None:
        """Update a range of the parameters `p` in place, from their gradient `g` times grad_scale.

        `p`, `g` and the vectors of `state`, in the order of STATE, all have shape (n,). `step` is
        1, 2, ... `g` stays as it is. Nothing may depend on where the ranges begin and end.
        """
        raise NotImplementedError

    def factors(self, kind: Kind) -> Factors:
        """How parameters of this kind differ from weights."""
        if kind.is_weight:
            return Factors(lr=1.0, decay=1.0)
        lr = self.bias_lr_multiple if kind is Kind.bias else self.norm_lr_multiple
        return Factors(lr, decay=1 / lr if self.decay_all else 0.0)


class Block(NamedTuple):
    """Neighbours in the vectors that are updated together."""

    place: slice
    factors: Factors


class BoundOptimizer:
    """An optimizer at work on one network: it holds the state, and how many steps were taken.

    `state[name]` is a vector as long as the parameters, for each name in STATE. A step updates
    one block at a time, so that each pass of the equation finds the block in L2. Blocks are
    independent: the result does not depend on the number of threads.
    """

    def __init__(self, settings: Optimizer, parameters: Parameters):
        self.settings = settings
        self.parameters = parameters
        self.steps = 0
        self.state = {name: np.zeros_like(parameters.values) for name in settings.STATE}
        self.plan(list(parameters.slots.values()))

    def plan(self, slots: list[Slot]) -> None:
        """Update only these parameters from now on; neighbours share blocks."""
        parts: list[Block] = []
        for slot in slots:
            factors, place = self.settings.factors(slot.kind), slot.place
            if parts and parts[-1].factors == factors and parts[-1].place.stop == place.start:
                place = slice(parts.pop().place.start, place.stop)
            parts.append(Block(place, factors))
        self._blocks = [
            Block(slice(part.start + piece.start, part.start + piece.stop), factors)
            for part, factors in parts
            for piece in block_slices(part.stop - part.start)
        ]

    def step(self, lr: float, grad_scale: float = 1.0) -> None:
        """Update all parameters from their gradients times `grad_scale` (1 or less: clipping)."""
        self.steps += 1

        def update_block(block: Block) -> None:
            place, factors = block
            p, g, state = self._vectors(place)
            decay = self.settings.weight_decay * factors.decay
            self.settings.update(p, g, state, lr * factors.lr, decay, grad_scale, self.steps)

        for_each_small(update_block, self._blocks)

    def _vectors(self, place: slice) -> tuple[np.ndarray, np.ndarray, list[np.ndarray]]:
        """A part of the parameters, their gradients and the state vectors."""
        state = [vector[place] for vector in self.state.values()]
        if self.steps % _FLUSH_EVERY == 0:
            _flush(state[0])
        return self.parameters.values[place], self.parameters.grads[place], state


def scaled(g: np.ndarray, grad_scale: float) -> np.ndarray:
    """A copy of a gradient, times `grad_scale`, in scratch memory that may be overwritten."""
    return np.multiply(g, grad_scale, out=scratch("gradient", g.size, g.dtype))


def add_l2(g: np.ndarray, p: np.ndarray, decay: float) -> None:
    """g <- g + decay p: the gradient of the penalty decay |p|^2 / 2."""
    if decay:
        g += np.multiply(p, decay, out=scratch("penalty", p.size, p.dtype))


def _flush(momentum: np.ndarray) -> None:
    """Set numbers too small to matter to 0."""
    magnitude = np.abs(momentum, out=scratch("magnitude", momentum.size, momentum.dtype))
    tiny = np.less(magnitude, _TINY, out=scratch("tiny", momentum.size, np.dtype(bool)))
    np.copyto(momentum, 0, where=tiny)
