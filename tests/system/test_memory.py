"""Available memory, from files as the kernel writes them."""

import pytest

from scratchnet.system import memory


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({}, 2048),
        ({"memory.max": "max\n", "memory.current": "5\n"}, 2048),
        ({"memory.max": "1500\n", "memory.current": "500\n"}, 1000),
        ({"memory/memory.limit_in_bytes": "700", "memory/memory.usage_in_bytes": "1"}, 699),
    ],
)
def test_the_smallest_limit_counts(tmp_path, files, expected):
    (tmp_path / "meminfo").write_text("MemTotal: 9 kB\nMemAvailable:       2 kB\n")
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    assert memory.available(tmp_path / "meminfo", tmp_path) == expected


def test_elsewhere_it_is_unknown(tmp_path):
    assert memory.available(tmp_path / "meminfo", tmp_path) is None
