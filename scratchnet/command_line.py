"""The command line of run.py: flags here, everything else is an override for Hydra."""

import argparse
from dataclasses import dataclass
from pathlib import Path

from scratchnet.errors import UserError
from scratchnet.text import printable
from scratchnet.wording import nearest

RESUME = "resume="  # not for Hydra, which would make a new folder


@dataclass(frozen=True)
class Arguments:
    """What was typed: the overrides, and what to do with them."""

    overrides: list[str]
    help: bool  # show the help
    sweep: bool  # run every combination of the values given
    show: str | None  # print this part of the config, and do not run
    resume: Path | None = None  # the run folder to go on in

    def for_hydra(self) -> list[str]:
        """The arguments in the order that Hydra understands: flags, then overrides."""
        flags = ["--multirun"] if self.sweep else []
        flags += ["--cfg", self.show] if self.show else []
        return flags + self.overrides


class _Parser(argparse.ArgumentParser):
    def error(self, message: str):
        raise UserError(f"{message}; see python run.py --help")


def one_line(error: Exception) -> str:
    """An error as it is shown: on one line of at most some 2,000 characters."""
    text = printable(str(error))
    return text if len(text) <= 2000 else f"{text[:1000]} ... {text[-1000:]}"


def parse(arguments: list[str]) -> Arguments:
    """Tell flags from overrides, in any order. Raises UserError for a flag that is unknown.

    Hydra's other flags are not offered: they read configs from elsewhere, one of them a pickle.
    """
    parser = _Parser(add_help=False, allow_abbrev=False)
    action = parser.add_mutually_exclusive_group()
    action.add_argument("-h", "--help", action="store_true")
    action.add_argument("-m", "--multirun", action="store_true")
    action.add_argument("-c", "--cfg", choices=["job", "hydra", "all"])
    parser.add_argument("overrides", nargs="*")
    known, unknown = parser.parse_known_intermixed_args(arguments)
    if unknown:
        flag = unknown[0]
        meant = nearest(flag, ["--help", "--multirun", "--cfg"])
        hint = f" (did you mean {meant}?)" if meant else ""
        raise UserError(f"{flag}: unknown flag; must be one of --help, --multirun, --cfg{hint}")
    named = [text for text in known.overrides if text.startswith(RESUME)]
    others = [text for text in known.overrides if not text.startswith(RESUME)]
    if not named or known.help:
        return Arguments(others, known.help, known.multirun, known.cfg)
    if len(named) > 1 or named == [RESUME] or known.multirun or known.cfg:
        raise UserError("resume=RUN: must be one run folder, without flags such as -m")
    folder = Path(named[0].removeprefix(RESUME))
    return Arguments(others, help=False, sweep=False, show=None, resume=folder)
