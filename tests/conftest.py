"""What several tests need."""

from pathlib import Path

import pytest

from scratchnet import config


@pytest.fixture(scope="session")
def conf() -> Path:
    """The folder of the configs, with the schemas registered that they refer to."""
    config.register()
    return Path(__file__).resolve().parents[1] / "conf"
