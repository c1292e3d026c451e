"""The updates of the optimizers: what a step does to each parameter, one after the other.

`p` are the parameters and `g` their gradients, which stay as they are; `grad_scale` is a factor on
the gradients (1, or less where they are clipped), `lr` the learning rate, `decay` the weight decay.
All of it happens in one pass, so each number is read from memory once.

A kernel returns whether the parameters are still finite, so that a training that diverges is
stopped in that very step. NumPy's versions leave that to `np.errstate` and return True.
"""

from math import sqrt

import numpy as np

from scratchnet.compute.threads import scratch
from scratchnet.kernels.compiler import inner
from scratchnet.kernels.kernel import kernel

LARGEST = float(np.finfo(np.float32).max)


@kernel(numbers="p g v", gather=all)
def sgd(p, g, v, lr, decay, grad_scale, momentum):
    """g <- g + decay p;  v <- momentum v + g;  p <- p - lr v."""
    is_finite = True
    for i in range(p.size):
        v[i] = momentum * v[i] + grad_scale * g[i] + decay * p[i]
        p[i] -= lr * v[i]
        is_finite &= abs(p[i]) <= LARGEST
    return is_finite


@sgd.in_numpy
def sgd_in_numpy(p, g, v, lr, decay, grad_scale, momentum):
    g = _penalised(p, g, decay, grad_scale)
    v *= momentum
    v += g
    p -= np.multiply(v, lr, out=g)
    return True


@kernel(numbers="p g v", gather=all)
def nesterov(p, g, v, lr, decay, grad_scale, momentum):
    """g <- g + decay p;  v <- momentum v + g;  p <- p - lr (g + momentum v)."""
    is_finite = True
    for i in range(p.size):
        gradient = grad_scale * g[i] + decay * p[i]
        v[i] = momentum * v[i] + gradient
        p[i] -= lr * (gradient + momentum * v[i])
        is_finite &= abs(p[i]) <= LARGEST
    return is_finite


@nesterov.in_numpy
def nesterov_in_numpy(p, g, v, lr, decay, grad_scale, momentum):
    g = _penalised(p, g, decay, grad_scale)
    v *= momentum
    v += g
    g += np.multiply(v, momentum, out=scratch("ahead", p.size, p.dtype))
    g *= lr
    p -= g
    return True


@inner()
def adam_step(p, g, m, v, lr, beta1, beta2, eps, correction1, correction2):
    """m <- b1 m + (1 - b1) g;  v <- b2 v + (1 - b2) g^2;  p <- p - lr m^ / (sqrt(v^) + eps)

    with m^ = correction1 m and v^ = correction2 v. Kingma & Ba 2015, algorithm 1.
    """
    m = beta1 * m + (1.0 - beta1) * g
    v = beta2 * v + (1.0 - beta2) * g * g
    return p - lr * correction1 * m / (sqrt(correction2 * v) + eps), m, v


@kernel(numbers="p g m v", gather=all)
def adam(p, g, m, v, lr, decay, grad_scale, beta1, beta2, eps, correction1, correction2):
    """`adam_step` with L2 regularisation: g <- g + decay p.

    The corrections are 1 / (1 - beta1^t) and 1 / (1 - beta2^t) at step t = 1, 2, ...
    """
    is_finite = True
    for i in range(p.size):
        gradient = grad_scale * g[i] + decay * p[i]
        p[i], m[i], v[i] = adam_step(
            p[i], gradient, m[i], v[i], lr, beta1, beta2, eps, correction1, correction2
        )
        is_finite &= abs(p[i]) <= LARGEST
    return is_finite


@adam.in_numpy
def adam_in_numpy(p, g, m, v, lr, decay, grad_scale, beta1, beta2, eps, correction1, correction2):
    g = _penalised(p, g, decay, grad_scale)
    g *= 1 - beta1
    _adam_step(p, g, m, v, lr, beta1, beta2, eps, correction1, correction2)
    return True


