"""The command line of run.py: flags, and overrides for Hydra."""

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from scratchnet.config import GROUPS, setting_names
from scratchnet.errors import UserError
from scratchnet.settings.suggestions import nearest, nearest_setting
from scratchnet.sweeps.job import quoted

RESUME = "resume="  # handled here: Hydra would make a new folder
SWEEP_DIR = "sweep_dir="
FLAGS = ("--help", "--multirun", "--cfg", "--dry-run", "--shell-completion")


@dataclass(frozen=True)
class Arguments:
    """What was typed: the overrides, and what to do with them."""

    overrides: list[str]
    help: bool  # show the help
    multirun: bool  # run every combination of the values given, or search
    show: str | None  # print this part of the config instead of running
    resume: Path | None = None  # the folder of the run to resume
    sweep_dir: Path | None = None  # the folder of the sweep to resume
    dry_run: bool = False  # only list the jobs of the sweep
    completes: bool = False  # the overrides are for completion with TAB

    @property
    def only_prints(self) -> bool:
        """Whether there is nothing to do but to print an answer."""
        return self.help or self.show is not None or self.dry_run or self.completes


class Parser(argparse.ArgumentParser):
    """An ArgumentParser whose errors are UserErrors."""

    def error(self, message: str) -> NoReturn:
        """Raise UserError."""
        raise UserError(f"{message}; see {self.prog} --help")


def parse(arguments: list[str]) -> Arguments:
    """Separate flags from overrides, in any order. Raises UserError for an unknown flag.

    Hydra's other flags are not offered: they read configs from elsewhere, one of them a pickle.
    """
    parser = Parser("python run.py", add_help=False, allow_abbrev=False)
    action = parser.add_mutually_exclusive_group()
    action.add_argument("-h", "--help", action="store_true")
    action.add_argument("-m", "--multirun", action="store_true")
    action.add_argument("-sc", "--shell-completion", action="store_true")
    action.add_argument("-c", "--cfg", choices=["job", "hydra", "all"])
    parser.add_argument("--dry-run", action="store_true")
    parser.add_argument("overrides", nargs="*")
    known, unknown = parser.parse_known_intermixed_args(arguments)
    if unknown:
        raise UserError(_unknown_flag(unknown[0]))
    if known.shell_completion:
        return Arguments(known.overrides, help=False, multirun=False, show=None, completes=True)
    resume, others = _named(RESUME, known.overrides)
    sweep_dir, others = _named(SWEEP_DIR, others)
    others = [expand_home(text) for text in others]
    if known.help:
        return Arguments(others, help=True, multirun=known.multirun, show=known.cfg)
    if resume and (len(resume) > 1 or resume == [""] or sweep_dir or _has_flags(known)):
        raise UserError("resume=RUN: must be one run folder, without flags such as -m")
    if sweep_dir and not known.multirun:
        raise UserError("sweep_dir=FOLDER resumes a sweep; add -m, and the same overrides")
    if sweep_dir and (len(sweep_dir) > 1 or sweep_dir == [""]):
        raise UserError(
            "sweep_dir=FOLDER: must be one sweep folder, with -m and the same overrides"
        )
    return Arguments(
        others,
        help=False,
        multirun=known.multirun,
        show=known.cfg,
        resume=Path(resume[0]).expanduser() if resume else None,
        sweep_dir=Path(sweep_dir[0]).expanduser() if sweep_dir else None,
        dry_run=known.dry_run,
    )


def expand_home(text: str) -> str:
    """`setting=~/folder` as the user's home, in the quotes that Hydra asks for.

    Shells expand ~ only at the start of a word.
    """
    name, _, value = text.partition("=")
    if not value.startswith("~/") or not {",", "'", '"'}.isdisjoint(value):
        return text
    return f"{name}={quoted(str(Path(value).expanduser()))}"


def _named(name: str, texts: list[str]) -> tuple[list[str], list[str]]:
    """The values given as `name=...`, and everything else."""
    given = [text.removeprefix(name) for text in texts if text.startswith(name)]
    return given, [text for text in texts if not text.startswith(name)]


def _has_flags(known: argparse.Namespace) -> bool:
    return bool(known.multirun or known.cfg or known.dry_run)


def _unknown_flag(flag: str) -> str:
    name, _, value = flag.lstrip("-").partition("=")
    flags = [known.strip("-") for known in FLAGS]
    if (meant := nearest(name, flags)) and not value:
        return f"{flag}: unknown flag; did you mean --{meant}?"
    names = setting_names()
    setting = name if name in GROUPS else nearest_setting(name, names)
    if setting in (*GROUPS, *names):
        return f"{flag}: write settings without dashes: {setting}={value or 'VALUE'}"
    return f"{flag}: unknown flag; must be one of {', '.join(FLAGS)}"
