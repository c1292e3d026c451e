"""The index never changes what is read, whatever happens to the runs or to itself."""

import json
import os
from pathlib import Path

import pytest
from run_folders import make_run

from scratchnet.runs import index, load
from scratchnet.runs.load import KEPT, read_runs
from scratchnet.runs.recorder import RunFolder


@pytest.fixture
def cache(tmp_path, monkeypatch) -> Path:
    """The folder of the index files; an index is used for two runs or more."""
    monkeypatch.setattr(index.platformdirs, "user_cache_dir", lambda _: str(tmp_path / "cache"))
    monkeypatch.setattr(load, "MANY", 2)
    monkeypatch.chdir(tmp_path)
    return tmp_path / "cache" / "runs"


@pytest.fixture
def counted(monkeypatch) -> list[Path]:
    """The runs that were read from their own files."""
    seen = []

    def read(path):
        seen.append(path)
        return load.read_run(path)

    monkeypatch.setattr(index, "read_run", read)
    return seen


def runs(*names: str):
    for number, name in enumerate(names):
        make_run(Path("outputs") / name, 0.5 + number / 10, note=f"né {name}")


def directly():
    load.MANY, many = 10**9, load.MANY
    try:
        return read_runs("outputs")
    finally:
        load.MANY = many


def test_the_second_time_nothing_is_read_again_and_all_is_the_same(cache, counted):
    runs("a", "b")
    make_run(Path("outputs/c"), status="failed", reason="no memory", epochs=0, start="some day")
    first = read_runs("outputs")
    assert len(counted) == 3
    assert read_runs("outputs") == first == directly()
    assert len(counted) == 3


@pytest.mark.parametrize("change", ["config.yaml", "run.json", "metrics.csv", "summary.json", KEPT])
def test_a_run_of_which_a_file_changes_is_read_again(cache, counted, change):
    runs("a", "b")
    read_runs("outputs")
    file = Path("outputs/b") / change
    content = file.read_text() if file.exists() else ""
    file.write_text(content.replace("0.6", "0.7").replace("completed", "failed"))
    counted.clear()
    assert read_runs("outputs") == directly()
    assert counted == [Path("outputs/b")]


def test_a_run_that_may_still_change_without_its_files_is_not_kept(cache, counted):
    """A killed run says `running`: that nobody holds its lock makes it an interrupted one."""
    runs("a")
    make_run(Path("outputs/b"), status="running")
    assert read_runs("outputs")[0][1].status == "interrupted"
    counted.clear()
    with RunFolder.locked(Path("outputs/b")):
        assert read_runs("outputs")[0][1].status == "running"
    assert counted == [Path("outputs/b")]


def test_an_older_version_reads_anew(cache, counted, monkeypatch):
    runs("a", "b")
    read_runs("outputs")
    monkeypatch.setattr(index, "_reader", lambda: "another")
    read_runs("outputs")
    assert len(counted) == 4


@pytest.mark.parametrize(
    "content",
    ["", "[", "[]", "null", "{}", '{"reader": 1}', "[" * 100_000, "\udcff", "runs", "entries"],
)
def test_a_damaged_index_is_no_index(cache, content):
    runs("a", "b")
    expected = read_runs("outputs")
    (file,) = cache.iterdir()
    if content in ("runs", "entries"):
        whole = json.loads(file.read_text())
        whole["runs"] = [] if content == "runs" else {key: [1, {}] for key in whole["runs"]}
        content = json.dumps(whole)
    file.write_bytes(os.fsencode(content))
    assert read_runs("outputs") == expected


def test_where_no_index_can_be_written_runs_are_read_all_the_same(cache):
    cache.parent.write_text("in the way")
    runs("a", "b")
    assert len(read_runs("outputs")[0]) == 2
