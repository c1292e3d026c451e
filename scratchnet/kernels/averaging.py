"""Averages of the weights, one number after the other."""

import numpy as np

from scratchnet.compute.threads import scratch
from scratchnet.kernels.kernel import kernel


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
