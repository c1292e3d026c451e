"""A small run with its report, made once, and a browser."""

import pytest
from compare.browser import Browser, find
from small_runs import train

from scratchnet.runs.folder import RunFolder

HOSTILE = "<img src=x onerror=document.title='hacked'></script><script>alert(1)</script>"


@pytest.fixture(scope="session")
def folder(tmp_path_factory, conf) -> RunFolder:
    """A run that has completed; tests leave it as it is."""
    path = tmp_path_factory.mktemp("insight") / "run"
    overrides = ("trainer.insight=true", "dataset.augment=true", f'note="{HOSTILE}"')
    return RunFolder(train(path, *overrides))


@pytest.fixture(scope="session")
def browser():
    if find() is None:
        pytest.skip("no Chromium here")
    started = Browser(find())
    yield started
    started.close()
