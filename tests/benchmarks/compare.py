"""Compares a thousand runs of a hundred epochs, as `python -m scratchnet compare` does:

    python tests/benchmarks/compare.py

and fails where it takes 5 s or 500 MB, or makes a report of 10 MB.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from omegaconf import OmegaConf  # noqa: E402
from run_folders import make_run  # noqa: E402
from small_runs import composed  # noqa: E402

from scratchnet import config  # noqa: E402

RUNS, EPOCHS = 1000, 100
SECONDS, MEMORY, SIZE = 5.0, 500e6, 10e6


def make(folder: Path) -> None:
    """Learning rates x dropouts x ten seeds, each with a complete config."""
    config.register()
    plain = config.to_plain(composed())
    for number in range(RUNS):
        combination, seed = divmod(number, 10)
        lr, dropout = 1e-4 * 1.5 ** (combination // 10), 0.05 * (combination % 10)
        accuracy = 0.9 - 0.01 * abs(combination // 10 - 5) - dropout / 20 + seed / 1000
        run = make_run(folder / str(number), accuracy, epochs=EPOCHS)
        plain["optimizer"]["lr"], plain["model"]["dropout"], plain["seed"] = lr, dropout, seed
        run.joinpath("config.yaml").write_text(OmegaConf.to_yaml(plain))


def measure(*arguments: str) -> tuple[float, float]:
    """Seconds and peak memory in bytes of the command."""
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    start = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "scratchnet", "compare", *arguments],
        stdout=subprocess.DEVNULL,
        env=environment,
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"compare ended with {process.returncode}")
    return time.perf_counter() - start, usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def main() -> int:
    """Print the numbers; 1 where a limit is missed."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make(folder / "sweep")
        report = folder / "report.html"
        is_missed = False
        for title, arguments in (("table", []), ("report", ["--html", str(report)])):
            seconds, memory = measure(str(folder / "sweep"), *arguments)
            is_missed |= seconds >= SECONDS or memory >= MEMORY
            print(f"{title}: {seconds:.2f} s, {memory / 1e6:.0f} MB")
        size = report.stat().st_size
        print(f"report: {size / 1e6:.1f} MB")
        return int(is_missed or size >= SIZE)


if __name__ == "__main__":
    sys.exit(main())
