"""Train a network, or sweep over many: `python run.py --help` shows how."""

import os
import signal
import sys
from pathlib import Path

if __name__ == "__main__" and signal.getsignal(signal.SIGINT) is signal.default_int_handler:
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C during the imports: nothing to put away

import hydra
from omegaconf import DictConfig

from scratchnet import config
from scratchnet.cli import arguments as command_line
from scratchnet.cli import composition
from scratchnet.cli import help_text as manual
from scratchnet.errors import UserError
from scratchnet.experiment import resume
from scratchnet.jobs import Jobs
from scratchnet.sweeps import lifeline
from scratchnet.system import interrupts

CONF = Path(__file__).resolve().parent / "conf"
jobs = Jobs()


@hydra.main(version_base="1.3", config_path=str(CONF), config_name="config")
def train(cfg: DictConfig) -> None:
    """One job: Hydra has composed its config and made its folder."""
    jobs.run(cfg)


def main(arguments: list[str]) -> int:
    """Check what was typed, then do it; returns the exit code."""
    typed = command_line.parse(arguments)
    config.register()
    if typed.resume is not None:
        resume.run(typed.resume, typed.overrides)
        return 0
    if typed.sweep:
        from scratchnet.sweeps import command  # a single run starts faster without it

        return command.run(typed, CONF)
    checked = composition.check(typed.overrides, CONF)
    if typed.help:
        print(manual.text(composition.options(CONF), checked))
        return 0
    sys.argv[1:] = typed.for_hydra()
    os.environ.setdefault("HYDRA_FULL_ERROR", "1")  # Hydra lets errors pass, for us to report
    train()
    return jobs.exit_code


if __name__ == "__main__":
    try:
        with interrupts.handled():
            lifeline.watch()
            sys.exit(main(sys.argv[1:]))
    except (UserError, OSError) as error:  # OSError: the run folder could not be made or written
        print(command_line.one_line(error), file=sys.stderr)
        sys.exit(getattr(error, "exit_code", UserError.exit_code))
    except interrupts.Interrupted as stop:
        print("interrupted", file=sys.stderr)
        sys.exit(stop.exit_code)
