"""JAX's training loop: the whole step, from choosing the batch to the update, in one compiled
program.

AdamW and clipping are written out (optax is one more dependency, and does the same). Parameters
and optimizer state are donated, so XLA updates them in place.
"""

import time
from collections.abc import Callable
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import jaxlib
import numpy as np
from problem import CLIP_NORM, LR, WEIGHT_DECAY

BETA1, BETA2, EPS = 0.9, 0.999, 1e-8


class JaxTraining:
    """Trains parameters on images x and their labels, an epoch a round.

    `loss_of(parameters, buffers, key, x, labels)` gives the mean loss and the new buffers: what
    changes without gradients. Parameters and buffers are any trees of arrays.
    """

    def __init__(
        self,
        loss_of: Callable[..., tuple[jax.Array, Any]],
        parameters: Any,
        buffers: Any,
        x: np.ndarray,
        labels: np.ndarray,
        batch_size: int,
    ):
        self.x, self.labels = jnp.asarray(x), jnp.asarray(labels, jnp.int32)
        self.batch_size = batch_size
        self.rng = np.random.default_rng(0)
        self.key = jax.random.key(0)
        first, second = (jax.tree.map(jnp.zeros_like, parameters) for _ in range(2))
        self.state = (parameters, buffers, first, second, jnp.zeros((), jnp.float32))
        self.step = jax.jit(partial(_step, loss_of), donate_argnums=0)

    def describe(self) -> dict[str, Any]:
        return describe()

    def run_round(self) -> dict[str, Any]:
        start = time.perf_counter()
        order = self.rng.permutation(len(self.x)).astype(np.int32).reshape(-1, self.batch_size)
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


def describe() -> dict[str, Any]:
    """Versions and threads, for the notes below a table."""
    return {
        "versions": {"jax": jax.__version__, "jaxlib": jaxlib.__version__},
        "threads": "one per core (XLA's own pool)",
    }


def cross_entropy(logits: jax.Array, labels: jax.Array) -> jax.Array:
    """The mean of -log softmax(logits)[label]."""
    return -jnp.mean(jnp.take_along_axis(jax.nn.log_softmax(logits), labels[:, None], axis=1))


def _step(loss_of, state, key, x, labels, chosen):
    """One step: the new state, the next key and the loss."""
    parameters, buffers, first, second, count = state
    key, loss_key = jax.random.split(key)
    batch = (array.at[chosen].get(mode="promise_in_bounds") for array in (x, labels))
    gradient = jax.value_and_grad(loss_of, has_aux=True)
    (loss, buffers), grads = gradient(parameters, buffers, loss_key, *batch)
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
    return (parameters, buffers, first, second, count), key, loss
