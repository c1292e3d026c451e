"""Mutated commands are accepted, or refused in one line within a second."""

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from scratchnet.cli.arguments import parse
from scratchnet.cli.composition import check, combinations
from scratchnet.cli.errors import one_line
from scratchnet.config import to_plain
from scratchnet.errors import UserError
from scratchnet.settings.plain import flatten

RUN = Path(__file__).resolve().parents[2] / "run.py"
VALID = [
    "optimizer=adamw",
    "optimizer.lr=3e-4",
    "schedule=one_cycle",
    "model=mlp",
    "seed=3",
    "model.hidden_dims=[64,32]",
    "model.activation=gelu",
    "model.dropout=0.1",
    "trainer.epochs=5",
    "trainer.clip_norm=null",
    "trainer.early_stopping.metric=val_loss",
    "dataset=digits",
    "dataset.augment=true",
    "hydra.run.dir=somewhere",
]
CHARACTERS = "aeikz059.,=[]{}()'\"\\$:+-~@ /*?!\t\n\x1b\u00e9\u2603\0"


def mutated(rng: random.Random) -> str:
    """A valid override with one to three characters inserted, replaced, deleted or swapped."""
    text = rng.choice(VALID)
    for _ in range(rng.randint(1, 3)):
        i = rng.randrange(len(text)) if text else 0
        new = rng.choice(CHARACTERS)
        text = rng.choice(
            [
                text[:i] + new + text[i:],
                text[:i] + new + text[i + 1 :],
                text[:i] + text[i + 1 :],
                text[:i] + text[i + 1 : i + 2] + text[i : i + 1] + text[i + 2 :],
            ]
        )
    return text


def with_a_typo(rng: random.Random, word: str) -> str:
    """A word with one letter deleted, doubled, replaced or swapped with the next."""
    i = rng.randrange(len(word))
    return rng.choice(
        [
            word[:i] + word[i + 1 :],
            word[: i + 1] + word[i:],
            word[:i] + rng.choice("abcdefghij") + word[i + 1 :],
            word[:i] + word[i + 1 : i + 2] + word[i] + word[i + 2 :],
        ]
    )


@pytest.mark.parametrize("count", [8, pytest.param(100, marks=pytest.mark.exhaustive)])
def test_a_typo_in_a_name_gets_a_hint(conf, count):
    rng = random.Random(0)
    names = list(flatten(to_plain(check([], conf))))
    typos = hints = 0
    for _ in range(count):
        name = rng.choice(sorted(names))
        group, dot, leaf = name.rpartition(".")
        typo = f"{group}{dot}{with_a_typo(rng, leaf)}"
        if typo in names:
            continue
        with pytest.raises(UserError) as error:
            check([f"{typo}=1"], conf)
        typos += 1
        hints += f"did you mean {name}?" in str(error.value)
    assert hints >= 0.95 * typos  # a few are closer to another setting


@pytest.mark.parametrize("seed", range(100))
def test_a_mutated_command_is_accepted_or_refused_in_one_line(conf, tmp_path, monkeypatch, seed):
    monkeypatch.chdir(tmp_path)
    rng = random.Random(seed)
    command = [*rng.sample(VALID, rng.randrange(3)), mutated(rng)]
    start = time.process_time()
    problem = None
    try:
        typed = parse(command)
        (combinations if typed.multirun else check)(typed.overrides, conf)
    except UserError as error:
        problem = error
    assert problem is None or one_line(problem).isprintable()
    assert time.process_time() - start < 1
    assert list(tmp_path.iterdir()) == []


KINDS = {
    "run": [],
    "sweep": ["-m", "optimizer=sgd,adamw", "seed=range(0,100)"],
    "search": ["-m", "hydra/sweeper=optuna", "model.dropout=interval(0,0.5)", "optimizer=sgd,adam"],
}


def wrong(rng: random.Random, conf: Path) -> str:
    """A mutated override that neither a run nor a sweep accepts but a user could type."""
    while True:
        text = mutated(rng)
        try:
            (check if "," not in text else combinations)([text], conf)
        except UserError:
            if not text.startswith("-") and "\0" not in text:
                return text


def time_of(command: list[str], cwd: Path) -> tuple[float, float]:
    """Run a wrong command; returns the wall-clock and CPU seconds until it is refused."""
    before, start = os.times(), time.perf_counter()
    done = subprocess.run([sys.executable, RUN, *command], cwd=cwd, capture_output=True, text=True)
    seconds, after = time.perf_counter() - start, os.times()
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1), done
    assert list(cwd.iterdir()) == []
    return seconds, sum(after[2:4]) - sum(before[2:4])


@pytest.mark.parametrize("kind", KINDS)
def test_a_refusal_takes_a_second_of_cpu_time(conf, tmp_path, kind):
    for seed in range(2):
        command = [*KINDS[kind], wrong(random.Random(seed), conf)]
        assert time_of(command, tmp_path)[1] < 1


@pytest.mark.exhaustive
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", range(100))
def test_a_refusal_takes_a_second(conf, tmp_path, kind, seed):
    command = [*KINDS[kind], wrong(random.Random(seed), conf)]
    tries = (time_of(command, tmp_path)[0] for _ in range(3))  # other processes may be running
    assert any(seconds < 1 for seconds in tries)
