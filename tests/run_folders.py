"""Run folders without a training: for tests and benchmarks of what reads them."""

import copy
import json
import math
from pathlib import Path
from typing import Any

from omegaconf import OmegaConf

from scratchnet.runs.folder import COLUMNS

CONFIG = {
    "dataset": {"name": "digits", "root": None, "validation_size": 180},
    "model": {"name": "mlp", "hidden_dims": [256, 128], "dropout": 0.1},
    "optimizer": {"name": "adamw", "lr": 0.001, "weight_decay": 0.01},
    "schedule": {"name": "cosine", "warmup_epochs": 0.0},
    "trainer": {"epochs": 3, "early_stopping": {"metric": "val_accuracy"}, "live": False},
    "seed": 0,
}
DATA = {
    "fingerprint": "ab" * 32,
    "protocol": "holdout",
    "images": {"train": 1257, "val": 180, "test": 360},
}


def config(**changes: Any) -> dict[str, Any]:
    """The settings above with changes, e.g. `optimizer__lr=0.1` for `optimizer.lr`."""
    changed = copy.deepcopy(CONFIG)
    for name, value in changes.items():
        *groups, last = name.split("__")
        node = changed
        for group in groups:
            node = node.setdefault(group, {})
        node[last] = value
    return changed


def make_run(
    path: Path,
    accuracy: float = 0.9,
    status: str = "completed",
    epochs: int = 3,
    data: dict[str, Any] = DATA,
    start: str = "2026-11-23T10:15:02+00:00",
    reason: str | None = None,
    **changes: Any,
) -> Path:
    """A run whose test accuracy is `accuracy` and whose curves rise to it."""
    path.mkdir(parents=True)
    path.joinpath("config.yaml").write_text(OmegaConf.to_yaml(config(**changes)))
    info = {"status": status, "start": start, "end": None, "data": data, "reason": reason}
    path.joinpath("run.json").write_text(json.dumps(info))
    rows = [_row(epoch, accuracy * (1 - math.exp(-epoch))) for epoch in range(1, epochs + 1)]
    lines = [",".join(COLUMNS), *rows]
    path.joinpath("metrics.csv").write_text("".join(f"{line}\n" for line in lines))
    if status == "completed":
        summary = {"test_accuracy": accuracy, "test_loss": 1 - accuracy, "best_epoch": epochs}
        path.joinpath("summary.json").write_text(json.dumps(summary))
    return path


def _row(epoch: int, accuracy: float) -> str:
    values = {
        **{"epoch": epoch, "step": 10 * epoch, "lr": 0.1 / epoch / 3, "seconds": 0.5},
        **{"train_loss": 1.1 - accuracy, "train_accuracy": accuracy},
        **{"val_loss": 1.2 - accuracy, "val_accuracy": accuracy * 0.97},
        **{"val_balanced_accuracy": accuracy * 0.95},
        **{"samples_per_second": 2514.123, "grad_norm": 1 / 3},
    }
    return ",".join(repr(values[name]) for name in COLUMNS)
