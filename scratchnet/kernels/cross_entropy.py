"""Softmax cross-entropy: the sum of a batch's losses, and the derivative of their mean.

With p = softmax(z) for each row of logits z (n, K), the loss of a row is -sum_k t_k log p_k, and
the derivative dz = (p - t) / n. With label smoothing s the target is t = (1 - s) y + s / K, where
y is 1 for the true class and 0 for all others, or a row of soft targets. Where classes have weights
w, q_k = w_k t_k takes the place of t_k, and dz = (p sum_k q_k - q) / n, as its sum is no longer 1.
"""

import math

import numpy as np

from scratchnet.kernels.compiler import inner
from scratchnet.kernels.kernel import kernel, total


@kernel(gather=total)
def with_labels(z, labels, smoothing, dz):
    """For true classes `labels`, int64 (n,)."""
    n, classes = z.shape
    number = z.dtype.type
    confidence, uniform = number(1.0) - smoothing, smoothing / number(classes)
    losses = np.zeros(1)  # in float64
    for i in range(n):
        largest, log_sum = softmax_row(z[i], dz[i])
        losses[0] -= confidence * (z[i, labels[i]] - largest - log_sum)
        dz[i, labels[i]] -= confidence
        for k in range(classes):
            losses[0] -= uniform * (z[i, k] - largest - log_sum)
            dz[i, k] = (dz[i, k] - uniform) / number(n)
    return losses[0]


@with_labels.in_numpy
def with_labels_in_numpy(z, labels, smoothing, dz):
    log_p = log_softmax(z)
    losses = losses_of_labels(log_p, labels, smoothing)
    np.exp(log_p, out=dz)
    dz[np.arange(len(z)), labels] -= 1 - smoothing
    _smooth_and_average(dz, smoothing)
    return losses.sum(dtype=np.float64)


@kernel(gather=total)
def with_targets(z, targets, smoothing, dz):
    """For soft `targets` (n, K), whose rows sum to 1."""
    n, classes = z.shape
    number = z.dtype.type
    confidence, uniform = number(1.0) - smoothing, smoothing / number(classes)
    losses = np.zeros(1)  # in float64
    for i in range(n):
        largest, log_sum = softmax_row(z[i], dz[i])
        for k in range(classes):
            target = confidence * targets[i, k] + uniform
            losses[0] -= target * (z[i, k] - largest - log_sum)
            dz[i, k] = (dz[i, k] - target) / number(n)
    return losses[0]


@with_targets.in_numpy
def with_targets_in_numpy(z, targets, smoothing, dz):
    log_p = log_softmax(z)
    losses = losses_of_targets(log_p, targets, smoothing)
    np.exp(log_p, out=dz)
    dz -= (1 - smoothing) * targets
    _smooth_and_average(dz, smoothing)
    return losses.sum(dtype=np.float64)


@kernel(gather=total)
def with_weighted_targets(z, q, dz):
    """For targets `q` (n, K) that include class weights and label smoothing."""
    n, classes = z.shape
    number = z.dtype.type
    losses = np.zeros(1)  # in float64
    for i in range(n):
        largest, log_sum = softmax_row(z[i], dz[i])
        mass = number(0.0)
        for k in range(classes):
            mass += q[i, k]
            losses[0] -= q[i, k] * (z[i, k] - largest - log_sum)
        for k in range(classes):
            dz[i, k] = (mass * dz[i, k] - q[i, k]) / number(n)
    return losses[0]


@with_weighted_targets.in_numpy
def with_weighted_targets_in_numpy(z, q, dz):
    log_p = log_softmax(z)
    np.exp(log_p, out=dz)
    dz *= q.sum(axis=1, keepdims=True)
    dz -= q
    dz *= 1 / len(dz)
    return -(log_p * q).sum(dtype=np.float64)


@inner()
def softmax_row(z, p):
    """p = softmax(z) of a row; returns m = max z and log sum exp(z - m), for log p."""
    largest = z[0]
    for k in range(1, len(z)):
        largest = max(largest, z[k])
    exponentials = z.dtype.type(0.0)
    for k in range(len(z)):
        p[k] = math.exp(z[k] - largest)
        exponentials += p[k]
    for k in range(len(z)):
        p[k] /= exponentials
    return largest, math.log(exponentials)


def log_softmax(z: np.ndarray) -> np.ndarray:
    """log softmax(z) = z - max - log sum exp(z - max), stable for logits of any size."""
    shifted = z - z.max(axis=1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))


def losses_of_labels(log_p: np.ndarray, labels: np.ndarray, smoothing: float) -> np.ndarray:
    """The loss of each sample, (n,), for true classes."""
    return _smoothed(-log_p[np.arange(len(labels)), labels], log_p, smoothing)


def losses_of_targets(log_p: np.ndarray, targets: np.ndarray, smoothing: float) -> np.ndarray:
    """The loss of each sample, (n,), for soft targets."""
    return _smoothed(-(log_p * targets).sum(axis=1), log_p, smoothing)


def _smoothed(losses: np.ndarray, log_p: np.ndarray, smoothing: float) -> np.ndarray:
    if not smoothing:
        return losses
    return (1 - smoothing) * losses - smoothing * log_p.mean(axis=1)


def _smooth_and_average(dz: np.ndarray, smoothing: float) -> None:
    if smoothing:
        dz -= smoothing / dz.shape[1]
    dz *= 1 / len(dz)
