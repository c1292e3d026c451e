"""The text of `python run.py --help`, made from the settings' own descriptions."""

import dataclasses
import textwrap
from collections.abc import Sequence
from enum import Enum
from operator import attrgetter

from scratchnet.config import CHOICES, Config
from scratchnet.settings import describe_range
from scratchnet.settings.wording import as_typed

MAIN_SETTINGS = (
    "seed",
    "trainer.epochs",
    "trainer.batch_size",
    "trainer.clip_norm",
    "trainer.label_smoothing",
    "trainer.early_stopping.patience",
    "trainer.test_time_augmentation",
    "trainer.live",
    "trainer.tensorboard",
    "optimizer.lr",
    "optimizer.weight_decay",
    "optimizer.momentum",
    "schedule.warmup_epochs",
    "schedule.lr_min",
    "model.widths",
    "model.hidden_dims",
    "model.activation",
    "model.dropout",
    "dataset.augment",
    "dataset.validation",
    "dataset.root",
)

EXAMPLES = (
    ("python run.py", "an MLP on the bundled digits"),
    ("python run.py experiment=mnist_mlp", "a recipe from conf/experiment/"),
    ("python run.py dataset=cifar10 optimizer=adamw trainer.live=true", "watch it in a window"),
    (
        "python run.py optimizer=sgd optimizer.lr=0.05 schedule=one_cycle",
        "another optimizer and schedule",
    ),
    ("python run.py dataset=folder dataset.path=~/flowers model=cnn", "your own images"),
    ("python run.py -m optimizer.lr=1e-3,3e-4 model.dropout=0.1,0.3", "a sweep of four runs"),
)

_HARD_SPACE = "\N{NO-BREAK SPACE}"  # where a line must not break

_INTRODUCTION = """\
Train a network. Each run writes a folder of its own in outputs/.

  python run.py [FLAG] [GROUP=OPTION ...] [SETTING=VALUE ...]"""

_FLAGS = (
    ("-h, --help", "print this text, for the options given beside it, and exit"),
    ("-m, --multirun", "run every combination of the values given, as in optimizer.lr=1e-3,3e-4"),
    ("-c, --cfg job", "print all settings with their values, and exit"),
    (
        "resume=RUN",
        "resume a stopped run in its own folder; trainer.epochs may be raised",
    ),
    (
        "sweep_dir=FOLDER",
        "with -m and the same values: run what is missing or has failed",
    ),
    ("--dry-run", "list the jobs of a sweep, and exit"),
    (
        "hydra/launcher=joblib",
        "with -m: several jobs at a time; ray, submitit_slurm: on a cluster",
    ),
    (
        "hydra/sweeper=optuna",
        'with -m: search ranges and values, as in "model.dropout=interval(0,0.5)"',
    ),
    ("-sc install=bash", 'completion with TAB, after eval "$(python run.py -sc install=bash)"'),
    ("hydra.run.dir=FOLDER", "where to write the run; with -m: hydra.sweep.dir=FOLDER"),
)


def text(options: dict[str, list[str]], config: Config) -> str:
    """The help, with the options of each group, and the settings and values of `config`."""
    settings = [_setting(config, path) for path in _paths(config)]
    parts = [
        _INTRODUCTION,
        _table(
            "Groups (* marks the chosen option)",
            [_group(config, *item) for item in options.items()],
        ),
        _table("Main settings", settings),
        _table("Examples", EXAMPLES),
        _table("Flags", _FLAGS),
    ]
    return "\n\n".join(parts)


def _table(title: str, rows: Sequence[tuple[str, str]]) -> str:
    """Two columns under a title; the second one wraps."""
    width = max(len(left) for left, _ in rows) + 2
    lines = []
    for left, right in rows:
        start = f"  {left:{width}}"
        indent = " " * len(start)
        lines += textwrap.wrap(right, 99, initial_indent=start, subsequent_indent=indent)
    return "\n".join([title, *lines]).replace(_HARD_SPACE, " ")


def _group(config: Config, group: str, options: list[str]) -> tuple[str, str]:
    chosen = getattr(config, group).name if group in CHOICES else None
    return group, ", ".join(f"{option}*" if option == chosen else option for option in options)


def _paths(config: Config) -> list[str]:
    """The main settings that the chosen options have, and all of data of one's own."""
    paths = [path for path in MAIN_SETTINGS if _is_setting(config, path)]
    if config.dataset.specification is None:
        names = [field.name for field in dataclasses.fields(config.dataset)]
        chosen = [name for name in names if name not in ("name", "augmentation")]
        paths += [f"dataset.{name}" for name in chosen if f"dataset.{name}" not in paths]
    return paths


def _is_setting(config: Config, path: str) -> bool:
    """False for a setting that the chosen options lack."""
    group, _, name = path.partition(".")
    return group not in CHOICES or hasattr(getattr(config, group), name)


def _setting(config: Config, path: str) -> tuple[str, str]:
    """`name=value`, and its meaning, range and unit."""
    owner_path, _, name = path.rpartition(".")
    owner = attrgetter(owner_path)(config) if owner_path else config
    value = getattr(owner, name)
    metadata = next(f.metadata for f in dataclasses.fields(owner) if f.name == name)
    if isinstance(value, Enum):
        allowed = ", ".join(option.name for option in type(value))
    else:
        allowed = f"{describe_range(metadata)} {metadata['unit']}".strip()
        allowed = allowed.replace(" ", _HARD_SPACE)
    return f"{path}={as_typed(value)}", metadata["help"] + (f" ({allowed})" if allowed else "")
