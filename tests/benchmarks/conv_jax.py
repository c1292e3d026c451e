"""JAX with a convolutional network, NHWC as ours."""

import time
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
from conv_problem import ConvProblem
from peer_jax import JaxTraining, cross_entropy, describe

from scratchnet.nn.activations import GELUTanh, ReLU
from scratchnet.nn.conv2d import Conv2d
from scratchnet.nn.flatten import Flatten
from scratchnet.nn.layer import Layer
from scratchnet.nn.linear import Linear
from scratchnet.nn.norm import BatchNorm
from scratchnet.nn.pooling import GlobalAvgPool, MaxPool2d
from scratchnet.nn.residual import Residual
from scratchnet.nn.scale import Scale

Arrays = dict[str, Any]  # by name; those of a residual layer are lists, one entry per layer


class Contender(JaxTraining):
    """Training."""

    def __init__(self, variant: str, job: dict[str, Any]):
        problem = ConvProblem(**job)
        x, labels = problem.normalised()
        layers = problem.network(lambda count: x[:count]).layers
        loss_of = partial(_training_loss, layers)
        super().__init__(loss_of, *_state(layers), x, labels, problem.batch_size)


class Inference:
    """The loss over all images, in their order, with the start values."""

    def __init__(self, variant: str, job: dict[str, Any]):
        problem = ConvProblem(**job)
        x, labels = problem.normalised()
        layers = problem.network(lambda count: x[:count]).layers
        batches = len(x) // problem.batch_size
        self.images = len(x)
        self.batches = list(
            zip(
                jnp.split(jnp.asarray(x), batches),
                jnp.split(jnp.asarray(labels, jnp.int32), batches),
                strict=True,
            )
        )
        self.state = _state(layers)

        @jax.jit
        def loss_of(parameters, buffers, x, labels):
            logits, _ = _forward(layers, parameters, buffers, x, train=False)
            return cross_entropy(logits, labels)

        self.loss_of = loss_of

    def describe(self) -> dict[str, Any]:
        return describe()

    def run_round(self) -> dict[str, Any]:
        start = time.perf_counter()
        losses = [self.loss_of(*self.state, x, labels) for x, labels in self.batches]
        mean = float(jnp.mean(jnp.stack(losses)))
        seconds = time.perf_counter() - start
        return {"samples_per_second": self.images / seconds, "loss": mean}


def _state(layers: list[Layer]) -> tuple[list[Arrays], list[Arrays]]:
    """The parameters and the buffers of each layer, copied: XLA may reuse their memory."""
    states = [_state_of(layer) for layer in layers]
    return [parameters for parameters, _ in states], [buffers for _, buffers in states]


def _state_of(layer: Layer) -> tuple[Arrays, Arrays]:
    if isinstance(layer, Residual):
        branch, branch_buffers = _state(layer.branch)
        shortcut, shortcut_buffers = _state(layer.shortcut)
        parameters = {"branch": branch, "shortcut": shortcut}
        return parameters, {"branch": branch_buffers, "shortcut": shortcut_buffers}
    parameters = {name: jnp.array(getattr(layer, name)) for name in layer.declarations}
    buffers = {name: jnp.array(array, jnp.float32) for name, array in layer.buffers.items()}
    return parameters, buffers


def _training_loss(layers, parameters, buffers, key, x, labels):
    logits, buffers = _forward(layers, parameters, buffers, x, train=True)
    return cross_entropy(logits, labels), buffers


def _forward(layers, parameters, buffers, x, train: bool):
    """The logits and the new buffers."""
    new_buffers = []
    for layer, p, b in zip(layers, parameters, buffers, strict=True):
        if isinstance(layer, BatchNorm):
            x, b = _batch_norm(layer, p, b, x, train)
            x = jax.nn.relu(x) if layer.children() else x
        elif isinstance(layer, Residual):
            x, b = _residual(layer, p, b, x, train)
        else:
            x = _apply(layer, p | b, x)
        new_buffers.append(b)
    return x, new_buffers


def _apply(layer: Layer, p: Arrays, x: jax.Array) -> jax.Array:
    """What a layer of ours does, for those that do the same in training and evaluation."""
    match layer:
        case Conv2d():
            y = jax.lax.conv_general_dilated(
                x,
                p["weight"],
                (layer.stride, layer.stride),
                [(layer.padding, layer.padding)] * 2,
                dimension_numbers=("NHWC", "HWIO", "NHWC"),
            )
            return y + p["bias"] if layer.has_bias else y
        case MaxPool2d():
            # not lax.reduce_window, whose gradient is far slower on CPUs
            k, (rows, columns, channels) = layer.kernel, layer.out_shape
            windows = x[:, : rows * k, : columns * k]
            return windows.reshape(-1, rows, k, columns, k, channels).max(axis=(2, 4))
        case GlobalAvgPool():
            return x.mean(axis=(1, 2))
        case ReLU():
            return jax.nn.relu(x)
        case GELUTanh():
            return jax.nn.gelu(x, approximate=True)
        case Flatten():
            return x.reshape(len(x), -1)
        case Linear():
            y = x @ p["weight"]
            return y + p["bias"] if layer.has_bias else y
        case Scale():
            return x * layer.factor
    raise TypeError(f"no function for {type(layer).__name__}")


def _residual(
    layer: Residual, p: Arrays, b: Arrays, x: jax.Array, train: bool
) -> tuple[jax.Array, Arrays]:
    """The sum of two paths, and their new buffers."""
    out, branch = _forward(layer.branch, p["branch"], b["branch"], x, train)
    direct, shortcut = _forward(layer.shortcut, p["shortcut"], b["shortcut"], x, train)
    return out + direct, {"branch": branch, "shortcut": shortcut}


def _batch_norm(
    layer: BatchNorm, p: Arrays, b: Arrays, x: jax.Array, train: bool
) -> tuple[jax.Array, Arrays]:
    """The output and the new running statistics. ShiftNorm is the one without a scale."""
    mean, var = b["mean"], b["var"]
    if train:
        mean, var = x.mean(axis=(0, 1, 2)), x.var(axis=(0, 1, 2))
        count = x.size // x.shape[-1]
        batch = {"mean": mean, "var": var * (count / (count - 1))}
        b = {name: b[name] + layer.momentum * (batch[name] - b[name]) for name in b}
    y = (x - mean) * jax.lax.rsqrt(var + layer.eps)
    return (y * p["scale"] if "scale" in p else y) + p["shift"], b
