"""`python -m scratchnet results [RECIPE...]`: runs the recipes of conf/experiment, and notes what
came out in conf/experiment/results.json and in the table of README.

Each run is the command that a user would type. The test images are looked at once per run.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import scratchnet
from scratchnet.errors import RunError, UserError
from scratchnet.reports.recipes import BEGIN, END, Recipe, in_document, table
from scratchnet.runs import RunFolder
from scratchnet.runs.description import git_commit
from scratchnet.runs.parsing import read_json
from scratchnet.settings.wording import nearest
from scratchnet.system import files

HELP = "run recipes over their seeds, and write the results file and the table in README"

ROOT = Path(scratchnet.__file__).resolve().parent.parent
RECIPES = ROOT / "conf" / "experiment"
RESULTS = RECIPES / "results.json"
README = ROOT / "README.md"
SEEDS = [0, 1, 2]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What can be typed after `results`."""
    parser.add_argument("recipes", nargs="*", metavar="RECIPE", help="default: all of them")
    parser.add_argument("--seeds", nargs="+", type=int, default=SEEDS, metavar="SEED")
    parser.add_argument(
        "--outputs", type=Path, default=Path("outputs/results"), help="where the run folders go"
    )
    parser.add_argument(
        "--table", action="store_true", help="run nothing: write the table anew from the file"
    )


def run(arguments: argparse.Namespace) -> None:
    """Run each recipe; after each the file and the table are up to date."""
    if not (ROOT / "run.py").is_file():
        raise UserError(f"{ROOT}: is no checkout of scratchnet, so it holds no recipes to run")
    known = sorted(path.stem for path in RECIPES.glob("*.yaml"))
    chosen = arguments.recipes or known
    for name in chosen:
        if name not in known:
            meant = nearest(name, known)
            hint = f" (did you mean {meant}?)" if meant else ""
            raise UserError(f"{name}: must be one of {', '.join(known)}{hint}")
    if len(set(arguments.seeds)) < len(arguments.seeds) or min(arguments.seeds) < 0:
        raise UserError(f"--seeds {' '.join(map(str, arguments.seeds))}: must be different, >= 0")
    commit = _commit()  # as it is before the first table is written
    for name in [] if arguments.table else chosen:
        folders = [_train(name, seed, arguments.outputs) for seed in arguments.seeds]
        write(read() | {name: result(folders, commit)})
    write(read())
    print(table(read()), end="")


def read() -> dict[str, Recipe]:
    """What results.json holds, by recipe; empty where there is none yet."""
    return read_json(RESULTS) if RESULTS.exists() else {}


def write(results: dict[str, Recipe]) -> None:
    """Write results.json, and the table in README."""
    text = json.dumps(dict(sorted(results.items())), indent=1, allow_nan=False)
    files.write_atomic(RESULTS, f"{text}\n".encode())
    document = README.read_text(encoding="utf-8")
    if not (BEGIN in document and END in document):
        raise UserError(f"{README}: must hold the lines {BEGIN} and {END}, between which it goes")
    files.write_atomic(README, in_document(document, results).encode())


def _commit() -> str:
    """What the runs are made with: the commit of the checkout, and whether it was changed since."""
    git = git_commit() or {"commit": "unknown", "dirty": False}
    return git["commit"][:7] + ("+changes" if git["dirty"] else "")


def result(folders: list[Path], commit: str) -> Recipe:
    """What there is to say of the runs of one recipe. Raises RunError if one is not completed."""
    runs = [_one(RunFolder.open(folder)) for folder in folders]
    info = RunFolder.open(folders[-1]).info
    return {
        "runs": runs,
        "date": info["start"][:10],
        "commit": commit,
        "cpu": info["machine"]["cpu"],
        "cores": info["machine"]["cores"],
        "official_data": info["data"]["official"],
    }


def _one(run: RunFolder) -> dict[str, Any]:
    summary = run.summary
    names = ("test_accuracy", "test_tta_accuracy", "epochs", "parameters", "seconds")
    values = {name: summary[name] for name in names if name in summary}
    return {"seed": run.info["seed"]} | values


def _train(recipe: str, seed: int, outputs: Path) -> Path:
    """Run a recipe as a user would, in a new folder."""
    number = len(list(outputs.glob(f"{recipe}-{seed}-*")))
    folder = outputs / f"{recipe}-{seed}-{number}"
    overrides = [f"experiment={recipe}", f"seed={seed}", f"hydra.run.dir={folder.as_posix()}"]
    print(f"python run.py {' '.join(overrides)}", flush=True)
    done = subprocess.run([sys.executable, str(ROOT / "run.py"), *overrides])
    if done.returncode != 0:
        raise RunError(f"{folder}: the run ended with exit code {done.returncode}")
    return folder
