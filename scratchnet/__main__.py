"""Evaluate, compare and look after runs. To train a network: `python run.py --help`."""

import argparse
import io
import os
import sys

from scratchnet.cli.commands import clean, compare, evaluate, find_lr, keep, predict, results
from scratchnet.cli.commands import list as list_runs
from scratchnet.cli.errors import report
from scratchnet.errors import UserError

COMMANDS = {
    "evaluate": evaluate,
    "predict": predict,
    "find-lr": find_lr,
    "compare": compare,
    "list": list_runs,
    "keep": keep,
    "clean": clean,
    "results": results,
}


class _Parser(argparse.ArgumentParser):
    def error(self, message: str):
        raise UserError(f"{message}; see {self.prog} --help")


def main(arguments: list[str]) -> int:
    """Run a command; returns the exit code."""
    parser = _Parser("python -m scratchnet", description=__doc__, allow_abbrev=False)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, command in COMMANDS.items():
        command.add_arguments(
            commands.add_parser(
                name, help=command.HELP, description=command.__doc__, allow_abbrev=False
            )
        )
    try:
        chosen = parser.parse_args(arguments)
        COMMANDS[chosen.command].run(chosen)
        sys.stdout.flush()
    except UserError as error:
        return report(error)
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return 130
    except BrokenPipeError:  # the reader has left, as in `... list | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # for the rest of the output
        return 1  # the exit code that rich uses
    return 0


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal without ± shows a question mark
    sys.exit(main(sys.argv[1:]))
