"""Checkouts whose run.py is a stand-in, so that jobs end as a test wants, and soon."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def new_checkout(tmp_path_factory, conf) -> Callable[[Path], Path]:
    """Makes a checkout with a stand-in; one for all tests of a module keeps what it composes."""

    def make(stand_in: Path) -> Path:
        checkout = tmp_path_factory.mktemp("checkout")
        shutil.copytree(conf, checkout / "conf")
        shutil.copy(stand_in, checkout / "run.py")
        return checkout

    return make
