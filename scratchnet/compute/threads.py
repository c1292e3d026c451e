"""Our own threads, in one place: how many there are, and how work is spread over them.

NumPy releases the GIL inside its loops and products, so plain Python threads can share the work
of one step. Two kinds of threads compete for the cores: those of the BLAS library, inside one big
product, and ours, over independent pieces of work. A `ThreadPlan` has the number of each; `use`
applies it to the process.
"""

import contextvars
import itertools
import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import threadpoolctl

VARIABLES = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS")  # the first that is set counts


@dataclass(frozen=True)
class ThreadPlan:
    """How many threads the BLAS library and how many our own code may use, each >= 1."""

    blas: int
    own: int

    def __str__(self) -> str:
        return f"{self.blas} BLAS, {self.own} own"


def cores() -> int:
    """Processor cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def plan(wanted: int | str = "auto", *, small_products: bool = False) -> ThreadPlan:
    """The plan for a network on `wanted` cores; auto: all of them, or the environment's limit.

    The products of dense layers are large: BLAS gets all threads, and between them ours do. A
    convolution is many small products over pieces of the batch (`small_products`): there ours
    share out the pieces, and BLAS stays on one thread. A number of BLAS threads that the user
    has set in the environment is never exceeded.
    """
    limit = environment_limit()
    own = min(cores(), limit or cores()) if wanted == "auto" else int(wanted)
    return ThreadPlan(blas=1 if small_products else (limit or own), own=own)


def environment_limit() -> int | None:
    """The number of BLAS threads that is set in the environment, if any."""
    for variable in VARIABLES:
        value = os.environ.get(variable, "")
        if value.isdecimal() and int(value) > 0:
            return int(value)
    return None


class _Pool:
    """The worker threads beside the calling thread; None if there is only that one."""

    executor: ThreadPoolExecutor | None = None
    workers = 1


def use(plan: ThreadPlan) -> None:
    """Apply a plan to this process."""
    threadpoolctl.threadpool_limits(limits=plan.blas, user_api="blas")
    if plan.own == _Pool.workers:
        return
    if _Pool.executor is not None:
        _Pool.executor.shutdown()
    _Pool.workers = plan.own
    _Pool.executor = ThreadPoolExecutor(plan.own - 1, "scratchnet") if plan.own > 1 else None


def parallel(task: Callable[[int], None], count: int) -> None:
    """Call `task(i)` for each i in range(count), spread over our own threads.

    Returns when all are done and raises the first error. Any thread may take any i, so tasks must
    be independent; then the results do not depend on the number of threads. `np.errstate` applies
    in all of them.
    """
    executor, helpers = _Pool.executor, min(_Pool.workers, count) - 1
    if executor is None or helpers < 1:
        for i in range(count):
            task(i)
        return
    numbers = itertools.count()  # next() is atomic under the GIL: each number goes to one thread

    def work() -> None:
        while (i := next(numbers)) < count:
            task(i)

    futures = [executor.submit(contextvars.copy_context().run, work) for _ in range(helpers)]
    try:
        work()
    finally:
        errors = [future.exception() for future in futures]
    for error in errors:
        if error is not None:
            raise error


_kept = threading.local()


def scratch(name: str, size: int, dtype: np.dtype) -> np.ndarray:
    """An uninitialised vector (size,) that belongs to the calling thread and is reused.

    Calls with the same name share memory, so a name must not be in use twice at the same time.
    """
    vectors = _kept.__dict__.setdefault("vectors", {})
    vector = vectors.get((name, dtype))
    if vector is None or vector.size < size:
        vector = vectors[name, dtype] = np.empty(size, dtype)
    return vector[:size]
