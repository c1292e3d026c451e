"""Layers that stop learning."""

from dataclasses import dataclass

from scratchnet.errors import SettingError
from scratchnet.nn.layer import Layer, named, walk
from scratchnet.settings import MOST_EPOCHS, Settings, setting
from scratchnet.settings.suggestions import nearest


@dataclass
class Freezing(Settings):
    """Layers whose parameters stay as they are, from the start or after some epochs.

    A layer is named as in the run's summary.txt, such as `3.Conv2d`; its kind alone, `Conv2d`,
    means all layers of that kind. The layers inside it are frozen too. The optimizer does not
    touch their parameters, not even by decay or momentum; frozen layers at the start of a network
    cost no backward pass. Normalisations keep updating their running statistics.

    airbench94 trains the bias of its whitening layer for 3 epochs (K. Jordan 2024).
    """

    layers: list[str] = setting([], "layers that are frozen, by name or kind")
    after_epochs: int = setting(
        0, "how long they learn first", unit="epochs", at_least=0, at_most=MOST_EPOCHS
    )

    def chosen(self, layers: list[Layer]) -> list[Layer]:
        """The named ones of a network's layers. Raises SettingError for a name without a layer."""
        names = named(layers)
        chosen = []
        for wanted in self.layers:
            found = [layer for name, layer in names.items() if wanted in (name, _kind(name))]
            if not found:
                raise SettingError("layers", _problem(wanted, list(names)))
            chosen += found
        return chosen

    def check(self, layers: list[Layer], epochs: int) -> None:
        """Raise SettingError for a name without a layer, or if nothing is left to learn."""
        frozen = {id(layer) for layer in walk(self.chosen(layers))}
        learns = any(layer.declarations and id(layer) not in frozen for layer in walk(layers))
        if frozen and not learns and self.after_epochs < epochs:
            when = f" after epoch {self.after_epochs}" if self.after_epochs else ""
            listed = ", ".join(self.layers)
            raise SettingError(
                "layers",
                f"=[{listed}]: no other layer of the model has parameters, so nothing would "
                f"learn{when}; leave one out",
            )

    def frozen_in(self, epoch: int, layers: list[Layer]) -> list[Layer]:
        """The layers frozen in epoch 1, 2, ..."""
        return self.chosen(layers) if epoch > self.after_epochs else []


def _kind(name: str) -> str:
    return name.partition(".")[2]


def _problem(wanted: str, names: list[str]) -> str:
    meant = nearest(wanted, [*dict.fromkeys(map(_kind, names)), *names])
    hint = f"did you mean {meant}?" if meant else f"there are {', '.join(names)}"
    return f"={wanted}: no layer of the model; {hint}"
