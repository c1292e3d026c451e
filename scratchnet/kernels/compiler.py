"""Numba, behind three functions: does it work here, and a definition compiled for a type of number.

What is compiled stays on disk, see `cache`.
"""

import functools
from collections.abc import Callable
from types import FunctionType, ModuleType
from typing import Any

import numpy as np

from scratchnet.errors import UserError
from scratchnet.kernels import cache
from scratchnet.system import extras

Function = Callable[..., Any]
OPTIONS: dict[str, Any] = {
    "nogil": True,  # pieces run on our own threads
    "error_model": "numpy",  # x / 0 is infinite, as in NumPy
    "fastmath": {"contract"},  # a b + c in one instruction; no reordering
}


def require(what: str) -> None:
    """Raise UserError where `what`, as it was typed, needs a Numba that is missing or broken."""
    extras.require(what, "numba", "fast")
    if problem():
        raise UserError(
            f'{what}: Numba cannot be used ({problem()}); pip install -U -e ".[fast]" updates it, '
            "and trainer.engine=numpy does without"
        )


def problem() -> str:
    """Why Numba does not work here, in one line; empty where it does."""
    if not extras.is_installed("numba"):
        return 'it is not installed; pip install -e ".[fast]" does that'
    return _found_problem()


@functools.cache
def _found_problem() -> str:
    """The same for a Numba that is installed: a small kernel is compiled or loaded."""
    try:
        compiled(_add_one, np.dtype(np.float32), [np.zeros(1, np.float32)])
    except Exception as error:  # whatever a broken or outdated installation raises
        return one_line(error)
    return ""


def one_line(error: Exception) -> str:
    """What an exception says, without line breaks and not too long."""
    return " ".join(str(error).split())[:300] or type(error).__name__


def _add_one(x: np.ndarray) -> None:
    for i in range(x.size):
        x[i] += 1.0


def compiled(definition: Function, dtype: np.dtype[Any], arguments: list[Any]) -> Function:
    """The definition as machine code, with numbers of `dtype`, ready for these arguments."""
    numba = _numba()
    dispatcher = numba.njit(**OPTIONS)(_with_numbers_of(dtype, definition))
    folder = cache.folder()
    if folder is None:
        cache.announce()
    else:
        name = f"{definition.__module__}.{definition.__name__} {dtype}"
        dispatcher._cache = cache.KernelCache(name, folder)
    dispatcher.compile(tuple(numba.typeof(argument) for argument in arguments))
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
    options = OPTIONS | {"fastmath": OPTIONS["fastmath"] | function.inner_fastmath}  # type: ignore[attr-defined]
    compiled: Function = _numba().njit(**options)(_with_numbers_of(dtype, function))
    return compiled


def _number_of(dtype: np.dtype[Any], value: Any) -> Any:
    if isinstance(value, float):
        return dtype.type(value)
    if isinstance(value, tuple) and value and all(isinstance(v, float) for v in value):
        return tuple(dtype.type(v) for v in value)
    return value


def inner(
    exact: Function | None = None, *, reorder: bool = False
) -> Callable[[Function], Function]:
    """Decorator for a small function that definitions call; compiled, it becomes part of them.

    `exact` takes its place in float64, where the function is an approximation for float32. With
    `reorder`, sums may be added in another order, the same in every call: several at once.
    """

    def mark(function: Function) -> Function:
        function.inner_exact = exact  # type: ignore[attr-defined]
        function.inner_fastmath = {"reassoc"} if reorder else set()  # type: ignore[attr-defined]
        return function

    return mark


def _numba() -> ModuleType:
    """Imported where it is used: that takes half a second."""
    import numba

    return numba
