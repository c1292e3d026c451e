"""What several tests need."""

import signal
from pathlib import Path

import pytest

from scratchnet import config


@pytest.fixture(scope="session")
def conf() -> Path:
    """The folder of the configs, with the schemas registered that they refer to."""
    config.register()
    return Path(__file__).resolve().parents[1] / "conf"


@pytest.fixture(scope="session", autouse=True)
def _ctrl_c_is_not_ignored() -> None:
    """A shell starts what is to run in the background with Ctrl-C ignored; children inherit it."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
