"""No bit of a training depends on the number of threads, neither of ours nor of BLAS."""

import os
import subprocess
import sys
from pathlib import Path

PROGRAM = Path(__file__).with_name("bits_of_trainings.py")
ROOT = str(PROGRAM.parents[2])


def trainings(engine: str, ours: list[int], blas: int) -> dict[str, set[str]]:
    """The digests of each model, over the numbers of our own threads."""
    done = subprocess.run(
        [sys.executable, "-W", "error", str(PROGRAM), engine, *map(str, ours)],
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": ROOT, "OPENBLAS_NUM_THREADS": str(blas)},
    )
    assert done.returncode == 0, done.stderr
    lines = [line.split() for line in done.stdout.splitlines()]
    return {model: set(digests) for model, *digests in lines}


def test_bits_do_not_depend_on_the_number_of_threads(each_engine):
    found = trainings(each_engine.value, ours=[1, 2, 3], blas=1)
    assert {model: len(digests) for model, digests in found.items()} == {"mlp": 1, "cnn": 1}
    assert trainings(each_engine.value, ours=[2], blas=4) == found
