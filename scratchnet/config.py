"""One typed Config describes a whole run: composed by Hydra, or read back from a run folder.

Each option of a group is a dataclass that lives beside the component it builds. CHOICES lists
them all; `register` gives them to Hydra as schemas, and building a Config from plain values checks
names, types, ranges and combinations before anything is loaded.
"""

import dataclasses
import math
import re
import secrets
import typing
from pathlib import Path
from typing import Any, cast

from hydra.core.config_store import ConfigStore
from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import (
    InterpolationKeyError,
    OmegaConfBaseException,
    UnsupportedInterpolationType,
)

from scratchnet.data.augmentation.settings import UNFIT
from scratchnet.data.cifar10 import CIFAR10
from scratchnet.data.digits import Digits
from scratchnet.data.images import Specification
from scratchnet.data.mnist import MNIST, FashionMNIST
from scratchnet.data.own.arrays import Arrays
from scratchnet.data.own.csv_table import CSV
from scratchnet.data.own.folder import Folder
from scratchnet.data.own.idx import IDX
from scratchnet.data.splits import Validation
from scratchnet.errors import SettingError
from scratchnet.nn.models import CNN, MLP, AirNet, LeNet, LinearModel, ResNet
from scratchnet.nn.norm import needs_two_samples
from scratchnet.optim import (
    EMA,
    SGD,
    Adam,
    AdamW,
    Constant,
    Cosine,
    Linear,
    Lion,
    Lookahead,
    Muon,
    NoAveraging,
    OneCycle,
    Step,
    Triangular,
)
from scratchnet.settings import LARGEST_SEED, Choice, Settings, setting
from scratchnet.settings.plain import Plain, flatten
from scratchnet.settings.suggestions import nearest, nearest_setting, one_of
from scratchnet.settings.wording import as_typed, as_whole, wrong_type
from scratchnet.training.settings import TrainerSettings
from scratchnet.training.views import Views


def _by_name(*classes: type[Choice]) -> dict[str, type[Choice]]:
    return {choice.name: choice for choice in classes}


CHOICES: dict[str, dict[str, type[Choice]]] = {
    "dataset": _by_name(Digits, MNIST, FashionMNIST, CIFAR10, Folder, Arrays, CSV, IDX),
    "model": _by_name(LinearModel, MLP, LeNet, CNN, ResNet, AirNet),
    "optimizer": _by_name(SGD, Adam, AdamW, Lion, Muon),
    "schedule": _by_name(Constant, Cosine, Step, OneCycle, Triangular, Linear),
    "averaging": _by_name(NoAveraging, EMA, Lookahead),
}
GROUPS = (*CHOICES, "experiment")  # what is chosen as group=option; an experiment sets the others


@dataclasses.dataclass
class Config(Settings):
    """All settings of a run. Those of type Any are chosen from CHOICES."""

    dataset: Any = setting(help="images, splits and augmentation")
    model: Any = setting(help="the network")
    optimizer: Any = setting(help="gradients to update")
    schedule: Any = setting(help="step to learning rate")
    averaging: Any = setting(NoAveraging(), "the average of the weights that evaluation uses")
    trainer: TrainerSettings = setting(TrainerSettings(), "the training loop")
    seed: int = setting(0, "seed of all randomness", at_least=0, at_most=LARGEST_SEED)
    name: str | None = setting(None, "what to call the run")
    note: str | None = setting(None, "what to remember about it")
    tags: list[str] = setting([], "words to find it by")

    def __post_init__(self):
        super().__post_init__()
        self._check_patience()
        known = self.dataset.specification
        if known is None:  # the data have to be loaded first
            self._check_schedule(steps_per_epoch=1)
            return
        if self.trainer.batch_size > known.training_size:
            raise SettingError(
                "trainer.batch_size",
                f"={self.trainer.batch_size}: must be <= {known.training_size}, the training set "
                f"of {self.dataset.name}",
            )
        self.check_data(known)

    def check_data(self, data: Specification) -> None:
        """Raise SettingError if augmentation, model, freezing or schedule do not fit the data."""
        dataset = self.dataset
        if dataset.augment:
            try:
                dataset.augmentation.check(dataset.name, data.shape)
            except SettingError as error:
                raise error.under("dataset") from None
        try:
            layers = self.model.check(data.shape, data.classes)
        except ValueError as error:
            problem = f"={self.model.name} does not fit dataset={self.dataset.name}: {error}"
            raise SettingError("model", problem) from None
        try:
            self.trainer.freezing.check(layers, self.trainer.epochs)
        except SettingError as error:
            raise error.under("trainer.freezing") from None
        views = self.trainer.test_time_augmentation
        if data.are_vectors and views is not Views.none:
            raise SettingError(
                "trainer.test_time_augmentation",
                f"={views.value}: must be none: the samples of dataset={self.dataset.name} are "
                "vectors, not images",
            )
        self._check_schedule(math.ceil(data.training_size / self.trainer.batch_size))

    def check_new(self, data: Specification) -> None:
        """Raise SettingError for vectors that nothing augments, or a batch of a single value.

        (Batch normalisation would see that one.) Only asked of new runs: older ones can still be
        resumed and evaluated.
        """
        dataset = self.dataset
        if data.are_vectors and dataset.augment and not dataset.augmentation.mixup_alpha:
            raise SettingError("dataset.augment", f"=true: {UNFIT.format(name=dataset.name)}")
        size, samples = self.trainer.batch_size, data.training_size
        has_single = size == 1 or samples % size == 1
        if has_single and needs_two_samples(self.model.check(data.shape, data.classes)):
            sizes = range(size + 1, samples + 1)
            better = next((f"; try {other}" for other in sizes if samples % other != 1), "")
            raise SettingError(
                "trainer.batch_size",
                f"={size}: leaves a single one of {samples:,} samples in a batch, and batch "
                f"normalisation needs two{better}",
            )

    def _check_patience(self) -> None:
        patience = self.trainer.early_stopping.patience
        if self.dataset.validation is Validation.none and patience is not None:
            raise SettingError(
                "trainer.early_stopping.patience",
                f"={patience}: must be null with dataset.validation=none: without validation "
                "images there is nothing to judge by when to stop",
            )

    def _check_schedule(self, steps_per_epoch: int) -> None:
        try:  # a schedule that does not fit the run refuses to be built
            self.schedule.build(self.optimizer.lr, steps_per_epoch, self.trainer.epochs)
        except SettingError as error:
            raise error.under("schedule") from None


