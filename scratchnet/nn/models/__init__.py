"""Networks sized by config; each is one option of `model=`."""

from scratchnet.nn.models.linear import LinearModel
from scratchnet.nn.models.mlp import MLP

__all__ = ["MLP", "LinearModel"]
