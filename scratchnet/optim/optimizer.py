"""What all optimizers share: state in flat vectors, updated block by block."""

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


def _flush(momentum: np.ndarray) -> None:
    """Put numbers that are too small to matter to 0."""
    magnitude = np.abs(momentum, out=scratch("magnitude", momentum.size, momentum.dtype))
    tiny = np.less(magnitude, _TINY, out=scratch("tiny", momentum.size, np.dtype(bool)))
    np.copyto(momentum, 0, where=tiny)


class Treatment(NamedTuple):
    """How some parameters differ from others: what their rate and their decay are times of."""

    lr: float
    decay: float


class Block(NamedTuple):
    """Neighbours in the vectors that are updated at one go."""

    place: slice
    treatment: Treatment


@dataclass
class Optimizer(Choice):
    """Turns gradients into updates of the parameters.

    A subclass names the vectors it keeps in `STATE`, the momentum first, and writes its equation
    in `update`, which sees one block of the parameters at a time: every pass of the equation finds
    the block in L2. Blocks are independent: the result does not depend on how many threads ran.

    Biases and normalisations (scale and shift) may learn at a multiple of the learning rate. The
    multiple is for what follows from the gradient; weight decay, where they have it at all, takes
    the same share of them as of weights: lr weight_decay each step. So it is in airbench94.
    """

    STATE: ClassVar[tuple[str, ...]] = ()

    lr: float = setting(1e-3, "peak learning rate; the schedule scales it", above=0)
    weight_decay: float = setting(0.0, "pull of weights towards 0", at_least=0)
    decay_all: bool = setting(False, "weight decay for biases and normalisations, too")
    bias_lr_multiple: float = setting(1.0, "rate of biases, as a multiple of lr", above=0)
    norm_lr_multiple: float = setting(1.0, "rate of normalisations, as a multiple of lr", above=0)

    def attach(self, parameters: Parameters) -> None:
        """Make the state for these parameters: `state[name]`, a vector of zeros for each name."""
        self.parameters = parameters
        self.steps = 0
        self.state = {name: np.zeros_like(parameters.values) for name in self.STATE}
        self.plan(list(parameters.slots.values()))

    def plan(self, slots: list[Slot]) -> None:
        """Update these parameters and no others from now on; neighbours share blocks."""
        parts: list[Block] = []
        for slot in slots:
            treatment, place = self._treatment(slot), slot.place
            if parts and parts[-1].treatment == treatment and parts[-1].place.stop == place.start:
                place = slice(parts.pop().place.start, place.stop)
            parts.append(Block(place, treatment))
        self._blocks = [
            Block(slice(part.start + piece.start, part.start + piece.stop), treatment)
            for part, treatment in parts
            for piece in block_slices(part.stop - part.start)
        ]

    def step(self, lr: float, grad_scale: float = 1.0) -> None:
        """Update all parameters from their gradients times `grad_scale` (1 or less: clipping)."""
        self.steps += 1
        self.prepare()

        def update_block(block: Block) -> None:
            place, treatment = block
            p, g, *state = self._vectors(place, grad_scale)
            self.update(p, g, lr * treatment.lr, self.weight_decay * treatment.decay, *state)

        for_each_small(update_block, self._blocks)

    def prepare(self) -> None:
        """Work out what is the same for all blocks of step number `steps` (1, 2, ...)."""

    def update(
        self, p: np.ndarray, g: np.ndarray, lr: float, decay: float, *state: np.ndarray
    ) -> None:
        """Update one block of parameters `p` from its gradient `g`, which may be overwritten."""
        raise NotImplementedError

    def _treatment(self, slot: Slot) -> Treatment:
        if slot.kind is Kind.weight:
            return Treatment(lr=1.0, decay=1.0)
        lr = self.bias_lr_multiple if slot.kind is Kind.bias else self.norm_lr_multiple
        return Treatment(lr, decay=1 / lr if self.decay_all else 0.0)

    def _vectors(self, place: slice, grad_scale: float) -> list[np.ndarray]:
        """Parameters, gradient (a copy, to be used at will) and state of a part of the vectors."""
        p = self.parameters.values[place]
        g = scratch("gradient", p.size, p.dtype)
        np.multiply(self.parameters.grads[place], grad_scale, out=g)
        state = [self.state[name][place] for name in self.STATE]
        if self.steps % _FLUSH_EVERY == 0:
            _flush(state[0])
        return [p, g, *state]
