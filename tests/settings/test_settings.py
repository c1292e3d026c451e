from dataclasses import dataclass

import pytest

from scratchnet.errors import SettingError
from scratchnet.settings import Settings, setting
from scratchnet.settings.settings import MOST, describe_range


@dataclass
class Example(Settings):
    count: int = setting(1, "how many", unit="samples", at_least=1)
    seed: int = setting(0, at_most=2**63 - 1)
    sizes: list[int] = setting([1], "of each layer")
    rate: float = setting(1.0, above=0)


@pytest.mark.parametrize("number", [MOST + 1, 2**300, 10**400])
def test_a_whole_number_has_an_upper_limit_even_if_none_is_declared(number):
    for name, value in {"count": number, "sizes": [1, number]}.items():
        with pytest.raises(SettingError, match=rf"{name}=.*: must be <= {MOST} \("):
            Example(**{name: value})
    assert Example(count=MOST, seed=2**63 - 1, rate=1e12).count == MOST


def test_a_limit_is_shown_with_all_its_digits():
    fields = Example.__dataclass_fields__
    assert describe_range(fields["seed"].metadata) == "< 2^63"
    with pytest.raises(SettingError, match=f"seed={2**63}: must be < 2\\^63$"):
        Example(seed=2**63)
