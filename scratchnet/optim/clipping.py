"""Gradient clipping by the global norm.

All gradients get the same factor: the direction stays, and the step is no longer than for a
gradient of norm `max_norm`.
"""

import math

import numpy as np


def global_norm(grads: np.ndarray) -> float:
    """The Euclidean norm of all gradients together."""
    return math.sqrt(float(np.dot(grads, grads)))


def clip_scale(norm: float, max_norm: float | None) -> float:
    """What to multiply gradients of this norm with, so that it is at most `max_norm`.

    None: no clipping. Pascanu et al. 2013, "On the difficulty of training recurrent neural
    networks", algorithm 1.
    """
    if max_norm is None or norm <= max_norm:
        return 1.0
    return max_norm / norm
