"""A network that has died is reported once, and changes nothing of the training."""

import numpy as np
import pytest
from small_trainings import Recorder, training

from scratchnet.experiment.dead import DeathWatch
from scratchnet.nn.models import MLP
from scratchnet.reports.listeners import Listeners
from scratchnet.training.settings import TrainerSettings


def _train(*others, bias=0.0):
    trainer = training(TrainerSettings(epochs=3), model=MLP(hidden_dims=[8], dropout=0.5))
    trainer.network.layers[1].bias[...] = bias
    trainer.fit(Listeners([Recorder(), *[other(trainer) for other in others]]))
    return trainer.network.parameters.values


@pytest.mark.parametrize(("bias", "warnings"), [(0.0, 0), (-1e4, 1)])
def test_one_warning_and_the_same_bits(caplog, bias, warnings):
    values = _train(DeathWatch, bias=bias)
    assert len(caplog.records) == warnings
    assert all("answers the same to every image" in record.message for record in caplog.records)
    np.testing.assert_array_equal(values, _train(bias=bias))
