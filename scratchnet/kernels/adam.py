"""The updates of Adam and AdamW, one parameter after the other (arguments: see `gradients`)."""

from math import sqrt

import numpy as np

from scratchnet.kernels.compiler import inner
from scratchnet.kernels.gradients import LARGEST, penalised, scaled
from scratchnet.kernels.kernel import kernel


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
    g = penalised(p, g, decay, grad_scale)
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
    g = scaled(g, grad_scale * (1 - beta1))
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
