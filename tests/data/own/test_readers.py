"""Data of another kind than dataset= reads: the message names the one that reads them."""

import pytest

from scratchnet.data.own.arrays import Arrays
from scratchnet.data.own.csv_table import CSV
from scratchnet.data.own.folder import Folder
from scratchnet.data.own.idx import IDX
from scratchnet.errors import UserError


@pytest.fixture
def sources(tmp_path):
    """A path for each dataset that reads it; its files are empty."""
    paths = {
        "csv": ("a.csv", "a.csv"),
        "table": ("a.TSV.gz", "a.TSV.gz"),
        "npz": ("a.npz", "a.npz"),
        "npy": ("npy/X.npy", "npy"),
        "both": ("both/X.npy", "both"),
        "idx": ("mnist/train-images-idx3-ubyte.gz", "mnist"),
        "folder": ("pets/cat/1.png", "pets"),
        "other": ("notes.txt", "notes.txt"),
        "bare": ("bare/notes.txt", "bare"),
    }
    for file, _ in paths.values():
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).touch()
    (tmp_path / "both" / "train-images-idx3-ubyte").touch()
    return {name: str(tmp_path / path) for name, (_, path) in paths.items()}


@pytest.mark.parametrize(
    ("dataset", "source", "message"),
    [
        (Arrays, "csv", "dataset=csv reads such files"),
        (Arrays, "table", "dataset=csv reads such files"),
        (Arrays, "folder", "dataset=folder reads such folders"),
        (Arrays, "idx", "dataset=idx reads such folders"),
        (CSV, "folder", "is a folder, must be a CSV file; dataset=folder reads such folders"),
        (CSV, "npz", "must be a CSV file; dataset=arrays reads such files"),
        (CSV, "npy", "dataset=arrays reads such folders"),
        (IDX, "npz", "must be a folder; dataset=arrays reads such files"),
        (IDX, "npy", "dataset=arrays reads such folders"),
        (IDX, "folder", "dataset=folder reads such folders"),
        (Folder, "table", "must be a folder; dataset=csv reads such files"),
        (Arrays, "other", "a folder of .npy files"),
        (CSV, "bare", "must be a CSV file"),
    ],
)
def test_the_dataset_that_reads_it_is_named(sources, dataset, source, message):
    with pytest.raises(UserError, match=f"{message}$"):
        dataset(path=sources[source]).load(0)


@pytest.mark.parametrize(
    ("dataset", "source"),
    [
        (Arrays, "npy"),
        (Arrays, "both"),
        (IDX, "both"),
        (CSV, "table"),
        (CSV, "other"),
        (IDX, "idx"),
    ],
)
def test_its_own_kind_is_not_refused_by_its_name(sources, dataset, source):
    dataset(path=sources[source]).check_source()
