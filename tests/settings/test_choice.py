"""The options of a group: a name that the config shows and that cannot be changed."""

import dataclasses

import pytest
from omegaconf import OmegaConf

from scratchnet.errors import SettingError
from scratchnet.settings import Choice, choice, setting


@choice("plain")
class Plain(Choice):
    size: int = setting(3, "how large", at_least=1)


@choice("fancy")
class Fancy(Plain):
    """An option that differs in its name alone."""


def test_the_class_and_its_instances_have_the_name():
    assert (Plain.name, Plain().name) == ("plain", "plain")
    assert (Fancy.name, Fancy(size=2).name) == ("fancy", "fancy")


def test_a_config_shows_the_name_first_and_reads_it_back():
    node = OmegaConf.structured(Fancy)
    assert OmegaConf.to_container(node) == {"name": "fancy", "size": 3}
    assert list(node) == ["name", "size"]
    assert OmegaConf.to_object(node) == Fancy()


def test_another_name_is_refused():
    with pytest.raises(SettingError, match=r"^name=fancy: is fixed to 'plain' by the choice"):
        Plain(name="fancy")


def test_fields_keep_their_ranges():
    assert [field.name for field in dataclasses.fields(Fancy)] == ["name", "size"]
    with pytest.raises(SettingError, match=r"^size=0: must be >= 1"):
        Fancy(size=0)
