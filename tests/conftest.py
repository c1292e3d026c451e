"""What several tests need, and how they share the cores."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from compare.browser import Browser, find

if "PYTEST_XDIST_WORKER" in os.environ:  # one of a process per core: as many threads are enough
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from scratchnet import config
from scratchnet.compute import threads
from scratchnet.kernels import engine
from scratchnet.kernels.engine import Engine
from scratchnet.system import extras


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """One for each core; none for single files, which are done before workers have started."""
    only_files = all("::" in name or name.endswith(".py") for name in config.args)
    return 0 if only_files else threads.cores()


def pytest_make_parametrize_id(val: object) -> str | None:
    """No bytes in the names of tests: gzip's hold the time, and workers have to agree on names."""
    return f"{len(val)} bytes" if isinstance(val, bytes) else None


@pytest.fixture(scope="session")
def conf() -> Path:
    """The folder of the configs, with the schemas registered that they refer to."""
    config.register()
    return Path(__file__).resolve().parents[1] / "conf"


@pytest.fixture(scope="session", autouse=True)
def _ctrl_c_is_not_ignored() -> None:
    """A shell starts what is to run in the background with Ctrl-C ignored; children inherit it."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium, shared by all tests of pages."""
    program = find()
    if program is None:
        pytest.skip("no Chromium here")
    started = Browser(program)
    yield started
    started.close()


@pytest.fixture(params=[Engine.numpy, Engine.compiled], ids=lambda one: one.value)
def each_engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """The engine in use, one after the other; compiled kernels where Numba is installed."""
    if request.param is Engine.compiled and not extras.is_installed("numba"):
        pytest.skip("needs the extra `fast`")
    before = engine.in_use()
    engine.use(request.param)
    yield request.param
    engine.use(before)
