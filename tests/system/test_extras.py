"""A missing optional package is reported in one line, with the command that installs it."""

import subprocess
import sys
from pathlib import Path

import pytest

from scratchnet.errors import UserError
from scratchnet.system import extras


@pytest.mark.parametrize("module", ["no_such_module", "no_such_package.plugin"])
def test_an_error_names_the_extra_to_install(module):
    with pytest.raises(UserError) as error:
        extras.require("hydra/launcher=joblib", module, "sweep")
    assert str(error.value) == (
        "hydra/launcher=joblib: needs packages that are not installed; "
        'run pip install -e ".[sweep]"'
    )


def test_an_installed_package_passes():
    extras.require("hydra/launcher=joblib", "hydra.core", "sweep")


@pytest.mark.parametrize("command", [["run.py"], ["-m", "scratchnet", "list"]])
def test_a_checkout_that_was_never_installed_says_how(command):
    root = Path(__file__).resolve().parents[2]
    bare = [sys.executable, "-S", *command]  # without what pip has installed
    result = subprocess.run(bare, cwd=root, capture_output=True, text=True)
    assert result.returncode == 2
    assert result.stderr.endswith(": not installed; install scratchnet first: pip install -e .\n")
    assert "hydra" in result.stderr
    assert result.stderr.count("\n") == 1
