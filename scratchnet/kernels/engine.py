"""Which version of the kernels runs: NumPy's, or the definitions compiled by Numba.

Decided once a process, by `use`; kernels ask `is_compiled`.
"""

import logging
from enum import Enum

from scratchnet.kernels import compiler

logger = logging.getLogger("scratchnet")

LONG = 1e11  # FLOPs of a run from which on compiled kernels repay the second they take to load


class Engine(Enum):
    """The choices of `trainer.engine`."""

    auto = "auto"  # compiled where Numba is installed and the run is long enough to gain from it
    numpy = "numpy"
    compiled = "compiled"


_in_use = Engine.numpy


def use(engine: Engine) -> None:
    """Run the kernels of this engine (not `auto`) in this process from now on."""
    global _in_use
    _in_use = engine


def in_use() -> Engine:
    """The engine of this process."""
    return _in_use


def is_compiled() -> bool:
    """True where compiled kernels run."""
    return _in_use is Engine.compiled


def choose(wanted: Engine, flops: float) -> Engine:
    """The engine for a run of this many FLOPs: the same on every machine where Numba works."""
    if wanted is Engine.auto:
        return Engine.compiled if flops >= LONG and works() else Engine.numpy
    return wanted


def works() -> bool:
    """Whether kernels can be compiled here."""
    return not compiler.problem()


def missed(wanted: Engine, flops: float) -> str:
    """Why `choose` has not taken compiled kernels for a run that is long enough; else empty."""
    is_missed = wanted is Engine.auto and flops >= LONG and compiler.problem()
    return f"NumPy computes, as Numba cannot: {compiler.problem()}" if is_missed else ""


def give_up(name: str, error: Exception) -> None:
    """Continue with NumPy, as the kernel of this name cannot be compiled."""
    if is_compiled():  # not yet given up, by another thread
        use(Engine.numpy)
        reason = compiler.one_line(error)
        logger.warning("from here on NumPy computes: %s cannot be compiled: %s", name, reason)


def require(engine: Engine, what: str) -> None:
    """Raise UserError where this engine, wanted as `what` says, cannot run here."""
    if engine is Engine.compiled:
        compiler.require(what)
