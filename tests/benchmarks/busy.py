"""How fast an MLP trains on a machine that has something else to do.

    python tests/benchmarks/busy.py --json busy.json

The same training as `mnist` in dense.py, beside 0, 1 and 2 processes that never pause, as a laptop
has them that also compiles or shows a film. Libraries whose threads spin while they wait for each
other lose most of their speed there: the one that is waited for has no core. Ours sleep, so several
threads must not be much slower than a single one.

Speeds are medians over the rounds, "spread" is fastest minus slowest over the median, and ratios
are taken round by round. Real data is taken from SCRATCHNET_DATA, else random data of the same
format is made.
"""

import contextlib
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from command import main
from dense import FUSED, JAX, MNIST, NUMPY, OURS
from harness import Contender
from sections import Bench, Comparison

SINGLE = Contender("scratchnet-single", "dense_ours", "single", "on one thread")
CONTENDERS = [OURS, NUMPY, SINGLE, FUSED, JAX]
PEERS = [FUSED, JAX]
LOOP = "while True: pass"

ALWAYS = {SINGLE.name: 0.8}
BESIDE_ONE = ALWAYS | {JAX.name: 0.9, FUSED.name: 1.5}


@contextlib.contextmanager
def busy_processes(count: int) -> Iterator[None]:
    """Inside the context this many processes run beside the benchmark."""
    with contextlib.ExitStack() as stack:
        for _ in range(count):
            process = stack.enter_context(subprocess.Popen([sys.executable, "-c", LOOP]))
            stack.callback(process.kill)
        yield


@dataclass(frozen=True)
class Beside:
    """A comparison beside busy processes."""

    count: int
    goals: dict[str, float]

    @property
    def name(self) -> str:
        return f"busy_{self.count}"

    @property
    def datasets(self) -> set[str]:
        return {MNIST.dataset}

    def run(self, bench: Bench) -> dict[str, Any]:
        beside = f"beside {self.count} busy process{'' if self.count == 1 else 'es'}: "
        with busy_processes(self.count):
            return Comparison(self.name, MNIST, CONTENDERS, self.goals, beside).run(bench)


SECTIONS = [Beside(0, ALWAYS), Beside(1, BESIDE_ONE), Beside(2, ALWAYS)]

if __name__ == "__main__":
    main(SECTIONS, PEERS, __doc__)
