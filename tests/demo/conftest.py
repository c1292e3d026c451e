"""One browser for all pages of a test module."""

import pytest
from compare.browser import Browser, find


@pytest.fixture(scope="module")
def browser():
    program = find()
    if program is None:
        pytest.skip("no Chromium here")
    started = Browser(program)
    yield started
    started.close()
