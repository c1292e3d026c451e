"""Whatever bytes a parser gets, it returns or raises a one-line UserError, within 2 s.

Each parser gets damaged real content and random bytes: 100 cases, or 2,000 in the exhaustive
version, which also limits the memory. A forged checkpoint has a valid checksum, so that its damage
gets past the checksum to the parser.
"""

import gzip
import hashlib
import time
import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from dataset_files import idx_bytes
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_runs import train, without_plots

from scratchnet.data.cifar10 import CIFAR10
from scratchnet.data.idx import read_idx
from scratchnet.data.images import Images
from scratchnet.errors import UserError
from scratchnet.experiment.restore import read_config, recorded_engine
from scratchnet.insight.layer_history import layer_history
from scratchnet.runs import RunFolder
from scratchnet.runs.load import read_run
from scratchnet.runs.predictions import Predictions, read_answers
from scratchnet.sweeps.record import Job, Outcome, SweepFolder
from scratchnet.training import checkpoint

DIGITS = [str(digit) for digit in range(10)]
MOST_SECONDS, MOST_BYTES = 2, 256 << 20


@dataclass
class Parser:
    """A file of a real run or dataset, and the function that reads it."""

    content: bytes
    path: Path
    read: Callable[[], object]
    seal: Callable[[bytes], bytes] = bytes  # what an attacker does last


def sealed(content: bytes) -> bytes:
    """A checkpoint with the checksum replaced by that of its content."""
    content = content[: -checkpoint.DIGEST]
    return content + hashlib.sha256(content).hexdigest().encode()


@pytest.fixture(scope="module")
def run(tmp_path_factory, conf):
    with pytest.MonkeyPatch.context() as patch:
        without_plots(patch)
        return RunFolder.open(train(tmp_path_factory.mktemp("run"), "trainer.insight=true"))


@pytest.fixture(
    params=[
        "idx",
        "idx.gz",
        "cifar10",
        "checkpoint",
        "forged checkpoint",
        "config.yaml",
        "metrics.csv",
        "run.json",
        "summary.json",
        "predictions.csv",
        "layers.jsonl",
        "sweep.json",
        "job.json",
    ]
)
def parser(request, run, tmp_path) -> Parser:
    name, path = request.param, tmp_path / "file"
    if name.startswith("idx"):
        content = idx_bytes(np.arange(60, dtype=np.uint8).reshape(5, 4, 3))
        content = gzip.compress(content) if name == "idx.gz" else content
        return Parser(content, path, lambda: read_idx(path, (4, 3), at_most=5))
    if name == "cifar10":
        part = Images(np.empty((3, 32, 32, 3), np.uint8), np.empty(3, np.int64))
        content = bytes(range(9)) * 1024 + b"\x01"
        records = np.frombuffer(content, np.uint8)[: 3 * 3073].copy()
        records[::3073] = 1
        content = records.tobytes().ljust(3 * 3073, b"\0")
        return Parser(content, path, lambda: CIFAR10()._read_into(part, path, "test_batch.bin"))
    if name.endswith("checkpoint"):
        content = run.last_checkpoint.read_bytes()
        seal = sealed if name == "forged checkpoint" else bytes
        return Parser(content, path, lambda: checkpoint.load(path), seal)
    if name == "sweep.json":
        sweep, swept = SweepFolder(tmp_path), [["seed=0"], ["seed=1"]]
        jobs = [Job(number, texts, texts) for number, texts in enumerate(swept)]
        sweep.write("grid", ["seed=0,1"], "ended", swept, jobs)
        content = (tmp_path / name).read_bytes()
        return Parser(content, tmp_path / name, lambda: sweep.check("grid", swept))
    if name == "job.json":
        Outcome("failed", "killed by SIGKILL", -9, 1.5).write(tmp_path)
        content = (tmp_path / name).read_bytes()
        return Parser(content, tmp_path / name, lambda: Outcome.read(tmp_path))
    path = run.path / name
    reads = {
        "config.yaml": lambda: read_config(run),
        "metrics.csv": lambda: run.metrics,
        "run.json": lambda: (run.info, read_run(run.path), recorded_engine(run)),
        "summary.json": lambda: (run.summary, read_run(run.path)),
        "predictions.csv": lambda: (Predictions.read(path, DIGITS), read_answers(path)),
        "layers.jsonl": lambda: layer_history(run.path, epochs=3),
    }
    return Parser(path.read_bytes(), path, reads[name])


@st.composite
def damaged(draw, content: bytes) -> bytes:
    """Content with some bytes replaced, inserted or deleted, or other bytes altogether."""
    if draw(st.integers(0, 4)) == 0:
        return draw(st.binary(max_size=300))
    changed = bytearray(content)
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(changed)))
        length = draw(st.integers(0, 20))
        changed[start : start + length] = draw(st.binary(max_size=20))
    return bytes(changed)


def check(parser: Parser, cases: int) -> None:
    @settings(
        max_examples=cases,
        deadline=None,
        database=None,
        suppress_health_check=[HealthCheck.too_slow],
    )
    @given(damaged(parser.content))
    def returns_or_refuses(content):
        parser.path.write_bytes(parser.seal(content))
        message, start = "", time.process_time()
        try:
            parser.read()
        except UserError as error:
            message = str(error)
        assert "\n" not in message
        assert time.process_time() - start < MOST_SECONDS

    try:
        returns_or_refuses()
    finally:
        parser.path.write_bytes(parser.content)


def test_100_cases(parser):
    parser.path.write_bytes(parser.content)
    parser.read()  # the undamaged content is valid
    check(parser, 100)


@pytest.mark.exhaustive
def test_2000_cases_in_256_megabytes(parser):
    tracemalloc.start()
    try:
        check(parser, 2000)
        assert tracemalloc.get_traced_memory()[1] < MOST_BYTES
    finally:
        tracemalloc.stop()


@pytest.mark.exhaustive
def test_every_truncation_and_10000_flipped_bits_of_a_real_checkpoint(run, tmp_path):
    content, path = run.last_checkpoint.read_bytes(), tmp_path / "last.npz"
    rng = np.random.default_rng(0)
    positions, bits = rng.integers(0, len(content), 10_000), rng.integers(0, 8, 10_000)
    for position, bit in zip(positions, bits, strict=True):
        damaged_content = bytearray(content)
        damaged_content[position] ^= 1 << int(bit)
        path.write_bytes(damaged_content)
        with pytest.raises(UserError, match="checksum does not match"):
            checkpoint.load(path)
    for length in range(len(content)):
        path.write_bytes(content[:length])
        with pytest.raises(UserError, match="checksum does not match"):
            checkpoint.load(path)
