"""A checkpoint comes back bit for bit, or not at all."""

import hashlib
import io
import random
import zipfile

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scratchnet.errors import RunError
from scratchnet.system import files
from scratchnet.training import checkpoint

STATE = {
    "parameters": np.array([1.5, -0.0, np.nan, np.inf, 1e-45], np.float32),
    "optimizer/m": np.arange(6, dtype=np.float64).reshape(2, 3),
    "buffers/a b.ü": np.array(7, np.int64),
    "empty": np.empty((0, 3), np.uint8),
}
META = {"epoch": 3, "best": {"score": float("-inf"), "x": 0.1}, "history": [1, None, "ü\n"]}


@pytest.fixture
def path(tmp_path):
    return tmp_path / "last.npz"


def sealed(content: bytes) -> bytes:
    """The content with a valid checksum, as an attacker would make it."""
    content = content[: -checkpoint.DIGEST]
    return content + hashlib.sha256(content).hexdigest().encode()


def test_state_and_meta_come_back_bit_for_bit(path):
    checkpoint.save(path, STATE, META)
    state, meta = checkpoint.load(path)
    assert meta == META
    assert list(state) == list(STATE)
    for name, array in STATE.items():
        assert state[name].dtype == array.dtype
        assert state[name].shape == array.shape
        assert state[name].tobytes() == array.tobytes()
        assert state[name].flags.writeable


def test_arrays_that_are_not_contiguous_are_stored_as_they_read(path):
    array = np.arange(12, dtype=np.float32).reshape(3, 4)
    checkpoint.save(path, {"t": array.T, "s": array[:, ::2]}, {})
    state, _ = checkpoint.load(path)
    np.testing.assert_array_equal(state["t"], array.T)
    np.testing.assert_array_equal(state["s"], array[:, ::2])


def test_numpy_opens_it_without_pickle(path):
    checkpoint.save(path, STATE, META)
    with np.load(path, allow_pickle=False) as opened:
        np.testing.assert_array_equal(opened["parameters"], STATE["parameters"])


def test_same_state_same_bytes(tmp_path):
    checkpoint.save(tmp_path / "a", STATE, META)
    checkpoint.save(tmp_path / "b", STATE, META)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


@pytest.mark.parametrize("state", [{"x": np.array(["text"])}, {"x": np.array([{}])}, {"meta": 1.0}])
def test_only_numbers_can_be_saved(path, state):
    with pytest.raises(TypeError, match="float and integer arrays"):
        checkpoint.save(path, {k: np.asarray(v) for k, v in state.items()}, {})
    assert not path.exists()


def test_every_truncation_is_detected(path):
    checkpoint.save(path, STATE, META)
    content = path.read_bytes()
    for length in range(len(content)):
        path.write_bytes(content[:length])
        with pytest.raises(RunError, match="checksum does not match"):
            checkpoint.load(path)


def test_every_flipped_bit_is_detected(path):
    checkpoint.save(path, STATE, META)
    content = path.read_bytes()
    rng = random.Random(0)
    for position in [
        *rng.sample(range(len(content)), 500),
        *range(len(content) - 64, len(content)),
    ]:
        damaged = bytearray(content)
        damaged[position] ^= 1 << rng.randrange(8)
        path.write_bytes(damaged)
        with pytest.raises(RunError, match="checksum does not match"):
            checkpoint.load(path)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_a_forged_checkpoint_loads_or_is_refused(tmp_path_factory, data):
    """Damage under a valid checksum: the parser returns arrays or raises RunError."""
    path = tmp_path_factory.mktemp("forged") / "a.npz"
    checkpoint.save(path, STATE, META)
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 5))):
        content[data.draw(st.integers(0, len(content) - 65))] = data.draw(st.integers(0, 255))
    path.write_bytes(sealed(bytes(content)))
    try:
        state, meta = checkpoint.load(path)
    except RunError:
        return
    assert all(array.dtype in checkpoint.TYPES for array in state.values())
    assert isinstance(meta, dict)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_under_a_valid_checksum_are_refused(tmp_path_factory, content):
    path = tmp_path_factory.mktemp("bytes") / "a.npz"
    path.write_bytes(sealed(content + bytes(64)))
    with pytest.raises(RunError, match="is not a checkpoint"):
        checkpoint.load(path)


def archive(members: dict[str, bytes], compression=zipfile.ZIP_STORED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as opened:
        opened.comment = bytes(64)
        for name, content in members.items():
            opened.writestr(name, content)
    return sealed(buffer.getvalue())


def overlapping() -> bytes:
    """An archive that lists one array a hundred times."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as opened:
        opened.comment = bytes(64)
        opened.writestr("x.npy", npy(np.zeros(1000)))
        opened.filelist += opened.filelist * 99
    return sealed(buffer.getvalue())


def npy(array, shape: bytes | None = None) -> bytes:
    """An array as NumPy stores it, with another shape in its header."""
    buffer = io.BytesIO()
    np.save(buffer, array, allow_pickle=True)
    content = buffer.getvalue()
    if shape is None:
        return content
    start = content.index(b"(")
    header = content[:start] + shape + b", }"
    return header.ljust(127) + b"\n" + content[128:]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (archive({"x.npy": npy(np.zeros(3))}), "no 'meta'"),
        (archive({"meta.npy": npy(np.frombuffer(b"[1]", np.uint8))}), "no names"),
        (archive({"meta.npy": npy(np.frombuffer(b"{", np.uint8))}), "is not a checkpoint"),
        (archive({"meta.npy": npy(np.frombuffer(b"[" * 9999, np.uint8))}), "is not a checkpoint"),
        (archive({"x.npy": npy(np.array([{}]))}), "no array of numbers"),  # a pickle
        (archive({"x.npy": npy(np.zeros(3), b"(30**9,)")}), "no array of numbers"),
        (archive({"x.npy": npy(np.zeros(3), b"(99,)")}), "shorter or longer"),
        (archive({"x.npy": npy(np.zeros(3), b"(9999999999,)")}), "shorter or longer"),
        (archive({"x.npy": npy(np.zeros(1000))}, zipfile.ZIP_DEFLATED), "compressed"),
        (overlapping(), "overlap"),
        (archive({"../x": b""}), "no array"),
    ],
)
def test_hostile_archives_are_refused(path, content, problem):
    path.write_bytes(content)
    with pytest.raises(RunError, match=problem):
        checkpoint.load(path)


def test_a_missing_file_is_named(path):
    with pytest.raises(RunError, match=r"last\.npz: there is no such file"):
        checkpoint.load(path)


def test_a_failed_save_leaves_the_old_checkpoint(path, monkeypatch):
    checkpoint.save(path, STATE, {"epoch": 1})

    def full(operation, _):
        if operation == "fsync":
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(files, "hook", full)
    with pytest.raises(RunError, match="No space left"):
        checkpoint.save(path, STATE, {"epoch": 2})
    assert checkpoint.load(path)[1] == {"epoch": 1}
    assert [file.name for file in path.parent.iterdir()] == ["last.npz"]
