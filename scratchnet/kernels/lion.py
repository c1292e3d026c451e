"""The update of Lion, one parameter after the other (arguments: see `gradients`)."""

import numpy as np

from scratchnet.compute.threads import scratch
from scratchnet.kernels.gradients import LARGEST, scaled
from scratchnet.kernels.kernel import kernel


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
    g = scaled(g, grad_scale)
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
