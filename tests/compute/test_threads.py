"""How many threads, and how work is spread over them."""

import threading

import numpy as np
import pytest

from scratchnet.compute import threads


@pytest.fixture(autouse=True)
def four_cores(monkeypatch):
    monkeypatch.setattr(threads, "cores", lambda: 4)
    for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
        monkeypatch.delenv(variable, raising=False)


@pytest.fixture
def pool():
    yield
    threads.use(1)


@pytest.mark.parametrize(
    ("environment", "wanted", "expected"),
    [
        (None, "auto", 4),
        (None, 2, 2),
        ("1", "auto", 1),
        ("8", "auto", 4),
        ("1", 2, 2),
        ("nonsense", "auto", 4),
    ],
)
@pytest.mark.parametrize("variable", ["OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"])
def test_count(monkeypatch, variable, environment, wanted, expected):
    if environment is not None:
        monkeypatch.setenv(variable, environment)
    assert threads.count(wanted) == expected


def test_a_context_uses_others_for_a_while(pool):
    threads.use(2)
    with threads.using(3):
        assert threads.in_use() == 3
    assert threads.in_use() == 2
    with pytest.raises(ZeroDivisionError), threads.using(1):
        1 / 0  # noqa: B018
    assert threads.in_use() == 2


@pytest.mark.parametrize("own", [1, 3])
def test_an_overflow_is_answered_alike_on_all_threads(pool, own):
    threads.use(own)
    large, start = np.full(10, 3e38, np.float32), threading.Barrier(own, timeout=10)

    def overflow(_):
        start.wait()
        np.add(large, large, out=np.empty_like(large))

    with np.errstate(over="ignore"):
        threads.parallel(overflow, own)
    with np.errstate(over="raise"), pytest.raises(FloatingPointError):
        threads.parallel(overflow, own)


@pytest.mark.parametrize("own", [1, 2, 3])
def test_every_task_runs_once(pool, own):
    threads.use(own)
    counts = np.zeros(1000, int)

    def task(i):
        counts[i] += 1

    threads.parallel(task, len(counts))
    assert (counts == 1).all()


def test_work_is_shared(pool):
    threads.use(2)
    both_are_here = threading.Barrier(2, timeout=10)
    threads.parallel(lambda i: both_are_here.wait(), 2)


@pytest.mark.parametrize("own", [1, 3])
def test_an_error_in_a_task_is_raised(pool, own):
    threads.use(own)

    def task(i):
        if i == 7:
            raise ValueError("task 7")

    with pytest.raises(ValueError, match="task 7"):
        threads.parallel(task, 20)


def test_scratch_is_reused_and_belongs_to_one_thread():
    mine = threads.scratch("test", 10, np.dtype("f4"))
    assert np.shares_memory(mine, threads.scratch("test", 5, np.dtype("f4")))
    others = []
    other = threading.Thread(target=lambda: others.append(threads.scratch("test", 10, mine.dtype)))
    other.start()
    other.join()
    assert not np.shares_memory(mine, others[0])
