"""How long training takes to reach an accuracy: scratchnet against PyTorch, with the same recipe.

    SCRATCHNET_DATA=data python tests/benchmarks/time_to_accuracy.py --json time.json

Each case is a recipe of conf/experiment, with as few epochs as reach the goal on held-out images.
Both sides train it once from its start values to its end, on all training images, one after the
other: scratchnet with its own trainer, PyTorch with the same network in channels_last, its own
convolutions, SGD and a Muon, eager or through torch.compile, whichever is faster in some steps
beforehand. Both get their batches from our loader, so images, order and augmentation are the same.

The clock runs while batches are made and steps taken; start-up, compiling and evaluation are left
out for both. An accuracy is one seed's, and can land on either side of the goal by chance: the
recipes were chosen on held-out images. All cases take about an hour.

Measured 2026-11-28 on 2 cores of a shared AMD EPYC (Zen 4), against PyTorch 2.13 eager, which is
faster here than compiled: scratchnet takes 0.79 of its time for MNIST, 0.74 and 0.64 (two runs) for
Fashion-MNIST, and 0.61, 0.63 and 0.55 for 80, 85 and 89 % of CIFAR-10. Most of these networks are
narrow, which is where tiles gain least (see conv.py).
"""

import sys
from dataclasses import dataclass
from statistics import median
from typing import Any

import tables
from command import main
from harness import Contender, Outcome, compete
from sections import Bench

OURS = Contender("scratchnet", "recipe_ours", "", "kernels compiled by Numba")
EAGER = Contender("torch", "recipe_torch", "eager", "channels_last")
COMPILED = Contender("torch-compile", "recipe_torch", "compile", "the same, network compiled")
PEERS = [EAGER, COMPILED]
WARM_UP = 3  # steps
PACE = [WARM_UP, 10, 10, 10]  # steps of the rounds that decide between the peers
QUICK = 3  # steps in place of a whole training
GOAL = 0.5  # of the peer's time


@dataclass(frozen=True)
class TimeToAccuracy:
    """A recipe that reaches `percent` of the test images, and how long it takes each side."""

    dataset: str
    percent: int
    overrides: tuple[str, ...]

    @property
    def name(self) -> str:
        return f"{self.dataset}_{self.percent}"

    @property
    def datasets(self) -> set[str]:
        return {self.dataset}

    def run(self, bench: Bench) -> dict[str, Any]:
        if bench.datasets[self.dataset]["source"] != "real" and not bench.quick:
            sys.exit(f"{self.name}: needs the real {self.dataset}, in SCRATCHNET_DATA")
        peers = [peer for peer in PEERS if peer.name not in bench.left_out]
        if len(peers) > 1:
            peers = self._fastest(bench, peers)
        outcomes = self._compete(bench, [OURS, *peers], [WARM_UP, QUICK if bench.quick else None])
        result = {
            "title": f"{self.percent} % of {self.dataset}: {' '.join(self.overrides)}",
            "data": bench.datasets[self.dataset]["source"],
            "goal": GOAL,
            "contenders": [_as_json(outcome) for outcome in outcomes],
        }
        bench.console.print(tables.times_to_accuracy(result))
        return result

    def _fastest(self, bench: Bench, peers: list[Contender]) -> list[Contender]:
        """The peer with the fastest steps, if any of them runs at all."""
        outcomes = self._compete(bench, peers, PACE[:2] if bench.quick else PACE)
        running = [outcome for outcome in outcomes if not outcome.absent]
        fastest = max(running or outcomes[:1], key=lambda found: median(found.speeds or [0]))
        return [fastest.contender]

    def _compete(
        self, bench: Bench, contenders: list[Contender], rounds: list[int | None]
    ) -> list[Outcome]:
        root = bench.datasets[self.dataset]["root"]
        overrides = [*self.overrides, f"dataset.root={root}", "trainer.engine=compiled"]
        names = ", ".join(contender.name for contender in contenders)
        with bench.console.status(f"{self.name}: {names} ..."):
            job = {"overrides": overrides, "rounds": rounds}
            return compete(contenders, job, rounds=len(rounds) - 1)


def _as_json(outcome: Outcome) -> dict[str, Any]:
    contender = outcome.contender
    result = {"name": contender.name, "note": contender.note} | outcome.description
    return result | (outcome.rounds[-1] if outcome.rounds else {"absent": outcome.absent})


FAST = "experiment=cifar10_fast"
CASES = [
    TimeToAccuracy(
        "mnist", 99, ("experiment=mnist_cnn", "model.widths=[16,32,32]", "trainer.epochs=1")
    ),
    TimeToAccuracy(
        "fashion_mnist",
        93,
        ("experiment=fashion_cnn", "dataset.augmentation.cutout=0", "trainer.epochs=3"),
    ),
    TimeToAccuracy("cifar10", 80, (FAST, "model.widths=[32,64,128]", "trainer.epochs=2")),
    TimeToAccuracy("cifar10", 85, (FAST,)),
    TimeToAccuracy(
        "cifar10",
        89,
        ("experiment=cifar10_airnet", "model.widths=[64,192,256]", "trainer.epochs=7"),
    ),
]

if __name__ == "__main__":
    main(CASES, PEERS, __doc__)