@kernel(numbers="p g m v", gather=all)
def adamw(p, g, m, v, lr, decay, grad_scale, beta1, beta2, eps, correction1, correction2):
    """`adam_step` with decoupled weight decay: p <- (1 - lr decay) p.

    Loshchilov & Hutter 2019, algorithm 2.
    """
    is_finite = True
    for i in range(p.size):
        decayed, gradient = (1.0 - lr * decay) * p[i], grad_scale * g[i]
        p[i], m[i], v[i] = adam_step(
            decayed, gradient, m[i], v[i], lr, beta1, beta2, eps, correction1, correction2
        )
        is_finite &= abs(p[i]) <= LARGEST
    return is_finite


@adamw.in_numpy
def adamw_in_numpy(p, g, m, v, lr, decay, grad_scale, beta1, beta2, eps, correction1, correction2):
    if decay:
        p *= 1 - lr * decay
    g = _scaled(g, grad_scale * (1 - beta1))
    _adam_step(p, g, m, v, lr, beta1, beta2, eps, correction1, correction2)
    return True


def _adam_step(p, g, m, v, lr, beta1, beta2, eps, correction1, correction2):
    """`adam_step` for vectors, with g = (1 - beta1) times the gradient, which is overwritten."""
    m *= beta1
    m += g
    g *= g
    g *= (1 - beta2) / (1 - beta1) ** 2
    v *= beta2
    v += g
    root = sqrt(
        correction2
    )  # m^ / (sqrt(v^) + eps) = correction1 / root m / (sqrt(v) + eps / root)
    change = np.sqrt(v, out=g)
    change += eps / root
    np.divide(m, change, out=change)
    change *= lr * correction1 / root
    p -= change


@kernel(numbers="p g m", gather=all)
def lion(p, g, m, lr, decay, grad_scale, beta1, beta2):
    """p <- (1 - lr decay) p - lr sign(b1 m + (1 - b1) g);  m <- b2 m + (1 - b2) g."""
    is_finite = True
    for i in range(p.size):
        gradient = grad_scale * g[i]
        direction = beta1 * m[i] + (1.0 - beta1) * gradient
        sign = 1.0 if direction > 0.0 else (-1.0 if direction < 0.0 else 0.0)
        p[i] = (1.0 - lr * decay) * p[i] - lr * sign
        m[i] = beta2 * m[i] + (1.0 - beta2) * gradient
        is_finite &= abs(p[i]) <= LARGEST
    return is_finite


@lion.in_numpy
def lion_in_numpy(p, g, m, lr, decay, grad_scale, beta1, beta2):
    g = _scaled(g, grad_scale)
    direction, term = scratch("lion", 2 * p.size, p.dtype).reshape(2, -1)
    if decay:
        p *= 1 - lr * decay
    np.multiply(m, beta1, out=direction)
    direction += np.multiply(g, 1 - beta1, out=term)
    np.sign(direction, out=direction)
    direction *= lr
    p -= direction
    m *= beta2
    g *= 1 - beta2
    m += g
    return True


@kernel(numbers="average state")
def move(average, state, share):
    """average <- average + share (state - average): equal numbers stay equal, to the bit."""
    for i in range(average.size):
        average[i] += share * (state[i] - average[i])


@move.in_numpy
def move_in_numpy(average, state, share):
    change = np.subtract(state, average, out=scratch("move", average.size, average.dtype))
    change *= share
    average += change


@kernel(numbers="slow fast")
def pull_back(slow, fast, share):
    """slow <- slow + share (fast - slow);  fast <- slow."""
    for i in range(slow.size):
        slow[i] += share * (fast[i] - slow[i])
        fast[i] = slow[i]


@pull_back.in_numpy
def pull_back_in_numpy(slow, fast, share):
    move_in_numpy(slow, fast, share)
    np.copyto(fast, slow)


def _scaled(g, factor):
    """A copy of a gradient, times a factor, in scratch memory that may be overwritten."""
    return np.multiply(g, factor, out=scratch("gradient", g.size, g.dtype))


def _penalised(p, g, decay, grad_scale):
    """grad_scale g + decay p, the gradient with that of the penalty decay |p|^2 / 2, as a copy."""
    g = _scaled(g, grad_scale)
    if decay:
        g += np.multiply(p, decay, out=scratch("penalty", p.size, p.dtype))
    return g
