"""Numba, behind three functions: does it work here, and a definition compiled for a type of number.

What is compiled stays on disk: in the package's own `__pycache__` or, where that cannot be written,
in the user's cache. A folder there belongs to one content of all kernels and one version of Numba,
which adds the CPU and the types; so an edit, an update or another machine never meets an old entry.
"""

import functools
import hashlib
import logging
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

import numpy as np

from scratchnet.errors import UserError
from scratchnet.system import extras

logger = logging.getLogger("scratchnet")

Function = Callable[..., Any]
KERNELS = Path(__file__).parent
OPTIONS: dict[str, Any] = {
    "nogil": True,  # pieces run on our own threads
    "error_model": "numpy",  # x / 0 is infinite, as in NumPy
    "fastmath": {"contract"},  # a b + c in one instruction; no reordering
}


def require(what: str) -> None:
    """Raise UserError where `what`, as it was typed, needs a Numba that is missing or broken."""
    extras.require(what, "numba", "fast")
    problem = _problem()
    if problem:
        raise UserError(
            f'{what}: Numba cannot be used ({problem}); pip install -U -e ".[fast]" updates it, '
            "and trainer.engine=numpy does without"
        )


def works() -> bool:
    """True where Numba compiles; where it is installed and does not, a warning says why."""
    problem = _problem()
    if problem:
        logger.warning("Numba cannot be used (%s): NumPy computes instead", problem)
    return not problem


@functools.cache
def _problem() -> str:
    """Why Numba does not work here, empty where it does: a small kernel is compiled or loaded."""
    try:
        compiled(_add_one, np.dtype(np.float32), [np.zeros(1, np.float32)])
    except Exception as error:  # whatever a broken or outdated installation raises
        return " ".join(str(error).split())[:300] or type(error).__name__
    return ""


def _add_one(x: np.ndarray) -> None:
    for i in range(x.size):
        x[i] += 1.0


def compiled(definition: Function, dtype: np.dtype[Any], arguments: list[Any]) -> Function:
    """The definition as machine code, with numbers of `dtype`, ready for these arguments."""
    numba = _numba()
    function = _with_numbers_of(dtype, definition)
    has_cache = _cache_folder() is not None
    dispatcher = numba.njit(cache=has_cache, **OPTIONS)(function)
    types = tuple(numba.typeof(argument) for argument in arguments)
    try:
        dispatcher.compile(types)
    except Exception as error:  # a damaged entry of the cache: whatever unpickling it raises
        if not has_cache:
            raise
        logger.info("%s is compiled anew, without the cache: %r", definition.__name__, error)
        dispatcher = numba.njit(**OPTIONS)(function)
        dispatcher.compile(types)
    return dispatcher


def _with_numbers_of(dtype: np.dtype[Any], function: Function) -> Function:
    """The function with all its constants in `dtype`.

    A Python float is a float64 to Numba: one of them in an equation over float32 arrays would
    double the work. Functions marked as `inner` that it calls get the same treatment.
    """
    code, globals_ = function.__code__, dict(function.__globals__)
    constants = tuple(_number_of(dtype, value) for value in code.co_consts)
    for name in set(code.co_names) & globals_.keys():
        value = globals_[name]
        if isinstance(value, FunctionType) and hasattr(value, "inner_exact"):
            globals_[name] = _inner(dtype, value)
        else:
            globals_[name] = _number_of(dtype, value)
    typed = FunctionType(
        code.replace(co_consts=constants), globals_, function.__name__, function.__defaults__
    )
    typed.__module__, typed.__qualname__ = function.__module__, function.__qualname__
    return typed


@functools.cache
def _inner(dtype: np.dtype[Any], function: Function) -> Function:
    """An inner function for definitions with numbers of `dtype` to call."""
    exact = function.inner_exact  # type: ignore[attr-defined]
    if exact is not None and dtype != np.float32:
        return exact
    compiled: Function = _numba().njit(**OPTIONS)(_with_numbers_of(dtype, function))
    return compiled


def _number_of(dtype: np.dtype[Any], value: Any) -> Any:
    if isinstance(value, float):
        return dtype.type(value)
    if isinstance(value, tuple) and value and all(isinstance(v, float) for v in value):
        return tuple(dtype.type(v) for v in value)
    return value


def inner(exact: Function | None = None) -> Callable[[Function], Function]:
    """Decorator for a small function that definitions call; compiled, it becomes part of them.

    `exact` takes its place in float64, where the function is an approximation for float32.
    """

    def mark(function: Function) -> Function:
        function.inner_exact = exact  # type: ignore[attr-defined]
        return function

    return mark


@functools.cache
def _numba() -> ModuleType:
    """Numba, set up to keep what it compiles in our folder."""
    import numba

    folder = _cache_folder()
    if folder is not None:
        numba.config.CACHE_DIR = str(folder)  # type: ignore[attr-defined]
        if not any(folder.iterdir()):
            print("compiling kernels, once: about 20 s", file=sys.stderr, flush=True)
    return numba


@functools.cache
def _cache_folder() -> Path | None:
    """Where compiled kernels are kept, or None where nothing can be written."""
    from importlib.metadata import version

    digest = hashlib.sha256(version("numba").encode())
    for path in sorted(KERNELS.glob("*.py")):
        digest.update(path.read_bytes())
    name = f"numba-{digest.hexdigest()[:16]}"
    for place in (KERNELS / "__pycache__", _user_cache()):
        try:
            (place / name).mkdir(parents=True, exist_ok=True)
            tempfile.TemporaryFile(dir=place / name).close()
        except OSError:  # read-only, full, or no home folder
            continue
        return place / name
    return None


def _user_cache() -> Path:
    import pooch

    return Path(pooch.os_cache("scratchnet")) / "kernels"
