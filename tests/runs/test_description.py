"""run.json describes everything that determines the bits of a run."""

import json
import platform
import subprocess
from pathlib import Path

import numpy as np
import pytest

import scratchnet
from scratchnet.data.images import Images, Splits
from scratchnet.runs import description


@pytest.fixture
def splits():
    images = Images(np.full((3, 2, 2, 1), 16, np.uint8), np.array([0, 1, 0]))
    number = np.ones(1, np.float32)
    return Splits(images, images, images, ["a", "b"], number, number, 16, "ff", True, "holdout")


def test_it_holds_seed_engine_threads_data_versions_and_machine(splits):
    info = description.describe(splits, seed=7)
    assert json.loads(json.dumps(info)) == info
    assert info["seed"] == 7
    assert info["threads"] == 1
    assert info["engine"] == "numpy"
    assert info["data"]["fingerprint"] == "ff"
    assert info["data"]["images"] == {"train": 3, "val": 3, "test": 3}
    assert info["inputs"]["pixel_max"] == 16
    assert info["versions"]["numpy"] == np.__version__
    assert info["versions"]["python"] == platform.python_version()
    assert info["versions"]["scratchnet"] == scratchnet.__version__
    assert info["machine"]["cores"] >= 1
    assert info["machine"]["cpu"]
    assert all(library["threads"] >= 1 for library in info["blas"])
    assert {"name", "version", "kernel", "threads"} <= set(info["blas"][0])


def git(folder, *arguments):
    command = ["git", "-c", "user.name=a", "-c", "user.email=a@b", "-C", str(folder), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def test_the_commit_and_whether_files_were_changed(tmp_path, monkeypatch):
    package = tmp_path / "scratchnet" / "__init__.py"
    package.parent.mkdir()
    package.touch()
    monkeypatch.setattr(scratchnet, "__file__", str(package))
    assert description.git_commit() is None  # not a checkout
    git(tmp_path, "init")
    assert description.git_commit() is None  # no commit yet
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-m", "first")
    commit = git(tmp_path, "rev-parse", "HEAD")
    assert description.git_commit() == {"commit": commit, "dirty": False}
    package.write_text("changed")
    assert description.git_commit() == {"commit": commit, "dirty": True}


def test_without_git_there_is_no_commit(tmp_path, monkeypatch):
    (tmp_path / ".git").mkdir()
    monkeypatch.setattr(scratchnet, "__file__", str(tmp_path / "scratchnet" / "__init__.py"))
    monkeypatch.setenv("PATH", "")
    assert description.git_commit() is None


def test_the_processor_is_known_without_proc(monkeypatch):
    def missing(*_, **__):
        raise FileNotFoundError

    monkeypatch.setattr(Path, "read_text", missing)
    assert description.cpu() == (platform.processor() or platform.machine())


def test_only_numpys_own_blas_counts_however_many_are_loaded(monkeypatch):
    """SciPy, which Numba loads, brings another one: whether it is loaded yet changes nothing."""
    numpys = {
        "user_api": "blas",
        "internal_api": "openblas",
        "version": "0.3.31",
        "architecture": "Zen",
        "num_threads": 1,
        "filepath": "/lib/numpy.libs/libscipy_openblas64_-1.so",
    }
    scipys = numpys | {"version": "0.3.30", "filepath": "/lib/scipy.libs/libscipy_openblas-2.so"}
    openmp = {"user_api": "openmp", "filepath": "/lib/libgomp.so"}
    for loaded in ([numpys], [scipys, numpys, openmp], [numpys, scipys]):
        monkeypatch.setattr(
            description.threadpoolctl, "threadpool_info", lambda found=loaded: found
        )
        assert [one["version"] for one in description.blas()] == ["0.3.31"]
    system = numpys | {"filepath": "/usr/lib/libopenblas.so.0"}  # shared by all
    monkeypatch.setattr(description.threadpoolctl, "threadpool_info", lambda: [system])
    assert len(description.blas()) == 1
