"""Which engine a run takes, and what happens where Numba is missing or broken."""

import logging

import pytest

from scratchnet.errors import UserError
from scratchnet.kernels import compiler, engine
from scratchnet.kernels.engine import LONG, Engine
from scratchnet.system import extras


@pytest.fixture
def without_numba(monkeypatch):
    monkeypatch.setattr(extras, "is_installed", lambda module: False)


@pytest.fixture
def broken_numba(monkeypatch):
    monkeypatch.setattr(extras, "is_installed", lambda module: True)

    def fail():
        raise ImportError("Numba needs NumPy 2.3\nor less. Got NumPy 2.4.")

    monkeypatch.setattr(compiler, "_numba", fail)
    compiler._problem.cache_clear()
    yield
    compiler._problem.cache_clear()


def test_what_is_wanted_is_taken(without_numba):
    assert engine.choose(Engine.numpy, 1e30) is Engine.numpy
    assert engine.choose(Engine.compiled, 0) is Engine.compiled


def test_auto_compiles_for_long_runs_where_numba_is_installed():
    pytest.importorskip("numba")
    assert engine.choose(Engine.auto, LONG) is Engine.compiled
    assert engine.choose(Engine.auto, LONG / 2) is Engine.numpy


def test_auto_is_numpy_without_numba(without_numba):
    assert engine.choose(Engine.auto, 1e30) is Engine.numpy


def test_auto_goes_on_with_numpy_and_one_warning_where_numba_is_broken(broken_numba, caplog):
    with caplog.at_level(logging.WARNING, "scratchnet"):
        assert engine.choose(Engine.auto, 1e30) is Engine.numpy
    (record,) = caplog.records
    assert "Numba needs NumPy 2.3 or less. Got NumPy 2.4." in record.getMessage()


def test_compiled_without_numba_says_what_to_install(without_numba):
    with pytest.raises(UserError, match=r'trainer.engine=compiled: .* pip install -e "\.\[fast\]"'):
        engine.require(Engine.compiled, "trainer.engine=compiled")
    engine.require(Engine.numpy, "trainer.engine=numpy")


def test_compiled_with_a_broken_numba_says_why_in_one_line(broken_numba):
    with pytest.raises(UserError, match=r"Got NumPy 2\.4") as caught:
        engine.require(Engine.compiled, "trainer.engine=compiled")
    assert "\n" not in str(caught.value)