def register() -> None:
    """Give Hydra the schemas and the resolver that conf/ refers to.

    The schemas are in a group of their own, `schema/<group>/<name>`: inside the groups, Hydra
    would offer them to the user as further options. They hold defaults but no types: Hydra would
    refuse a wrong value in its own terms; `build` names the setting and what is allowed.
    """
    store = ConfigStore.instance()
    store.store(group="schema", name="config", node=_defaults(Config), package="_global_")
    for group, classes in CHOICES.items():
        for name, choice in classes.items():
            store.store(group=f"schema/{group}", name=name, node=_defaults(choice), package=group)
    OmegaConf.register_new_resolver(
        "random_hex", lambda digits: secrets.token_hex(digits // 2), use_cache=True, replace=True
    )


def setting_names() -> list[str]:
    """All settings of all options, by their dotted names."""
    parts = [_defaults(Config)]
    for group, classes in CHOICES.items():
        parts += [{group: _defaults(choice)} for choice in classes.values()]
    return [*dict.fromkeys(name for part in parts for name in flatten(part))]


def defaults_of(chosen: dict[str, Any]) -> dict[str, Any]:
    """The default of each setting, by its dotted name, where these options are chosen.

    `chosen` maps groups to names of options; of one that does not exist there are no settings.
    Settings without a default have `???`.
    """
    defaults = flatten(_defaults(Config))
    for group, name in chosen.items():
        if isinstance(name, str) and name in CHOICES[group]:
            defaults |= flatten({group: _defaults(CHOICES[group][name])})
    return defaults


def types_of(path: str) -> list[Any]:
    """The type of a setting, e.g. `trainer.epochs` or `model.hidden_dims.0`, as annotated.

    One for each option that has the setting; none if there is no such setting.
    """
    annotations: list[Any] = [Config]
    for name in path.split("."):
        annotations = [inner for outer in annotations for inner in _inside(outer, name)]
    return annotations


def _inside(annotation: Any, name: str) -> list[Any]:
    """The types of a setting, or of an element of a list, in a value of this type."""
    if annotation is Config and name in CHOICES:
        return [*CHOICES[name].values()]
    if dataclasses.is_dataclass(annotation):
        hints = typing.get_type_hints(annotation)
        return [hints[name]] if name in hints else []
    return [*typing.get_args(annotation)] if typing.get_origin(annotation) is list else []


def to_plain(config: DictConfig | Config) -> Plain:
    """A config as plain values with all references resolved: what config.yaml holds.

    Raises SettingError for a reference that leads nowhere.
    """
    node = OmegaConf.structured(config) if isinstance(config, Config) else config
    try:
        return _container(node, resolve=True)
    except OmegaConfBaseException as error:
        reason = str(error).splitlines()[0]
        if isinstance(error, InterpolationKeyError):
            reason = re.sub(r".*'(.*)'.*", r"${\1} refers to no setting", reason)
        elif isinstance(error, UnsupportedInterpolationType):
            reason = f"${{{reason.split()[-1]}:...}} is no reference to a setting"
        raise SettingError(error.full_key or "config", f": {reason}") from None


def to_config(composed: DictConfig) -> Config:
    """The typed config of one composed by Hydra. Raises SettingError."""
    return from_plain(located(to_plain(composed)))


def located(plain: Plain) -> Plain:
    """Plain values in which the paths of data are absolute: runs are resumed from anywhere.

    Raises SettingError for the home folder of an unknown user.
    """
    dataset = plain.get("dataset")
    if not isinstance(dataset, dict):
        return plain
    paths = {}
    for name in ("root", "path"):
        if isinstance(given := dataset.get(name), str) and given:
            try:
                path = str(Path(given).expanduser().absolute())
            except RuntimeError:
                problem = f"={given}: there is no such user's home folder"
                raise SettingError(f"dataset.{name}", problem) from None
            paths[name] = given if "${" in path else path  # that would look like a reference
    return plain | {"dataset": dataset | paths}


def from_plain(plain: Plain) -> Config:
    """The typed config of plain values: composed by Hydra, or read back. Raises SettingError.

    They are data, not a program: anything that looks like a reference (`${...}`) is refused.
    """
    return build(plain, chosen_classes(plain))


def chosen_classes(plain: Plain) -> dict[str, type[Choice]]:
    """The option chosen in each group, by its name. Raises SettingError."""
    chosen = {}
    for group, classes in CHOICES.items():
        settings = plain.get(group) if isinstance(plain, dict) else None
        name = settings.get("name") if isinstance(settings, dict) else None
        if not isinstance(name, str) or name not in classes:
            raise SettingError(f"{group}.name", f"={as_typed(name)}: {one_of(name, [*classes])}")
        chosen[group] = classes[name]
    return chosen


def build(plain: Plain, classes: dict[str, type[Choice]]) -> Config:
    """The typed config of plain values, with these classes for its groups. Raises SettingError."""
    schema = OmegaConf.structured(Config)
    for group, choice in classes.items():
        schema[group] = choice
    _fill(schema, plain, "", schema)
    return _to_object(schema, "")


def _fill(node: DictConfig, plain: Any, path: str, schema: DictConfig) -> None:
    """Put plain values into a part of the schema, each as the type it is declared with."""
    if not isinstance(plain, dict):
        problem = f"={as_typed(plain)}: must hold settings: {', '.join(node)}"
        raise SettingError(path or "config", problem)
    for key, value in plain.items():
        here = f"{path}.{key}" if path else str(key)
        if not isinstance(key, str) or key not in node:
            raise _unknown(here, value, schema)
        if OmegaConf.is_dict(node[key]):
            _fill(node[key], value, here, schema)
            continue
        if "${" in str(value) or "???" in str(value):
            raise SettingError(here, f"={as_typed(value)}: must be a plain value")
        annotation = typing.get_type_hints(_type(node))[key]
        try:
            node[key] = as_whole(value, annotation)
        except (OmegaConfBaseException, OverflowError):
            problem = wrong_type(_type(node), key, value)
            raise SettingError(here, problem) from None


def _unknown(path: str, value: Any, schema: DictConfig) -> SettingError:
    """The error for an unknown setting: where it does exist, or which one was likely meant."""
    while isinstance(value, dict) and value:
        key, value = next(iter(value.items()))
        path = f"{path}.{key}"
    group, _, name = path.partition(".")
    owners = [
        option
        for option, choice in CHOICES.get(group, {}).items()
        if name in {field.name for field in dataclasses.fields(choice)}
    ]
    if owners:
        problem = f"not a setting of {group}={schema[group].name}, but of {', '.join(owners)}"
        return SettingError(path, f"={as_typed(value)}: {problem}")
    paths = flatten(_container(schema))
    meant = (path == group and nearest(path, GROUPS)) or nearest_setting(path, paths)
    hint = f"did you mean {meant}?" if meant else "`python run.py --help` lists the settings"
    return SettingError(path, f"={as_typed(value)}: no such setting; {hint}")


def _defaults(settings: type[Settings]) -> Plain:
    """The default of each setting; those without one are missing, as `???`."""
    return _container(OmegaConf.structured(settings))


def _container(node: DictConfig, resolve: bool = False) -> Plain:
    """A node as plain values."""
    return cast(Plain, OmegaConf.to_container(node, resolve=resolve, enum_to_str=True))


def _type(node: DictConfig) -> type[Any]:
    """The settings class behind a node."""
    return cast(type[Any], OmegaConf.get_type(node))


def _to_object(node: DictConfig, path: str) -> Any:
    """The dataclass objects of a filled schema; an error names the field by its full path."""
    try:
        return OmegaConf.to_object(node)
    except SettingError as error:
        for key in map(str, node):  # the innermost object that refuses is the one that raised
            if OmegaConf.is_dict(node[key]):
                _to_object(node[key], f"{path}.{key}" if path else key)
        raise (error.under(path) if path else error) from None
