"""Is the backward pass right? The derivative of the loss, compared with central differences.

    dloss/dp is about (loss(p + h) - loss(p - h)) / 2h

for one number p at a time, with an error of order h^2: a derivative that takes two forward passes
and no knowledge of how to differentiate. In float64 a right backward pass agrees to some eight
digits, and a wrong one rarely to two.
"""

from dataclasses import dataclass

import numpy as np

from scratchnet.compute.randomness import stream
from scratchnet.nn.layer import named
from scratchnet.nn.loss import Loss
from scratchnet.nn.network import Network

STEPS = (1e-5, 1e-6, 1e-7)  # h: smaller ones lose digits to rounding, larger ones to curvature
TOLERANCE = 1e-4  # largest relative error of a right gradient
NEGLIGIBLE = 1e-4  # of the largest gradient: errors in smaller numbers are relative to this


@dataclass(frozen=True)
class Verdict:
    """What was found for one array: a parameter, or the input of the network."""

    name: str  # e.g. "3.Linear.weight"
    size: int  # numbers in the array
    checked: int  # numbers compared
    kinks: int  # numbers left out: within h, the network is not differentiable with respect to them
    error: float  # the largest relative error, |a - n| / max(|a|, |n|); nan if nothing was compared
    where: tuple[int, ...]  # its index in the array

    @property
    def is_right(self) -> bool:
        """Whether the backward pass agrees; also if every number was at a kink."""
        return self.checked == 0 or self.error <= TOLERANCE


class GradientCheck:
    """Compares the gradients of a network on one batch with central differences.

    The network must compute in float64. `train` chooses its mode; dropout masks are the same in
    every pass. About `samples` numbers are compared, as many of each array, chosen by `seed`.
    """

    def __init__(
        self,
        network: Network,
        x: np.ndarray,
        labels: np.ndarray,
        loss: Loss,
        *,
        train: bool,
        samples: int,
        seed: int,
    ):
        if network.dtype != np.float64:
            raise ValueError(f"central differences in {network.dtype} have too few digits")
        self.network, self.x, self.labels, self.loss = network, x, labels, loss
        self.train, self.seed = train, seed
        self.samples = max(2, samples // (len(network.parameters.slots) + 1))  # of each array

    def run(self) -> list[Verdict]:
        """A verdict for each parameter, in the order of the layers, and for the input."""
        arrays = self._arrays()
        self._smallest = NEGLIGIBLE * max(np.abs(grad).max() for _, grad in arrays.values())
        self._branches_here = self._branches()
        return [self._compare(number, name, *arrays[name]) for number, name in enumerate(arrays)]

    def _arrays(self) -> dict[str, tuple[np.ndarray, np.ndarray]]:
        """Each array by name, with the gradient that the backward pass finds for it."""
        logits = self._forward()
        dx = self.network.input_gradient(self.loss(logits, self.labels)[1])
        parameters, names = self.network.parameters, list(named(self.network.layers))
        found = {}
        for slot in sorted(
            parameters.slots.values(), key=lambda slot: int(slot.name.split(".")[0])
        ):
            index, _, parameter = slot.name.partition(".")
            grad = slot.view(parameters.grads).copy()
            found[f"{names[int(index)]}.{parameter}"] = slot.view(parameters.values), grad
        return found | {"input": (self.x, dx.copy())}

    def _compare(self, number: int, name: str, values: np.ndarray, grad: np.ndarray) -> Verdict:
        """The verdict on one array, for numbers chosen at random."""
        rng = stream(self.seed, "gradient check", number)
        chosen = rng.permutation(values.size)[: self.samples]
        errors = {}
        for place in map(int, chosen):
            error = self._error(values, place, grad.flat[place])
            if error is not None:
                errors[place] = error
        worst = max(errors, key=errors.__getitem__, default=0)
        index = tuple(map(int, np.unravel_index(worst, values.shape)))
        kinks = len(chosen) - len(errors)
        return Verdict(name, values.size, len(errors), kinks, errors.get(worst, np.nan), index)

    def _error(self, values: np.ndarray, place: int, analytic: float) -> float | None:
        """The relative error of one derivative, with the step that suits it best.

        A right derivative agrees for one of the steps, a wrong one for none. None: whatever the
        step, there is a kink.
        """
        least = None
        for h in STEPS:
            numeric, is_smooth = self._central_difference(values, place, h)
            if not is_smooth:
                continue
            scale = max(abs(analytic), abs(numeric), self._smallest) or 1.0
            error = abs(analytic - numeric) / scale
            error = error if error < np.inf else np.inf  # nan is wrong
            least = error if least is None else min(least, error)
            if least <= TOLERANCE:
                break
        return least

    def _central_difference(self, values: np.ndarray, place: int, h: float) -> tuple[float, bool]:
        """The derivative with respect to one number, and whether no kink lies within h of it."""
        kept, losses, is_smooth = values.flat[place], [], True
        for moved in (kept + h, kept - h):
            values.flat[place] = moved
            losses.append(self.loss(self._forward(), self.labels)[0])
            is_smooth = is_smooth and self._branches() == self._branches_here
        values.flat[place] = kept
        return (losses[0] - losses[1]) / (2 * h), is_smooth

    def _forward(self) -> np.ndarray:
        self.network.begin_epoch(1)  # the same dropout masks
        return self.network.forward(self.x, self.train)

    def _branches(self) -> list[bytes]:
        """The branches of all layers in the last forward pass."""
        found = (layer.branches() for layer in self.network.all_layers())
        return [branches.tobytes() for branches in found if branches is not None]
