"""Run the recipes in conf/experiment/ over several seeds.

Their results go to conf/experiment/results.json and into the table in README.

Each run is the command that a user would type. The test images are used once per run.
"""

import argparse
import itertools
import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import scratchnet
from scratchnet.cli import experiment_files
from scratchnet.errors import RunError, UserError
from scratchnet.reports.results_table import BEGIN, END, Result, in_document, table
from scratchnet.runs import RunFolder
from scratchnet.runs.description import git_commit
from scratchnet.runs.parsing import read_json
from scratchnet.settings.suggestions import one_of
from scratchnet.system import files, interrupts

HELP = "run recipes over several seeds, and write their results into README"

ROOT = Path(scratchnet.__file__).resolve().parent.parent
RECIPES = ROOT / "conf" / "experiment"
RESULTS = RECIPES / "results.json"
README = ROOT / "README.md"
SEEDS = [0, 1, 2]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `results`."""
    parser.add_argument("recipes", nargs="*", metavar="RECIPE", help="an experiment (default: all)")
    parser.add_argument(
        "--seeds",
        nargs="+",
        type=int,
        default=SEEDS,
        metavar="SEED",
        help="seeds to run each recipe with; its row is then of these alone (default: 0 1 2)",
    )
    parser.add_argument(
        "--outputs",
        type=Path,
        default=Path("outputs/results"),
        metavar="FOLDER",
        help="where to write the runs (default: outputs/results)",
    )
    parser.add_argument(
        "--table", action="store_true", help="run nothing; only write the table in README again"
    )


def run(arguments: argparse.Namespace) -> None:
    """Run each recipe; file and table are brought up to date after each of them."""
    if not (ROOT / "run.py").is_file():
        raise UserError(f"{ROOT}: is not a checkout of scratchnet, so it has no recipes to run")
    names = sorted(path.stem for path in RECIPES.glob("*.yaml"))
    known = [name for name in names if not _is_sweep(name)]
    chosen = arguments.recipes or known
    for name in chosen:
        if name not in known:
            raise UserError(f"{name}: {one_of(name, known)}")
    if len(set(arguments.seeds)) < len(arguments.seeds) or min(arguments.seeds) < 0:
        raise UserError(
            f"--seeds {' '.join(map(str, arguments.seeds))}: must be different and >= 0"
        )
    if arguments.table and (arguments.recipes or arguments.seeds != SEEDS):
        raise UserError("--table: runs nothing, so it takes neither recipes nor seeds")
    read(), _document()  # what is wrong with them is said now, not after hours of training
    commit = _commit()  # before the first table is written
    for name in [] if arguments.table else chosen:
        folders = [_train(name, seed, arguments.outputs) for seed in arguments.seeds]
        write(read() | {name: result(folders, commit)})
    write(read())
    print(table(read()), end="")


def _is_sweep(recipe: str) -> bool:
    """Whether an experiment is many runs, which have no result of their own."""
    files = experiment_files.read(recipe, [RECIPES.parent])
    return any(name == "hydra" for file in files for name, _ in file.settings)


def read() -> dict[str, Result]:
    """The content of results.json, by recipe; empty if there is none yet."""
    return read_json(RESULTS) if RESULTS.exists() else {}


def write(results: dict[str, Result]) -> None:
    """Write results.json, and the table in README."""
    text = json.dumps(dict(sorted(results.items())), indent=1, allow_nan=False)
    document = in_document(_document(), results)
    files.write_atomic(RESULTS, f"{text}\n".encode())
    files.write_atomic(README, document.encode())


def _document() -> str:
    document = README.read_text(encoding="utf-8")
    if END not in document.partition(BEGIN)[2]:
        raise UserError(f"{README}: must have the lines {BEGIN} and {END}, which enclose the table")
    return document


def _commit() -> str:
    """The commit of the checkout, marked if files have changed since."""
    git = git_commit() or {"commit": "unknown", "dirty": False}
    return git["commit"][:7] + ("+changes" if git["dirty"] else "")


def result(folders: list[Path], commit: str) -> Result:
    """The entry of one recipe in results.json. Raises RunError for a run that is not complete."""
    runs = [_one(RunFolder.open(folder)) for folder in folders]
    info = RunFolder.open(folders[-1]).info
    return {
        "runs": runs,
        "date": info["start"][:10],
        "commit": commit,
        "cpu": info["machine"]["cpu"],
        "cores": info["machine"]["cores"],
        "engine": info["engine"],
        "official_data": info["data"]["official"],
    }


def _one(run: RunFolder) -> dict[str, Any]:
    summary = run.summary
    names = ("test_accuracy", "test_tta_accuracy", "epochs", "parameters", "seconds")
    values = {name: summary[name] for name in names if name in summary}
    return {"seed": run.info["seed"]} | values


def _train(recipe: str, seed: int, outputs: Path) -> Path:
    """Run a recipe as a user would, in a new folder."""
    folders = (outputs / f"{recipe}-{seed}-{number}" for number in itertools.count())
    folder = next(folder for folder in folders if not folder.exists())
    overrides = [f"experiment={recipe}", f"seed={seed}", f"hydra.run.dir={folder.as_posix()}"]
    print(f"python run.py {' '.join(overrides)}", flush=True)
    code = _exit_code_of(overrides)
    if code != 0:
        raise RunError(f"{folder}: the run ended with exit code {code}")
    return folder


def _exit_code_of(overrides: list[str]) -> int:
    """Of `python run.py OVERRIDES`, which is given the time to end in its own way."""
    with subprocess.Popen([sys.executable, str(ROOT / "run.py"), *overrides]) as process:
        try:
            return process.wait()
        except interrupts.Interrupted as stop:
            if stop.exit_code == 128 + signal.SIGTERM:  # Ctrl-C has reached both processes
                process.terminate()
            process.wait()
            raise
