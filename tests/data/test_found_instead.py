"""Where files are missing, the message names what lies there and what to do with it."""

import pickle

import pytest
from dataset_files import random_mnist, write_mnist

from scratchnet.data import CIFAR10, MNIST, FashionMNIST, found_instead
from scratchnet.errors import DataError


@pytest.fixture(autouse=True)
def no_network(monkeypatch, nowhere):
    for dataset in (MNIST, FashionMNIST, CIFAR10):
        monkeypatch.setattr(dataset, "mirrors", [nowhere])


def problem(dataset, root):
    """What the message says in brackets behind the folder where files are missing."""
    with pytest.raises(DataError) as error:
        dataset(root=str(root)).load(seed=0)
    message = str(error.value)
    assert "\n" not in message
    assert "could not be downloaded" in message
    start = f"{dataset.name}: files are missing in {root / dataset.name}"
    assert message.startswith(start)
    _, opened, there = message.split(", and ")[0].partition(" (")
    return there.removesuffix(")") if opened else ""


def test_nothing_is_said_of_an_empty_or_missing_folder(tmp_path):
    assert problem(MNIST, tmp_path) == ""
    assert problem(MNIST, tmp_path / "missing") == ""


def test_files_in_the_wrong_place(tmp_path):
    for name in ("train-images.idx3-ubyte", "t10k-labels-idx1-ubyte.gz"):
        (tmp_path / name).touch()
    assert problem(MNIST, tmp_path) == (
        f"{tmp_path} holds t10k-labels-idx1-ubyte.gz, train-images.idx3-ubyte: "
        f"put them into {tmp_path / 'mnist'}"
    )


@pytest.mark.parametrize("chosen", ["mnist", "MNIST", "MNIST/raw", "MNIST/raw/.."])
def test_a_root_that_is_too_deep(tmp_path, chosen):
    folder = tmp_path / ("mnist" if chosen == "mnist" else "MNIST/raw")
    write_mnist(folder, random_mnist())
    root = (tmp_path / chosen).resolve()
    assert problem(MNIST, root) == f"they are in {folder}: set dataset.root={tmp_path}"


def test_files_of_another_dataset_are_not_offered(tmp_path):
    for name in ("fashion_mnist", "FashionMNIST/raw", "KMNIST/raw", "EMNIST"):
        write_mnist(tmp_path / name, random_mnist())
    assert problem(MNIST, tmp_path) == ""
    assert problem(MNIST, tmp_path / "EMNIST") == ""


def test_some_of_the_files_in_their_own_folder_are_not_misplaced(tmp_path):
    arrays = random_mnist()
    del arrays["t10k-labels-idx1-ubyte"]
    write_mnist(tmp_path / "MNIST" / "raw", arrays)
    assert problem(MNIST, tmp_path) == ""


@pytest.mark.parametrize(
    ("name", "version"),
    [
        ("cifar-10-batches-py/data_batch_1", "the Python version: pickles, which can run code"),
        ("cifar10/cifar-10-python.tar.gz", "the Python version: pickles, which can run code"),
        ("cifar-10-matlab.tar.gz", "the MATLAB version"),
    ],
)
def test_other_versions_of_cifar10_are_refused_and_never_unpickled(tmp_path, name, version):
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(pickle.dumps(_Bomb(tmp_path / "ran")))
    shown = path.parent if path.name == "data_batch_1" else path
    assert problem(CIFAR10, tmp_path) == f"{shown} is {version}; only the binary version is read"
    assert not (tmp_path / "ran").exists()


class _Bomb:
    """Writes a file where it is unpickled."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return (type(self.path).touch, (self.path,))


@pytest.mark.parametrize(
    ("folder", "to"),
    [
        ("cifar-10-batches-bin", "cifar10/cifar-10-batches-bin"),
        ("cifar10", "cifar10/cifar-10-batches-bin"),
    ],
)
def test_binary_files_in_the_wrong_folder(tmp_path, folder, to):
    (tmp_path / folder).mkdir()
    (tmp_path / folder / "test_batch.bin").touch()
    assert problem(CIFAR10, tmp_path) == (
        f"{tmp_path / folder} holds test_batch.bin: put them into {tmp_path / to}"
    )


@pytest.mark.parametrize(
    ("name", "reads"),
    [
        ("mnist_train.csv", "dataset=csv dataset.path={root}/mnist_train.csv reads it"),
        ("mnist/mnist.npz", "dataset=arrays dataset.path={root}/mnist/mnist.npz reads it"),
        ("letters-train-images-idx3-ubyte", "dataset=idx dataset.path={root} reads it"),
        ("digits/7/a.PNG", "dataset=folder dataset.path={root}/digits reads class folders"),
    ],
)
def test_files_that_another_dataset_reads(tmp_path, name, reads):
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    assert problem(MNIST, tmp_path) == f"{path} is there: {reads.format(root=tmp_path)}"


def test_other_files_are_named_a_few_at_most(tmp_path):
    for i in range(6):
        (tmp_path / f"{i}.parquet").touch()
    assert problem(MNIST, tmp_path) == (
        f"{tmp_path} holds 0.parquet, 1.parquet, 2.parquet, 3.parquet and 2 more"
    )


def test_only_so_many_files_are_looked_at(tmp_path, monkeypatch):
    monkeypatch.setattr(found_instead, "MOST", 3)
    for i in range(6):
        (tmp_path / f"{i}.txt").touch()
    assert len(found_instead.look(tmp_path, "mnist")) == 3
