"""The command line that all benchmarks share."""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Protocol

import machine
import tables
from harness import Contender, environment
from rich.console import Console
from sections import Bench

ROUNDS = 5
QUICK_ROUNDS = 2
DATA = Path(__file__).with_name("data.py")


class Section(Protocol):
    """A part that --cases can name."""

    name: str
    datasets: set[str]

    def run(self, bench: Bench) -> dict[str, Any]: ...


def main(sections: list[Section], peers: list[Contender], description: str) -> dict[str, Any]:
    """Run the chosen sections, show their tables, write the JSON file; gives its content."""
    names = [peer.name for peer in peers]
    arguments = _parse([section.name for section in sections], names, description)
    if arguments.peers is None:
        arguments.peers = [p.name for p in peers if not (arguments.quick and p.slow_start)]
    chosen = [section for section in sections if section.name in arguments.cases]
    console = Console()
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(
            console=console,
            datasets=_provide_data(set().union(*[s.datasets for s in chosen]), folder),
            folder=folder,
            rounds=arguments.rounds or (QUICK_ROUNDS if arguments.quick else ROUNDS),
            quick=arguments.quick,
            left_out=set(names) - set(arguments.peers),
        )
        results = {
            "machine": machine.describe(),
            "data": {name: found["source"] for name, found in bench.datasets.items()},
            "rounds": bench.rounds,
            "quick": bench.quick,
            "sections": {},
        }
        console.print(tables.machine(results["machine"], bench.datasets), highlight=False)
        for section in chosen:
            results["sections"][section.name] = section.run(bench)
            if arguments.json:  # after each section: an interrupted benchmark is not lost
                arguments.json.write_text(json.dumps(results, indent=1) + "\n")
    if arguments.quick:
        console.print("--quick shows that everything works; its numbers mean nothing.")
    return results


def _parse(cases: list[str], peers: list[str], description: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--cases", nargs="+", choices=cases, default=cases, metavar="CASE", help=", ".join(cases)
    )
    parser.add_argument("--peers", nargs="*", choices=peers, metavar="PEER", help=", ".join(peers))
    parser.add_argument("--rounds", type=_count, help=f"of each contender (default {ROUNDS})")
    parser.add_argument("--quick", action="store_true", help="a few batches, only to try it out")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all numbers there")
    arguments = parser.parse_args()
    if arguments.json and not arguments.json.absolute().parent.is_dir():
        parser.error(f"--json {arguments.json}: there is no such folder")
    return arguments


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text}: must be a number >= 1")
    return int(text)


def _provide_data(names: set[str], folder: str) -> dict[str, dict[str, Any]]:
    """Lay the datasets out, in a process of its own: this one stays small, see harness.py."""
    command = [sys.executable, str(DATA), folder, *sorted(names)]
    done = subprocess.run(command, env=environment(), check=True, stdout=subprocess.PIPE)
    return json.loads(done.stdout)
