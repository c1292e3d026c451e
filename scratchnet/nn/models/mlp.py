"""The multi-layer perceptron."""

from enum import Enum
from typing import ClassVar

from scratchnet.errors import SettingError
from scratchnet.nn.activations import ActivationName
from scratchnet.nn.dropout import Dropout
from scratchnet.nn.flatten import Flatten
from scratchnet.nn.layer import Layer, Shape
from scratchnet.nn.linear import Linear
from scratchnet.nn.models.model import WIDEST, Model
from scratchnet.nn.norm import BatchNorm, LayerNorm
from scratchnet.nn.principal import PrincipalComponents
from scratchnet.nn.residual import Residual
from scratchnet.settings import choice, setting


class NormName(Enum):
    """The normalisations a config can name."""

    none = "none"
    batch = "batch"
    layer = "layer"

    def layers(self) -> list[Layer]:
        """A new layer of this kind, or none."""
        layers: dict[NormName, list[Layer]] = {
            NormName.none: [],
            NormName.batch: [BatchNorm()],
            NormName.layer: [LayerNorm()],
        }
        return layers[self]


@choice("mlp")
class MLP(Model):
    """Flatten, then a block for each hidden layer: Linear - norm - activation - dropout.

    With `components`, principal components of the images replace the pixels. With a
    bottleneck, a block begins with a narrow Linear - norm - activation. In a residual network,
    every block but the first is y = shortcut(x) + block(x); the shortcut is x itself, or a linear
    map of it where the width changes.
    """

    takes_vectors: ClassVar = True

    hidden_dims: list[int] = setting(
        [256, 128], "neurons of each hidden layer", at_least=1, at_most=WIDEST, non_empty=True
    )
    activation: ActivationName = setting(ActivationName.relu, "after each hidden layer")
    norm: NormName = setting(NormName.none, "normalisation before each activation")
    bottleneck: int | None = setting(
        None,
        "neurons of a narrow layer before each hidden one; null: none",
        at_least=1,
        at_most=WIDEST,
    )
    components: int | None = setting(
        None, "whitened principal components in place of the pixels; null: the pixels", at_least=1
    )
    residual: bool = setting(False, "add a hidden layer's input to its output, from the second on")
    dropout: float = setting(
        0.0, "probability that a hidden neuron is dropped", at_least=0, at_most=0.99
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.residual and len(self.hidden_dims) < 2:
            raise SettingError(
                "residual",
                f"=true: needs a second hidden layer to skip, and hidden_dims has only one: "
                f"{self.hidden_dims}",
            )

    def hidden_layers(self, input_shape: Shape) -> list[Layer]:
        layers: list[Layer] = [
            Flatten() if self.components is None else PrincipalComponents(self.components)
        ]
        for index, features in enumerate(self.hidden_dims):
            block = self._block(features)
            if self.residual and index > 0:
                same = self.hidden_dims[index - 1] == features
                block = [Residual(block, [] if same else [Linear(features, bias=False)])]
            layers += block
        return layers

    def _block(self, features: int) -> list[Layer]:
        widths = [features] if self.bottleneck is None else [self.bottleneck, features]
        layers: list[Layer] = []
        for width in widths:
            layers += [Linear(width), *self.norm.layers(), self.activation.layer()]
        return [*layers, Dropout(self.dropout)] if self.dropout > 0 else layers
