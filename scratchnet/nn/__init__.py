"""Networks: layers with their forward and backward passes, and the loss.

network = Network([Linear(64), ReLU(), Linear(10)], (784,), seed=0)
logits = network.forward(x, train=True)
loss, dlogits = SoftmaxCrossEntropy()(logits, labels)
network.backward(dlogits)  # the gradient is in network.parameters.grads
"""

from scratchnet.nn.activations import (
    ELU,
    GELU,
    ActivationName,
    GELUTanh,
    LeakyReLU,
    ReLU,
    Sigmoid,
    SiLU,
    Tanh,
)
from scratchnet.nn.conv2d import Conv2d
from scratchnet.nn.dropout import Dropout
from scratchnet.nn.flatten import Flatten
from scratchnet.nn.initializers import dirac, glorot, he, ones, zeros
from scratchnet.nn.layer import Layer
from scratchnet.nn.linear import Linear
from scratchnet.nn.loss import SoftmaxCrossEntropy, WeightedCrossEntropy, softmax
from scratchnet.nn.network import Network
from scratchnet.nn.norm import BatchNorm, LayerNorm
from scratchnet.nn.norm_relu import BatchNormReLU
from scratchnet.nn.parameters import Kind, Parameters
from scratchnet.nn.pooling import AvgPool2d, GlobalAvgPool, MaxPool2d
from scratchnet.nn.principal import PrincipalComponents
from scratchnet.nn.residual import Residual
from scratchnet.nn.scale import Scale
from scratchnet.nn.shift_norm import ShiftNorm
from scratchnet.nn.summary import Summary
from scratchnet.nn.whitening import WhiteningConv2d

__all__ = [
    "ELU",
    "GELU",
    "ActivationName",
    "AvgPool2d",
    "BatchNorm",
    "BatchNormReLU",
    "Conv2d",
    "Dropout",
    "Flatten",
    "GELUTanh",
    "GlobalAvgPool",
    "Kind",
    "Layer",
    "LayerNorm",
    "LeakyReLU",
    "Linear",
    "MaxPool2d",
    "Network",
    "Parameters",
    "PrincipalComponents",
    "ReLU",
    "Residual",
    "Scale",
    "ShiftNorm",
    "SiLU",
    "Sigmoid",
    "SoftmaxCrossEntropy",
    "Summary",
    "Tanh",
    "WeightedCrossEntropy",
    "WhiteningConv2d",
    "dirac",
    "glorot",
    "he",
    "ones",
    "softmax",
    "zeros",
]
