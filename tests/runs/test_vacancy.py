"""A new run replaces nothing that is not its own, and hides no other run."""

import pytest

from scratchnet.errors import RunError
from scratchnet.runs import RunFolder, vacancy
from scratchnet.system import files


@pytest.mark.parametrize(
    "name", ["config.yaml", "overrides.txt", "metrics.csv", "summary.json", "run.log", "a/plots/x"]
)
def test_a_folder_with_files_of_others_is_refused_and_left_as_it_was(tmp_path, name):
    file = tmp_path / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("mine")
    folder = tmp_path / "a" if name.startswith("a/") else tmp_path
    with pytest.raises(RunError, match="choose a new folder for the run"):
        RunFolder.create(folder, {}, [], {})
    assert [path for path in folder.rglob("*") if path.is_file()] == [file]
    assert file.read_text() == "mine"


@pytest.mark.parametrize("name", ["errors.txt", "job.json", ".gitkeep"])
def test_what_a_run_never_writes_does_not_matter(tmp_path, name):
    (tmp_path / name).write_text("kept")
    RunFolder.create(tmp_path, {}, [], {})
    assert (tmp_path / name).read_text() == "kept"


def _begun(folder, monkeypatch, writes):
    """What is left of a run that is killed after some of its first files."""
    count = iter(range(100))

    def kill(operation, path):
        if operation == "rename" and next(count) == writes:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch, RunFolder.locked(folder):
        patch.setattr(files, "hook", kill)
        with pytest.raises(KeyboardInterrupt):
            RunFolder.create(folder, {"old": 1}, [], {})


@pytest.mark.parametrize("writes", range(4))
def test_a_run_killed_in_its_beginning_is_no_obstacle(tmp_path, monkeypatch, writes):
    folder = tmp_path / "run"
    _begun(folder, monkeypatch, writes)
    assert not (folder / "run.json").exists()
    vacancy.check(folder)
    assert RunFolder.create(folder, {"seed": 1}, [], {}).config == {"seed": 1}


@pytest.mark.parametrize("added", ["checkpoints/x", "plots/x", ".lock"])
def test_a_beginning_to_which_others_have_added_is_refused(tmp_path, monkeypatch, added):
    folder = tmp_path / "run"
    _begun(folder, monkeypatch, 3)
    (folder / added).write_text("mine")
    with pytest.raises(RunError, match="choose a new folder"):
        vacancy.check(folder)


def test_no_run_begins_inside_another(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    RunFolder.create("outputs", {}, [], {})
    with pytest.raises(RunError, match=r"outputs/a/b: lies inside a run, .*/outputs; choose"):
        RunFolder.create("outputs/a/b", {}, [], {})
    assert not (tmp_path / "outputs" / "a").exists()
