"""The same pixels in two splits, or with two labels."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from scratchnet.data.own.duplicates import find


def hashes_of(names):
    """A hash for each name, with zero bytes at either end."""
    return np.array([[0, 0, ord(name), 0] for name in names], np.uint8).reshape(-1, 4)


def found(names, labels, parts):
    duplicates = find(hashes_of(names), np.array(labels, np.int64), np.array(parts, np.int8))
    return [[group.tolist() for group in groups] for groups in vars(duplicates).values()]


def test_only_groups_across_splits_or_labels_count():
    assert found("abcab", [0, 1, 0, 0, 1], [0, 0, 0, 0, 0]) == [[], []]
    assert found("abcab", [0, 1, 0, 0, 1], [0, 0, 0, 2, 0]) == [[[0, 3]], []]
    assert found("abcab", [0, 1, 0, 1, 1], [0, 0, 0, 0, 0]) == [[], [[0, 3]]]
    assert found("aaa", [0, 0, 1], [0, 1, 0]) == [[[0, 1, 2]], [[0, 1, 2]]]
    assert found("a", [0], [0]) == [[], []]


@given(
    st.lists(st.tuples(st.sampled_from("abcd"), st.integers(0, 2), st.integers(0, 2)), min_size=1)
)
def test_groups_are_those_found_one_by_one(rows):
    names, labels, parts = zip(*rows, strict=True)
    groups = {name: [i for i, other in enumerate(names) if other == name] for name in names}
    expected = [
        [groups[name] for name in sorted(groups) if len({kind[i] for i in groups[name]}) > 1]
        for kind in (parts, labels)
    ]
    assert found(names, labels, parts) == expected
