"""Which engine a run takes, and what happens where Numba is missing or broken."""

import logging

import numpy as np
import pytest

from scratchnet.errors import UserError
from scratchnet.kernels import compiler, engine
from scratchnet.kernels.engine import LONG, Engine
from scratchnet.kernels.kernel import Kernel, kernel
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
    compiler._found_problem.cache_clear()
    yield
    compiler._found_problem.cache_clear()


def test_what_is_wanted_is_taken(without_numba):
    assert engine.choose(Engine.numpy, 1e30) is Engine.numpy
    assert engine.choose(Engine.compiled, 0) is Engine.compiled


def test_auto_compiles_for_long_runs_where_numba_is_installed():
    pytest.importorskip("numba")
    assert engine.choose(Engine.auto, LONG) is Engine.compiled
    assert engine.choose(Engine.auto, LONG / 2) is Engine.numpy


def test_auto_is_numpy_without_numba_and_says_what_to_install(without_numba):
    assert engine.choose(Engine.auto, 1e30) is Engine.numpy
    assert 'pip install -e ".[fast]"' in engine.missed(Engine.auto, 1e30)


def test_auto_is_numpy_where_numba_is_broken_and_says_why(broken_numba):
    assert engine.choose(Engine.auto, 1e30) is Engine.numpy
    missed = engine.missed(Engine.auto, 1e30)
    assert missed.endswith("Numba needs NumPy 2.3 or less. Got NumPy 2.4.")


def test_a_run_that_would_not_be_compiled_misses_nothing(broken_numba):
    assert engine.missed(Engine.auto, LONG / 2) == ""
    assert engine.missed(Engine.numpy, 1e30) == ""


@kernel(numbers="x y")
def double(x, y):
    """y_i = 2 x_i"""
    for i in range(x.size):
        y[i] = 2.0 * x[i]


@double.in_numpy
def double_in_numpy(x, y):
    np.multiply(x, 2, out=y)


@pytest.fixture
def uncompilable(monkeypatch):
    """Numba that works at first and then cannot compile."""
    kernel = Kernel(double.definition, ("x", "y"))
    kernel.in_numpy(double.numpy_version)

    def fail(*_):
        raise RuntimeError("LLVM has no\nmemory")

    monkeypatch.setattr(compiler, "compiled", fail)
    engine.use(Engine.compiled)
    yield kernel
    engine.use(Engine.numpy)


def test_numpy_continues_with_one_warning_where_a_kernel_cannot_be_compiled(uncompilable, caplog):
    x = np.ones(5, np.float32)
    y = np.empty_like(x)
    with caplog.at_level(logging.WARNING, "scratchnet"):
        uncompilable(x, y)
        uncompilable(y, x)
    assert (y == 2).all()
    assert (x == 4).all()
    (record,) = caplog.records
    assert record.getMessage() == (
        "from here on NumPy computes: double cannot be compiled: LLVM has no memory"
    )
    assert engine.in_use() is Engine.numpy


def test_compiled_without_numba_says_what_to_install(without_numba):
    with pytest.raises(UserError, match=r'trainer.engine=compiled: .* pip install -e "\.\[fast\]"'):
        engine.require(Engine.compiled, "trainer.engine=compiled")
    engine.require(Engine.numpy, "trainer.engine=numpy")


def test_compiled_with_a_broken_numba_says_why_in_one_line(broken_numba):
    with pytest.raises(UserError, match=r"Got NumPy 2\.4") as caught:
        engine.require(Engine.compiled, "trainer.engine=compiled")
    assert "\n" not in str(caught.value)
