"""JAX: the whole step, from the choice of the batch to the update, compiled into one program.

AdamW and clipping are written out (optax is one more dependency, and does the same). Parameters
and optimizer state are donated, so XLA updates them in place.
"""

import time
from functools import partial
from itertools import pairwise
from typing import Any

import jax
import jax.numpy as jnp
import jaxlib
import numpy as np
from problem import CLIP_NORM, LR, WEIGHT_DECAY, Problem

BETA1, BETA2, EPS = 0.9, 0.999, 1e-8


class Contender:
    def __init__(self, variant: str, job: dict[str, Any]):
        self.problem = Problem(**job)
        x, labels = self.problem.normalised()
        self.x, self.labels = jnp.asarray(x), jnp.asarray(labels, jnp.int32)
        self.rng = np.random.default_rng(0)
        self.key = jax.random.key(0)
        parameters = _initialise(self.problem.dims(x.shape[1]), self.rng)
        zeros = jax.tree.map(jnp.zeros_like, parameters)
        self.state = (parameters, zeros, jax.tree.map(jnp.copy, zeros), jnp.zeros((), jnp.float32))
        self.step = jax.jit(partial(_step, self.problem.dropout), donate_argnums=0)

    def describe(self) -> dict[str, Any]:
        return {
            "versions": {"jax": jax.__version__, "jaxlib": jaxlib.__version__},
            "threads": "one per core (XLA's own pool)",
        }

    def run_round(self) -> dict[str, Any]:
        batch = self.problem.batch_size
        start = time.perf_counter()
        order = self.rng.permutation(len(self.x)).astype(np.int32).reshape(-1, batch)
        losses = []
        for chosen in order:
            self.state, self.key, loss = self.step(
                self.state, self.key, self.x, self.labels, chosen
            )
            losses.append(loss)
        mean = float(jnp.mean(jnp.stack(losses)))
        jax.block_until_ready(self.state)
        seconds = time.perf_counter() - start
        return {"samples_per_second": len(self.x) / seconds, "loss": mean}


def _initialise(dims: list[int], rng: np.random.Generator) -> list[dict[str, jax.Array]]:
    return [
        {
            "weight": jnp.asarray(
                rng.standard_normal((fan_in, fan_out), np.float32) * (2 / fan_in) ** 0.5
            ),
            "bias": jnp.zeros(fan_out, jnp.float32),
        }
        for fan_in, fan_out in pairwise(dims)
    ]


def _loss(parameters, dropout: float, key, x, labels):
    *hidden, last = parameters
    for layer in hidden:
        x = jax.nn.relu(x @ layer["weight"] + layer["bias"])
        if dropout > 0:
            key, mask_key = jax.random.split(key)
            x = jnp.where(jax.random.bernoulli(mask_key, 1 - dropout, x.shape), x, 0)
            x = x / (1 - dropout)
    logits = x @ last["weight"] + last["bias"]
    chosen = jnp.take_along_axis(jax.nn.log_softmax(logits), labels[:, None], axis=1)
    return -jnp.mean(chosen)


def _step(dropout: float, state, key, x, labels, chosen):
    """One step: the new state, the next key and the loss."""
    parameters, first, second, count = state
    key, dropout_key = jax.random.split(key)
    batch = (array.at[chosen].get(mode="promise_in_bounds") for array in (x, labels))
    loss, grads = jax.value_and_grad(_loss)(parameters, dropout, dropout_key, *batch)
    norm = jnp.sqrt(sum(jnp.vdot(grad, grad) for grad in jax.tree.leaves(grads)))
    scale = jnp.minimum(1.0, CLIP_NORM / norm)
    grads = jax.tree.map(lambda grad: grad * scale, grads)

    count = count + 1
    first = jax.tree.map(lambda m, g: BETA1 * m + (1 - BETA1) * g, first, grads)
    second = jax.tree.map(lambda v, g: BETA2 * v + (1 - BETA2) * g * g, second, grads)
    correction1, correction2 = 1 - BETA1**count, 1 - BETA2**count

    def descend(p, m, v):
        change = (m / correction1) / (jnp.sqrt(v / correction2) + EPS)
        return p - LR * (change + WEIGHT_DECAY * p)

    parameters = jax.tree.map(descend, parameters, first, second)
    return (parameters, first, second, count), key, loss
