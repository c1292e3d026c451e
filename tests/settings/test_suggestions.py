"""Which name was meant by a mistyped one."""

import pytest

from scratchnet.settings.suggestions import nearest, nearest_setting


def test_nearest_name():
    assert nearest("adamm", ["sgd", "adamw", "adam"]) == "adam"
    assert nearest("xyz", ["sgd", "adamw"]) is None
    assert nearest("numba", ["auto", "compiled", "numpy"]) is None  # which would be the opposite


PATHS = ["optimizer.lr", "trainer.epochs", "model.dropout", "schedule.warmup_epochs"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("optimiser.lr", "optimizer.lr"),
        ("lr", "optimizer.lr"),
        ("trainer.lr", "optimizer.lr"),
        ("trainer.epoch", "trainer.epochs"),
        ("dropuot", "model.dropout"),
        ("zebra", None),
    ],
)
def test_nearest_setting(typed, meant):
    assert nearest_setting(typed, PATHS) == meant
