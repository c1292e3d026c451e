"""A number that is not finite ends a run within a step; the last finite checkpoint stays."""

import dataclasses
import json
import math
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from small_runs import train, without_plots

from scratchnet.errors import RunError
from scratchnet.experiment import resume
from scratchnet.runs import RunFolder
from scratchnet.runs.recorder import Recorder
from scratchnet.training import checkpoint, trainer
from scratchnet.training.trainer import Diverged

RUN = Path(__file__).resolve().parents[2] / "run.py"


def poison(run_trainer, where: str, value: float, monkeypatch) -> None:
    """Put a value that is not finite where it does harm."""
    network, evaluate = run_trainer.network, trainer.evaluate
    if where == "data":
        run_trainer.train._mean.fill(value)
    elif where == "loss":
        run_trainer.loss = lambda logits, labels: (value, np.zeros_like(logits))
    elif where == "gradient":
        network.backward = lambda dlogits: network.parameters.grads.fill(value)
    elif where == "weights":
        network.parameters.values[:] = value
    elif where == "validation":
        monkeypatch.setattr(
            trainer, "evaluate", lambda *args: dataclasses.replace(evaluate(*args), loss=value)
        )


@pytest.mark.parametrize("value", [math.nan, math.inf])
@pytest.mark.parametrize("where", ["data", "loss", "gradient", "weights", "validation"])
def test_the_last_finite_checkpoint_is_kept(tmp_path, conf, monkeypatch, each_engine, where, value):
    without_plots(monkeypatch)
    on_batch, batches = Recorder.on_batch, []

    def watched(recorder, metrics):
        on_batch(recorder, metrics)
        batches.append((metrics.epoch, metrics.batch))
        if batches[-1] == (3, 2):
            poison(recorder.trainer, where, value, monkeypatch)

    monkeypatch.setattr(Recorder, "on_batch", watched)
    with pytest.raises(Diverged, match="training diverged in epoch 3"):
        train(tmp_path / "run", f"trainer.engine={each_engine.value}")
    if where != "validation":  # which comes at the end of the epoch
        assert batches[-1] == (3, 2)
    run = RunFolder.open(tmp_path / "run")
    assert run.info["status"] == "diverged"
    assert len(run.metrics) == 2
    for path in run.checkpoints.rglob("*.npz"):
        state, meta = checkpoint.load(path)
        assert meta["epoch"] <= 2
        assert all(np.isfinite(array).all() for array in state.values())
    assert checkpoint.load(run.last_checkpoint)[1]["epoch"] == 2
    with pytest.raises(RunError, match="diverged and would diverge again"):
        resume.run(run.path, [])


@pytest.mark.parametrize(
    ("optimizer", "lr"), [("sgd", 1e3), ("sgd", 1e20), ("adamw", 1e5), ("lion", 1e8)]
)
def test_both_engines_find_it_in_the_same_step(tmp_path, conf, monkeypatch, optimizer, lr):
    pytest.importorskip("numba")
    without_plots(monkeypatch)
    unstable = [f"optimizer={optimizer}", f"optimizer.lr={lr}", "trainer.clip_norm=null"]
    unstable += ["model.activation=leaky_relu"]  # one that never falls silent
    found = []
    for engine in ("numpy", "compiled"):
        with pytest.raises(Diverged) as caught:
            train(tmp_path / engine, f"trainer.engine={engine}", *unstable)
        found.append(re.search(r"epoch \d+, step \d+", str(caught.value)).group())
    assert found[0] == found[1]


@pytest.mark.parametrize("model", ["mlp", "cnn"])
def test_the_exit_code_is_3_and_the_reason_is_one_line(tmp_path, each_engine, model):
    settings = [f"model={model}", f"trainer.engine={each_engine.value}"]
    settings += ["optimizer=sgd", "optimizer.lr=1e30", "trainer.clip_norm=null"]
    done = subprocess.run(
        [sys.executable, str(RUN), *settings, "hydra.run.dir=run"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 3
    *_, reason = [line for line in done.stderr.splitlines() if "compiling" not in line]
    assert reason.startswith("training diverged in epoch 1, step 1 (loss nan")
    assert json.loads((tmp_path / "run" / "run.json").read_text())["status"] == "diverged"
