"""Messages go to run.log, and warnings to the terminal as well."""

import logging
import re

from scratchnet.runs.log import logging_to
from scratchnet.system import files

logger = logging.getLogger("scratchnet")


def test_all_messages_go_to_the_file_and_warnings_to_the_terminal(tmp_path, capsys):
    with logging_to(tmp_path / "run.log"):
        logger.info("epoch %d", 1)
        logger.warning("odd")
        logging.getLogger("scratchnet.data").info("from below")
    logger.warning("after the run")
    lines = (tmp_path / "run.log").read_text().splitlines()
    assert [re.sub(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} ", "", line) for line in lines] == [
        "INFO epoch 1",
        "WARNING odd",
        "INFO from below",
    ]
    assert capsys.readouterr().err.startswith("warning: odd\n")
    assert not logger.handlers


def test_a_message_cannot_forge_lines_or_control_the_terminal(tmp_path, capsys):
    with logging_to(tmp_path / "run.log"):
        logger.warning("name\n2026-11-23 10:15:02,000 INFO forged\x1b[2J\r[red]")
    lines = (tmp_path / "run.log").read_text().splitlines()
    assert lines[1] == "    2026-11-23 10:15:02,000 INFO forged [2J [red]"
    assert capsys.readouterr().err == (
        "warning: name 2026-11-23 10:15:02,000 INFO forged [2J [red]\n"
    )


def test_a_traceback_is_kept(tmp_path, capsys):
    with logging_to(tmp_path / "run.log"):
        try:
            raise ValueError("why")
        except ValueError:
            logger.exception("failed")
    text = (tmp_path / "run.log").read_text()
    assert "ERROR failed\n    Traceback" in text
    assert text.endswith("    ValueError: why\n")
    assert capsys.readouterr().err == "error: failed\n"


def test_a_full_disk_ends_the_log_but_not_the_run(tmp_path, capsys, monkeypatch):
    def full(operation, path):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files, "hook", full)
    with logging_to(tmp_path / "run.log"):
        logger.info("one")
        logger.info("two")
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("warning: the log ends here: ")
    assert line.endswith("No space left on device")


def test_a_warning_is_printed_although_the_log_cannot_take_it(tmp_path, capsys):
    (tmp_path / "run.log").mkdir()
    with logging_to(tmp_path / "run.log"):
        logger.warning("the learning rate jumps")
        logger.warning("once more")
    lines = capsys.readouterr().err.splitlines()
    assert [line for line in lines if "log ends" not in line] == [
        "warning: the learning rate jumps",
        "warning: once more",
    ]
    assert len(lines) == 3
