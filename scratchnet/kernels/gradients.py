"""What the updates of all optimizers have in common: their arguments, and gradients as copies.

`p` are the parameters and `g` their gradients, which stay as they are; `grad_scale` is a factor on
the gradients (1, or less where they are clipped), `lr` the learning rate, `decay` the weight decay.
All of it happens in one pass, so each number is read from memory once.

A kernel returns whether the parameters are still finite, so that a training that diverges is
stopped in that very step. NumPy's versions leave that to `np.errstate` and return True.
"""

import numpy as np

from scratchnet.compute.threads import scratch

LARGEST = float(np.finfo(np.float32).max)  # beyond it, a parameter is not finite


def scaled(g, factor):
    """A copy of a gradient, times a factor, in scratch memory that may be overwritten."""
    return np.multiply(g, factor, out=scratch("gradient", g.size, g.dtype))


def penalised(p, g, decay, grad_scale):
    """grad_scale g + decay p, the gradient with that of the penalty decay |p|^2 / 2, as a copy."""
    g = scaled(g, grad_scale)
    if decay:
        g += np.multiply(p, decay, out=scratch("penalty", p.size, p.dtype))
    return g
