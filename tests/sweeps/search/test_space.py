"""Ranges and values, from Hydra's syntax to Optuna's distributions."""

import pytest
from hydra.core.override_parser.overrides_parser import OverridesParser
from optuna.distributions import FloatDistribution, IntDistribution

from scratchnet.sweeps.search.space import Dimension


def distribution(text):
    (override,) = OverridesParser.create().parse_overrides([text])
    return Dimension(override).distribution


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("trainer.epochs=interval(1,9)", IntDistribution(1, 9)),
        ("trainer.batch_size=tag(log,interval(16,256.0))", IntDistribution(16, 256, log=True)),
        ("model.hidden_dims.0=interval(8,64)", IntDistribution(8, 64)),
        ("trainer.early_stopping.patience=interval(1,5)", IntDistribution(1, 5)),
        ("model.dropout=int(interval(0,1))", IntDistribution(0, 1)),
        ("model.dropout=interval(0,1)", FloatDistribution(0, 1)),
        ("optimizer.momentum=interval(0,1)", FloatDistribution(0, 1)),
        ("trainer.epochs=interval(1,9.5)", FloatDistribution(1, 9.5)),  # refused later, by its end
        ("trainer.nothing=interval(1,9)", FloatDistribution(1, 9)),
    ],
)
def test_an_interval_of_whole_numbers_has_no_fractions(text, expected):
    assert distribution(text) == expected
