"""The options of a config group: `optimizer=adam` chooses the class marked `@choice("adam")`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar, dataclass_transform

from scratchnet.settings.settings import Settings, setting

C = TypeVar("C", bound="Choice")


@dataclass
class Choice(Settings):
    """Base of all options. Its first setting is its name, so that a config says what it holds."""

    name: str = setting(help="the choice", fixed=True)


@dataclass_transform()
def choice(name: str) -> Callable[[type[C]], type[C]]:
    """Class decorator: makes a dataclass of a Choice and fixes its setting `name`.

    The class and its instances have the name, the config shows it, and no other value is accepted.
    """

    def decorate(cls: type[C]) -> type[C]:
        cls.__annotations__["name"] = str
        cls.name = setting(name, "the choice", fixed=True)
        return dataclass(cls)

    return decorate
