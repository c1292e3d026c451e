"""The checksums of the official dataset files.

MNIST and Fashion-MNIST: SHA-256 of the decompressed files (mirrors compress them differently),
computed from files with the published MD5 sums. CIFAR-10: SHA-1 of the binary files, as published
by Apache MXNet (`gluon.data.vision.CIFAR10`).
"""

from pathlib import Path

from scratchnet.data.damaged import DamagedFile

_CHECKSUMS = {
    "mnist": {
        "train-images-idx3-ubyte": (
            "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"
        ),
        "train-labels-idx1-ubyte": (
            "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"
        ),
        "t10k-images-idx3-ubyte": (
            "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"
        ),
        "t10k-labels-idx1-ubyte": (
            "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"
        ),
    },
    "fashion_mnist": {
        "train-images-idx3-ubyte": (
            "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888"
        ),
        "train-labels-idx1-ubyte": (
            "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9"
        ),
        "t10k-images-idx3-ubyte": (
            "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b"
        ),
        "t10k-labels-idx1-ubyte": (
            "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34"
        ),
    },
    "cifar10": {
        "data_batch_1.bin": "aadd24acce27caa71bf4b10992e9e7b2d74c2540",
        "data_batch_2.bin": "c0ba65cce70568cd57b4e03e9ac8d2a5367c1795",
        "data_batch_3.bin": "1dd00a74ab1d17a6e7d73e185b69dbf31242f295",
        "data_batch_4.bin": "aab85764eb3584312d3c7f65fd2fd016e36a258e",
        "data_batch_5.bin": "26e2849e66a845b7f1e4614ae70f4889ae604628",
        "test_batch.bin": "67eb016db431130d61cd03c7ad570b013799c88c",
    },
}
_FILES = {
    checksum: (dataset, name)
    for dataset, files in _CHECKSUMS.items()
    for name, checksum in files.items()
}


def is_official(path: Path, dataset: str, name: str, checksum: str) -> bool:
    """Whether `path` has the content of the official file `name` of `dataset`.

    Raises DamagedFile if it has the content of another official file: files were swapped.
    """
    dataset_found, name_found = _FILES.get(checksum, (None, None))
    if (dataset_found, name_found) == (dataset, name):
        return True
    if name_found is not None:
        raise DamagedFile(path, f"has the content of {name_found} of {dataset_found}")
    return False
