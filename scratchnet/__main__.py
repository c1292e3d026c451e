"""Evaluate, compare and look after runs. To train a network: `python run.py --help`."""

import signal
import sys

from scratchnet.system import extras

if __name__ == "__main__":
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C during the imports: just end
    extras.require_core()

from scratchnet.cli.arguments import Parser
from scratchnet.cli.commands import (
    clean,
    compare,
    demo,
    evaluate,
    explain,
    export,
    find_lr,
    gradcheck,
    keep,
    predict,
    report,
    results,
)
from scratchnet.cli.commands import list as list_runs
from scratchnet.cli.errors import exit_code
from scratchnet.errors import UserError
from scratchnet.settings.suggestions import one_of
from scratchnet.system import streams

COMMANDS = {
    "evaluate": evaluate,
    "predict": predict,
    "find-lr": find_lr,
    "gradcheck": gradcheck,
    "explain": explain,
    "export": export,
    "demo": demo,
    "report": report,
    "compare": compare,
    "list": list_runs,
    "keep": keep,
    "clean": clean,
    "results": results,
}


def main(arguments: list[str]) -> int:
    """Run a command; returns the exit code."""
    return exit_code(lambda: _run(arguments))


def _run(arguments: list[str]) -> int:
    parser = Parser("python -m scratchnet", description=__doc__, allow_abbrev=False)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, command in COMMANDS.items():
        command.add_arguments(
            commands.add_parser(
                name, help=command.HELP, description=command.__doc__, allow_abbrev=False
            )
        )
    if arguments and arguments[0] not in [*COMMANDS, "-h", "--help"]:
        raise UserError(f"{arguments[0]}: {one_of(arguments[0], [*COMMANDS])}")
    chosen = parser.parse_args(arguments)
    COMMANDS[chosen.command].run(chosen)
    return 0


if __name__ == "__main__":
    streams.prepare()
    sys.exit(main(sys.argv[1:]))
