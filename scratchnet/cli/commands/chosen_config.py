"""The config that a command makes of overrides, which are typed as for run.py."""

import argparse
from pathlib import Path

import scratchnet
from scratchnet import config
from scratchnet.cli import composition
from scratchnet.cli.arguments import expand_home
from scratchnet.config import Config
from scratchnet.errors import UserError

CONF = Path(scratchnet.__file__).resolve().parents[1] / "conf"


def add_overrides(parser: argparse.ArgumentParser) -> None:
    """The argument `overrides`."""
    parser.add_argument(
        "overrides", nargs="*", metavar="SETTING=VALUE", help="as for run.py, e.g. dataset=mnist"
    )


def chosen_config(overrides: list[str]) -> Config:
    """The typed config. Raises UserError for a mistake in the overrides."""
    if not CONF.is_dir():
        raise UserError(f"{CONF}: no such folder; this command needs a checkout of the project")
    config.register()
    return composition.check([expand_home(text) for text in overrides], CONF)
