"""A missing optional package is reported in one line, with the command that installs it."""

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
