"""A kernel: an inner loop that is written once as its definition, and run in one of two ways.

    @kernel(numbers="x y")
    def double(x, y):
        \"\"\"y_i = 2 x_i\"\"\"
        for i in range(x.size):
            y[i] = 2.0 * x[i]

    @double.in_numpy
    def double_in_numpy(x, y):
        np.multiply(x, 2, out=y)

`double(x, y)` runs the second function, or the first one compiled by Numba: the engine decides
(see `kernels.engine`). The definition is what to read, and what the tests hold both versions to;
`double.definition` is the plain Python function.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from scratchnet.compute import threads
from scratchnet.compute.blocks import FEW_BLOCKS, block_slices, cut
from scratchnet.kernels import compiler, engine

Function = Callable[..., Any]

PIECE = 65_536  # numbers of the first array: some 20 us or more, which repays waking a thread


class Kernel:
    """Calls one of the two versions of a definition.

    Arrays named in `numbers` are contiguous and of one size, and each of their numbers stands on
    its own: both versions get them as vectors, in pieces that our own threads share. Arrays named
    in `rows` have the same first axis, the batch: for the compiled version they are cut along it,
    the NumPy version gets them whole. The cuts depend on shapes alone, and what pieces return is
    put together in their order, by `gather`: so no bit depends on how many threads there are.
    """

    def __init__(
        self,
        definition: Function,
        numbers: tuple[str, ...] = (),
        rows: tuple[str, ...] = (),
        gather: Callable[[list[Any]], Any] | None = None,
    ):
        self.definition = self.numpy_version = definition
        self.name = definition.__name__
        self.__doc__ = definition.__doc__
        names = definition.__code__.co_varnames[: definition.__code__.co_argcount]
        self._vectors = [names.index(name) for name in numbers]
        self.is_elementwise = bool(numbers)
        self._cut = self._vectors or [names.index(name) for name in rows]
        self._gather = gather
        self._compiled: dict[np.dtype[Any], Function] = {}
        self._array: int | None = None  # the argument whose type the numbers have
        self._floats: list[int] = []  # the arguments that are such numbers

    def in_numpy(self, function: Function) -> Function:
        """Decorator for the NumPy version, which takes the same arguments."""
        self.numpy_version = function
        return function

    def __call__(self, *arguments: Any) -> Any:
        """Run the version of the engine in use."""
        given = list(arguments)
        for i in self._vectors:
            given[i] = _vector(given[i])
        run = self._compile(given) if engine.is_compiled() else None
        if run is not None:
            results = self._run_pieces(run, given, _pieces, 1)
        elif self._vectors:
            results = self._run_pieces(self.numpy_version, given, _blocks, FEW_BLOCKS)
        else:
            return self.numpy_version(*given)
        return self._gather(results) if self._gather else None

    def _compile(self, given: list[Any]) -> Function | None:
        """The compiled version for these arguments, of which the floats become fit for it.

        None if it cannot be compiled: from then on NumPy's versions run.
        """
        if self._array is None:
            arrays = [i for i, a in enumerate(given) if isinstance(a, np.ndarray)]
            self._floats = [i for i, a in enumerate(given) if isinstance(a, float)]
            # last, as another thread that sees it takes the rest as known
            self._array = next((i for i in arrays if given[i].dtype.kind == "f"), arrays[0])
        dtype = given[self._array].dtype
        if dtype.kind != "f":
            dtype = np.dtype(np.float32)
        for i in self._floats:  # a Python float would be a float64 to Numba
            given[i] = dtype.type(given[i])
        run = self._compiled.get(dtype)
        if run is None:
            try:
                run = compiler.compiled(self.definition, dtype, given)
            except Exception as error:  # whatever Numba, LLVM or the memory may say
                engine.give_up(self.name, error)
                return None
            self._compiled[dtype] = run
        return run

    def _run_pieces(
        self,
        run: Function,
        given: list[Any],
        cuts: Callable[[np.ndarray], list[slice]],
        few: int,
    ) -> list[Any]:
        """What `run` returns for each piece of the arrays, in order; `few` take one thread."""
        if not self._cut or given[self._cut[0]].size <= PIECE:
            return [run(*given)]
        slices = cuts(given[self._cut[0]])
        results: list[Any] = [None] * len(slices)

        def run_piece(number: int) -> None:
            piece = list(given)
            for i in self._cut:
                piece[i] = given[i][slices[number]]
            results[number] = run(*piece)

        if len(slices) <= few:
            for number in range(len(slices)):
                run_piece(number)
        else:
            threads.parallel(run_piece, len(slices))
        return results


def _vector(array: np.ndarray) -> np.ndarray:
    """A contiguous array as a vector, without a copy."""
    if not array.flags.c_contiguous:
        raise ValueError(f"an array of shape {array.shape} must be contiguous")
    return array.reshape(-1)


def _blocks(vector: np.ndarray) -> list[slice]:
    return block_slices(vector.size)


def _pieces(array: np.ndarray) -> list[slice]:
    """Pieces of PIECE numbers or more along the first axis, of a large array some 32."""
    numbers = max(PIECE, array.size // 32)
    return cut(len(array), max(1, numbers * len(array) // max(1, array.size)))


def kernel(
    *, numbers: str = "", rows: str = "", gather: Callable[[list[Any]], Any] | None = None
) -> Callable[[Function], Kernel]:
    """Decorator that makes a Kernel of a definition; names are given apart by spaces."""
    return lambda definition: Kernel(
        definition, tuple(numbers.split()), tuple(rows.split()), gather
    )


def total(results: list[Any]) -> Any:
    """The sum of what the pieces return, in float64: for `gather`."""
    return np.sum(results, axis=0, dtype=np.float64)
