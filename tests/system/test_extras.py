"""What is not installed is asked for in one line."""

import pytest

from scratchnet.errors import UserError
from scratchnet.system import extras


@pytest.mark.parametrize("module", ["a_module_that_nobody_has", "a_package_that_nobody_has.plugin"])
def test_what_is_missing_is_named_with_its_extra(module):
    with pytest.raises(UserError) as error:
        extras.require("hydra/launcher=joblib", module, "sweep")
    assert str(error.value) == (
        "hydra/launcher=joblib: needs packages that are not installed; "
        'pip install -e ".[sweep]" does that'
    )


def test_what_is_installed_is_taken():
    extras.require("hydra/launcher=joblib", "hydra.core", "sweep")
