"""What all optimizers share: state in flat vectors, and a step over all parameters."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np

from scratchnet.compute.blocks import for_each_block
from scratchnet.compute.threads import scratch
from scratchnet.nn.parameters import Kind, Parameters, Slot
from scratchnet.settings import Choice, setting

Array = np.ndarray

# A momentum whose gradient stays 0 (a dead ReLU) shrinks by beta each step, until it is a
# subnormal number (< 1e-38), on which processors compute a hundred times slower.
_FLUSH_EVERY = 100  # steps, in which 0.9 ** 100 = 3e-5 is lost
_TINY = 1e-30  # far from 0.9 ** 100 * _TINY = 3e-35 to the first subnormal number


class Step(NamedTuple):
    """The numbers of a step that are the same for a whole part of the parameters."""

    lr: float  # learning rate
    decay: float  # weight decay
    grad_scale: float  # factor on the gradient: 1, or less where it is clipped
    number: int  # 1, 2, ...

    @property
    def factors(self) -> tuple[float, float, float]:
        """lr, decay and grad_scale, in the order of the kernels."""
        return self[:3]


class Factors(NamedTuple):
    """Factors on the learning rate and the weight decay of some parameters."""

    lr: float
    decay: float


@dataclass
class Optimizer(Choice):
    """The hyperparameters of an optimizer and its equation; `build` makes one that keeps state.

    A subclass names its state vectors in `STATE`, the momentum first, and the kernel of its
    equation in `update` (see `kernels.gradients`).

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

    def update(self, p: Array, g: Array, state: Sequence[Array], step: Step) -> bool:
        """Update a part of the parameters `p` in place, from their gradient `g`.

        `p`, `g` and the vectors of `state`, in the order of STATE, all have shape (n,). `g` stays
        as it is. Returns whether all of `p` is still finite.
        """
        raise NotImplementedError

    def factors(self, kind: Kind) -> Factors:
        """How parameters of this kind differ from weights."""
        if kind.is_weight:
            return Factors(lr=1.0, decay=1.0)
        lr = self.bias_lr_multiple if kind is Kind.bias else self.norm_lr_multiple
        return Factors(lr, decay=1 / lr if self.decay_all else 0.0)


class Part(NamedTuple):
    """Neighbours in the vectors that are updated in the same way."""

    place: slice
    factors: Factors


class BoundOptimizer:
    """An optimizer at work on one network: it holds the state, and how many steps were taken.

    `state[name]` is a vector as long as the parameters, for each name in STATE.
    """

    def __init__(self, settings: Optimizer, parameters: Parameters):
        self.settings = settings
        self.parameters = parameters
        self.steps = 0
        self.state = {name: np.zeros_like(parameters.values) for name in settings.STATE}
        self.plan(list(parameters.slots.values()))

    def plan(self, slots: list[Slot]) -> None:
        """Update only these parameters from now on."""
        self._parts: list[Part] = []
        for slot in slots:
            factors, place = self.settings.factors(slot.kind), slot.place
            last = self._parts[-1] if self._parts else None
            if last and last.factors == factors and last.place.stop == place.start:
                place = slice(self._parts.pop().place.start, place.stop)
            self._parts.append(Part(place, factors))

    def step(self, lr: float, grad_scale: float = 1.0) -> None:
        """Update all parameters from their gradients times `grad_scale` (1 or less: clipping).

        Raises FloatingPointError if finite gradients make a parameter infinite or NaN.
        """
        self.steps += 1
        with np.errstate(over="raise", invalid="raise"):  # the processor's flags: at no cost
            if not self._update(lr, grad_scale):
                raise FloatingPointError("a parameter is no longer finite")

    def _update(self, lr: float, grad_scale: float) -> bool:
        """Update all parts; returns whether all parameters are still finite."""
        is_finite = True
        for place, factors in self._parts:
            p, g, state = self._vectors(place)
            decay = self.settings.weight_decay * factors.decay
            step = Step(lr * factors.lr, decay, grad_scale, self.steps)
            is_finite &= self.settings.update(p, g, state, step)
        return is_finite

    def _vectors(self, place: slice) -> tuple[Array, Array, list[Array]]:
        """A part of the parameters, their gradients and the state vectors."""
        state = [vector[place] for vector in self.state.values()]
        if self.steps % _FLUSH_EVERY == 0:
            for_each_block(_flush, state[0])
        return self.parameters.values[place], self.parameters.grads[place], state


def _flush(momentum: np.ndarray) -> None:
    """Set numbers too small to matter to 0."""
    magnitude = np.abs(momentum, out=scratch("magnitude", momentum.size, momentum.dtype))
    tiny = np.less(magnitude, _TINY, out=scratch("tiny", momentum.size, np.dtype(bool)))
    np.copyto(momentum, 0, where=tiny)
