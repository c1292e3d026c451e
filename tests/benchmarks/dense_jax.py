"""JAX with a dense network."""

from functools import partial
from itertools import pairwise
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from dense_problem import DenseProblem
from peer_jax import JaxTraining, cross_entropy


class Contender(JaxTraining):
    def __init__(self, variant: str, job: dict[str, Any]):
        problem = DenseProblem(**job)
        x, labels = problem.vectors()
        parameters = _initialise(problem.dims(x.shape[1]), np.random.default_rng(0))
        loss_of = partial(_loss, problem.dropout)
        super().__init__(loss_of, parameters, (), x, labels, problem.batch_size)


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


def _loss(dropout: float, parameters, buffers, key, x, labels):
    *hidden, last = parameters
    for layer in hidden:
        x = jax.nn.relu(x @ layer["weight"] + layer["bias"])
        if dropout > 0:
            key, mask_key = jax.random.split(key)
            x = jnp.where(jax.random.bernoulli(mask_key, 1 - dropout, x.shape), x, 0)
            x = x / (1 - dropout)
    logits = x @ last["weight"] + last["bias"]
    return cross_entropy(logits, labels), buffers
