"""The updates of SGD with momentum, one parameter after the other (arguments: see `gradients`)."""

import numpy as np

from scratchnet.compute.threads import scratch
from scratchnet.kernels.gradients import LARGEST, penalised
from scratchnet.kernels.kernel import kernel


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
    g = penalised(p, g, decay, grad_scale)
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
    g = penalised(p, g, decay, grad_scale)
    v *= momentum
    v += g
    g += np.multiply(v, momentum, out=scratch("ahead", p.size, p.dtype))
    g *= lr
    p -= g
    return True
