"""Optimizers, learning-rate schedules and averages of the weights.

optimizer = AdamW(weight_decay=0.01).build(network.parameters)
schedule = Cosine(warmup_epochs=1).build(1e-3, steps_per_epoch, epochs)
optimizer.step(schedule(step))
"""

from scratchnet.optim.adam import Adam, AdamW
from scratchnet.optim.averaging import EMA, Average, Lookahead, NoAverage, NoAveraging
from scratchnet.optim.clipping import clip_scale, global_norm
from scratchnet.optim.lion import Lion
from scratchnet.optim.muon import Muon
from scratchnet.optim.optimizer import BoundOptimizer, Optimizer
from scratchnet.optim.schedules import (
    Constant,
    Cosine,
    Linear,
    OneCycle,
    Schedule,
    ScheduleFunction,
    Step,
    Triangular,
)
from scratchnet.optim.sgd import SGD

__all__ = [
    "EMA",
    "SGD",
    "Adam",
    "AdamW",
    "Average",
    "BoundOptimizer",
    "Constant",
    "Cosine",
    "Linear",
    "Lion",
    "Lookahead",
    "Muon",
    "NoAverage",
    "NoAveraging",
    "OneCycle",
    "Optimizer",
    "Schedule",
    "ScheduleFunction",
    "Step",
    "Triangular",
    "clip_scale",
    "global_norm",
]
