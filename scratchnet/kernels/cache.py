"""Compiled kernels on disk: the next process loads them instead of compiling for many seconds.

Each one has a file of its own, whose name is a digest of all that it depends on, and whose first
bytes are a checksum of the rest. So processes that compile at once write the same files, an edit,
an update or another CPU never meets an old one, and a damaged one is compiled again. (Numba's own
cache has an index for each function, which two processes can garble, and it trusts what it reads.)

The files are in the package's `__pycache__` or, where that cannot be written, in the user's cache,
in a folder for each content of the kernels and each set of versions.
"""

import contextlib
import functools
import hashlib
import logging
import os
import pickle
import shutil
import sys
import tempfile
import threading
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

logger = logging.getLogger("scratchnet")

KERNELS = Path(__file__).parent
FOLDERS = "numba-*"
KEPT = 4  # folders, the last used ones: of a few checkouts or versions, not of every edit
PACKAGES = ("numba", "llvmlite", "numpy")
DIGEST = hashlib.sha256().digest_size  # bytes


class KernelCache:
    """Stands in for the cache of a Numba dispatcher: all that it is asked is here.

    `name` tells the definitions apart, and what was done to their constants.
    """

    def __init__(self, name: str, folder: Path):
        self._name = name
        self.cache_path = str(folder)

    def load_overload(self, signature: Any, context: Any) -> Any:
        """The compiled function for these types, or None."""
        from numba.core.compiler import CompileResult

        context.refresh()  # as Numba's own cache does: it loads what compiled code refers to
        try:
            content = self._path(signature, context.codegen()).read_bytes()
            checksum, payload = content[:DIGEST], content[DIGEST:]
            if checksum == hashlib.sha256(payload).digest():
                return CompileResult._rebuild(context, *pickle.loads(payload))
            logger.info("%s: damaged on disk, compiled again", self._name)
        except FileNotFoundError:
            pass
        except Exception as error:  # not readable, or whatever unpickling raises
            logger.info("%s: compiled again: %r", self._name, error)
        announce()
        return None

    def save_overload(self, signature: Any, result: Any) -> None:
        """Keep a compiled function, if the disk allows it."""
        from numba.core import serialize

        if result.library.has_dynamic_globals:  # addresses in this process
            return
        payload = serialize.dumps(result._reduce())
        path = self._path(signature, result.codegen)
        temporary = path.with_name(f"{path.name}.{os.getpid()}-{threading.get_ident()}.part")
        try:
            temporary.write_bytes(hashlib.sha256(payload).digest() + payload)
            temporary.replace(path)
        except OSError as error:
            logger.info("%s: is not kept on disk: %s", self._name, error)
            with contextlib.suppress(OSError):
                temporary.unlink()

    def _path(self, signature: Any, codegen: Any) -> Path:
        what = repr((self._name, str(signature), codegen.magic_tuple()))
        return Path(self.cache_path) / hashlib.sha256(what.encode()).hexdigest()[:32]


@functools.cache
def announce() -> None:
    """Say, once, why it takes a while: from here on something is compiled."""
    often = "once" if folder() else "in each process, as no folder can be written"
    text = f"compiling kernels, {often}: a few seconds, with convolutions up to 20"
    print(text, file=sys.stderr, flush=True)


@functools.cache
def folder() -> Path | None:
    """Where compiled kernels are kept, or None where nothing can be written."""
    name = FOLDERS.replace("*", _digest())
    for place in _places():
        chosen = place / name
        try:
            chosen.mkdir(parents=True, exist_ok=True)
            tempfile.TemporaryFile(dir=chosen).close()
            os.utime(chosen)  # used just now
        except OSError:  # read-only, or full
            continue
        _remove_old(place)
        return chosen
    return None


def _digest() -> str:
    """Of all kernels and of everything that compiles them."""
    versions = [sys.version, *(version(package) for package in PACKAGES)]
    digest = hashlib.sha256(repr(versions).encode())
    for path in sorted(KERNELS.glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _places() -> Iterator[Path]:
    """The folders to try, in order."""
    yield KERNELS / "__pycache__"
    import pooch

    users = Path(pooch.os_cache("scratchnet"))
    if users.is_absolute():  # else there is no home folder
        yield users / "kernels"


def _remove_old(place: Path) -> None:
    """Remove all but the last used folders."""
    with contextlib.suppress(OSError):  # another process removes them, too
        by_use = sorted(place.glob(FOLDERS), key=lambda path: path.stat().st_mtime)
        for unused in by_use[:-KEPT]:
            shutil.rmtree(unused, ignore_errors=True)
