"""Files of samples as numbers, for tests."""

import csv
import gzip
from pathlib import Path
from typing import Any

import numpy as np
from sklearn import datasets


def write_csv(path: Path, header: list[str] | None, rows: Any) -> Path:
    """A table as Python's csv module writes it, gzipped if the name says so."""
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "wt", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([*([header] if header else []), *rows])
    return path


def scikit(name: str, folder: Path) -> tuple[Path, Path]:
    """One of scikit-learn's data sets (iris, wine, ...) as a table and as arrays."""
    bunch = getattr(datasets, f"load_{name}")()
    names = [f"pixel{i}" for i in range(64)] if name == "digits" else list(bunch.feature_names)
    samples = zip(bunch.data, bunch.target, strict=True)
    rows = [[i, *x, bunch.target_names[y]] for i, (x, y) in enumerate(samples)]
    table = write_csv(folder / f"{name}.csv", ["id", *names, "species"], rows)
    arrays = folder / f"{name}.npz"
    np.savez(arrays, X=bunch.data, y=bunch.target, target_names=bunch.target_names)
    return table, arrays
