"""Our own threads, in one place: how many there are, and how work is spread over them.

NumPy and compiled kernels release the GIL inside their loops and products, so plain Python threads
share the work of one step. The BLAS library stays on one thread: its own threads spin while they
wait for each other, and on a machine that is not idle they make a product many times slower.
Ours sleep, and share out pieces whose number depends on sizes alone.
"""

import contextlib
import contextvars
import functools
import itertools
import math
import os
import threading
from collections.abc import Callable, Iterator

import numpy as np
import threadpoolctl

from scratchnet.compute import quota

VARIABLES = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS")  # the first that is set counts


def cores() -> int:
    """Processor cores that this process may use: by its affinity and, rounded up, its quota."""
    affine = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return math.ceil(min(affine or 1, quota.cores()))


def count(wanted: int | str = "auto") -> int:
    """How many threads to use: as wanted, or (auto) all cores unless the environment says less."""
    if wanted != "auto":
        return int(wanted)
    return min(cores(), environment_limit() or cores())


def environment_limit() -> int | None:
    """The number of BLAS threads that is set in the environment, if any."""
    for variable in VARIABLES:
        value = os.environ.get(variable, "")
        if value.isdecimal() and int(value) > 0:
            return int(value)
    return None


class _Job:
    """Independent tasks, task(0) to task(count - 1), shared by whichever threads have time."""

    def __init__(self, task: Callable[[int], None], count: int):
        self.task, self.count = task, count
        self.error: BaseException | None = None
        self._next = itertools.count()  # next() is atomic under the GIL: no number comes twice
        self._finished = itertools.count(1)
        self._is_open = threading.Lock()  # held until the last task is finished
        self._is_open.acquire()

    def work(self) -> None:
        """Take one task after the other until none is left."""
        while (i := next(self._next)) < self.count:
            try:
                self.task(i)
            except BaseException as error:  # raised by the thread that waits
                self.error = self.error or error
            if next(self._finished) == self.count:
                self._is_open.release()

    def wait(self) -> None:
        """Return when all tasks are finished, whoever took them; raises the first error."""
        self._is_open.acquire()
        if self.error is not None:
            raise self.error


class _Worker:
    """A thread that sleeps until there is a job; meanwhile it takes nothing from other programs."""

    def __init__(self, number: int):
        self._job: Callable[[], None] | None = None
        self._sleep = threading.Lock()  # released to wake the thread
        self._sleep.acquire()
        self._is_wanted = True
        threading.Thread(target=self._run, name=f"scratchnet {number}", daemon=True).start()

    def wake(self, job: Callable[[], None] | None) -> None:
        """Hand over a job. A thread that wakes too late for it finds nothing left to do."""
        self._job = job
        with contextlib.suppress(RuntimeError):  # it is about to wake from the last call
            self._sleep.release()

    def stop(self) -> None:
        """End the thread, after the task that it has in hand."""
        self._is_wanted = False
        self.wake(None)

    def _run(self) -> None:
        while self._is_wanted:
            self._sleep.acquire()
            job, self._job = self._job, None
            if job is not None:
                job()


_workers: list[_Worker] = []  # beside the calling thread
if hasattr(os, "register_at_fork"):  # a child process has no threads but its own
    os.register_at_fork(after_in_child=_workers.clear)


def use(count: int) -> None:
    """Use this many threads in this process (>= 1, the calling one included)."""
    threadpoolctl.threadpool_limits(limits=1, user_api="blas")
    while len(_workers) > count - 1:
        _workers.pop().stop()
    while len(_workers) < count - 1:
        _workers.append(_Worker(len(_workers) + 1))


def in_use() -> int:
    """How many threads this process uses."""
    return 1 + len(_workers)


@contextlib.contextmanager
def using(count: int) -> Iterator[None]:
    """Use this many threads inside the context, and as many as before after it."""
    before = in_use()
    use(count)
    try:
        yield
    finally:
        use(before)


def parallel(task: Callable[[int], None], count: int) -> None:
    """Call `task(i)` for each i in range(count), spread over our own threads.

    Returns when all are done and raises the first error. Any thread may take any i, so tasks must
    be independent; then the results do not depend on the number of threads. `np.errstate` applies
    in all of them.
    """
    helpers = _workers[: count - 1]
    if not helpers:
        for i in range(count):
            task(i)
        return
    job = _Job(task, count)
    for helper in helpers:
        helper.wake(functools.partial(contextvars.copy_context().run, job.work))
    job.work()
    job.wait()


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
