"""A run that is killed at any moment and resumed ends with the same bits as one never stopped."""

import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from scratchnet.system import extras

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="Windows cannot fork")

SERVER = Path(__file__).with_name("crash_server.py")
ROOT = SERVER.parents[2]

COMMON = ["trainer.epochs=3", "trainer.threads=1", "trainer.early_stopping.patience=2"]
COMMON += ["dataset.augment=true", "dataset.validation_size=900", "model.dropout=0.2"]
COMMON += ["trainer.freezing.layers=[BatchNorm]", "trainer.freezing.after_epochs=1"]
MLP = ["model=mlp", "model.hidden_dims=[16]", "model.norm=batch", *COMMON]
CNN = ["model=cnn", "model.widths=[2,4]", *COMMON]
STOPS_EARLY = ["trainer.early_stopping.min_delta=1"]  # after epoch 2: no epoch improves that much
CHOICES = [  # every optimizer, every schedule and everything else that has state
    ["optimizer=adamw", "schedule=cosine", "schedule.warmup_epochs=1", "averaging=ema"],
    ["optimizer=muon", "schedule=triangular", "averaging=lookahead", "averaging.every_steps=4"],
    ["optimizer=lion", "schedule=one_cycle", "optimizer.bias_lr_multiple=4"],
    ["optimizer=adam", "schedule=step", "schedule.every_epochs=1"],
    ["optimizer=sgd", "schedule=constant", "trainer.early_stopping.metric=val_loss"],
    ["optimizer=sgd", "optimizer.nesterov=true", "schedule=one_cycle"],
    ["optimizer=adamw", "schedule=linear"],
    ["optimizer=adam", "schedule=cosine", *STOPS_EARLY, "trainer.early_stopping.patience=1"],
]
RAISED = [*MLP, *CHOICES[0], "trainer.early_stopping.patience=null"]
ENGINES = ["numpy", "compiled"] if extras.is_installed("numba") else ["numpy"]
EVERY_KIND = [
    [*model, *choices, f"trainer.engine={engine}"]
    for choices in CHOICES
    for engine in ENGINES
    for model in (MLP, CNN)
]


def examine(cases: list[dict]) -> list[dict]:
    """Let the crash server examine cases; fails on a difference, returns its findings."""
    one_thread = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-W", "error", str(SERVER)],
        input=json.dumps(cases),
        capture_output=True,
        text=True,
        env=os.environ | one_thread,
    )
    assert done.returncode == 0, done.stderr
    results = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(results) == len(cases)
    different = [
        (case, found) for case, found in zip(cases, results, strict=True) if found["differences"]
    ]
    assert not different, f"{different[0]}\n{done.stderr[-3000:]}"
    return results


def operations(overrides: list[str], **raised: int) -> int:
    """The number of file operations of this run."""
    return examine([{"overrides": overrides, **raised}])[0]["operations"]


def at_random_moments(count: int) -> list[dict]:
    """Cases of each kind in turn, each killed one to three times."""
    rng = random.Random(count)
    return [
        {
            "overrides": EVERY_KIND[number % len(EVERY_KIND)],
            "moments": [rng.uniform(0.0, 0.9) for _ in range(rng.randint(1, 3))],
        }
        for number in range(count)
    ]


def test_every_choice_is_killed():
    groups = [choice.split("=") for choices in CHOICES for choice in choices]
    for group in ("optimizer", "schedule"):
        options = {path.stem for path in (ROOT / "conf" / group).glob("*.yaml")}
        assert {option for name, option in groups if name == group} == options


def test_early_stopping_stops_one_of_them():
    (found,) = examine([{"overrides": EVERY_KIND[-2]}])
    assert found["epochs"] == 2


@pytest.mark.parametrize("overrides", EVERY_KIND[: 2 * len(ENGINES) : 2], ids=ENGINES)
def test_killed_at_some_file_operations(overrides):
    total = operations(overrides)
    chosen = random.Random(0).sample(range(total), 6)
    cases = [{"overrides": overrides, "operations": [number]} for number in chosen]
    assert sum(found["kills"] for found in examine(cases)) == 6


def test_killed_at_random_moments():
    results = examine(at_random_moments(6))
    assert sum(found["kills"] for found in results) >= 5


@pytest.mark.exhaustive
@pytest.mark.parametrize(
    "overrides", EVERY_KIND[: 2 * len(ENGINES)], ids=lambda one: f"{one[0]}, {one[-1]}"
)
def test_killed_at_every_file_operation_of_a_run(overrides):
    total = operations(overrides)
    cases = [{"overrides": overrides, "operations": [number]} for number in range(total)]
    assert sum(found["kills"] for found in examine(cases)) == total


def while_epochs_are_raised(number: int) -> dict:
    return {"overrides": RAISED, "epochs": 5, "operations": [number]}


def test_killed_while_the_epochs_are_raised():
    total = operations(RAISED, epochs=5)
    chosen = random.Random(2).sample(range(total // 2, total), 2)
    results = examine([while_epochs_are_raised(number) for number in chosen])
    assert [(found["kills"], found["epochs"]) for found in results] == [(1, 5)] * 2


@pytest.mark.exhaustive
def test_killed_at_every_file_operation_while_the_epochs_are_raised():
    total = operations(RAISED, epochs=5)
    results = examine([while_epochs_are_raised(number) for number in range(total)])
    assert sum(found["kills"] for found in results) == total


@pytest.mark.exhaustive
def test_killed_at_two_file_operations():
    """The process that resumes the run is killed, too."""
    rng = random.Random(1)
    total = operations(EVERY_KIND[0])
    pairs = [[rng.randrange(total), rng.randrange(total // 2)] for _ in range(100)]
    examine([{"overrides": EVERY_KIND[0], "operations": pair} for pair in pairs])


@pytest.mark.exhaustive
def test_killed_at_100_random_moments():
    results = examine(at_random_moments(100))
    assert sum(found["kills"] for found in results) >= 100
