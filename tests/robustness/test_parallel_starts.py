"""Of fifty processes that start in the same folder at the same instant, exactly one gets it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from scratchnet.errors import RunError
from scratchnet.runs import RunFolder

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="Windows cannot fork")

FIFTY = """
import os, sys, time
from pathlib import Path
from scratchnet.errors import RunError
from scratchnet.runs import RunFolder

begin = time.time() + 0.5
def start():
    time.sleep(max(0, begin - time.time()))
    try:
        with RunFolder.locked(sys.argv[1]):
            RunFolder.create(sys.argv[1], {"seed": 0}, [str(os.getpid())], {})
            time.sleep(0.2)
    except RunError:
        os._exit(2)
    os._exit(0)

children = []
for _ in range(50):
    children.append(os.fork())
    if children[-1] == 0:
        start()
codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
print(sorted(codes) == [0] + [2] * 49, children[codes.index(0)])
"""


def test_one_of_fifty_gets_the_folder(tmp_path):
    folder = tmp_path / "run"
    done = subprocess.run(
        [sys.executable, "-c", FIFTY, str(folder)],
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1"},
    )
    assert done.stderr == ""
    is_one, winner = done.stdout.split()
    assert is_one == "True"
    assert (folder / "overrides.txt").read_text() == f"{winner}\n"
    assert RunFolder.open(folder).config == {"seed": 0}


def test_a_folder_stays_taken_after_its_run_has_ended(tmp_path):
    for attempt in range(2):
        with RunFolder.locked(tmp_path / "run"):
            if attempt:
                with pytest.raises(RunError, match="already holds a run"):
                    RunFolder.create(tmp_path / "run", {}, [], {})
            else:
                RunFolder.create(tmp_path / "run", {}, [], {})


@pytest.mark.exhaustive
def test_fifty_commands_get_fifty_folders(tmp_path):
    command = [sys.executable, str(ROOT / "run.py"), "trainer.epochs=1", "trainer.threads=1"]
    processes = [
        subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.DEVNULL) for _ in range(50)
    ]
    assert [process.wait(600) for process in processes] == [0] * 50
    assert len(list(tmp_path.glob("outputs/*/*/summary.json"))) == 50
