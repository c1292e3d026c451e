"""Which version of the kernels runs: NumPy's, or the definitions compiled by Numba.

Decided once a process, by `use`; kernels ask `is_compiled`.
"""

from enum import Enum

from scratchnet.kernels import compiler
from scratchnet.system import extras

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
    """The engine for a run of this many FLOPs: the same on every machine that has Numba."""
    if wanted is Engine.auto:
        return Engine.compiled if flops >= LONG and works() else Engine.numpy
    return wanted


def works() -> bool:
    """True where kernels can be compiled; a warning says why where Numba is there but broken."""
    return extras.is_installed("numba") and compiler.works()


def require(engine: Engine, what: str) -> None:
    """Raise UserError where this engine, wanted as `what` says, cannot run here."""
    if engine is Engine.compiled:
        compiler.require(what)
