"""Splits are stratified, reproducible, and lose no image."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scratchnet.compute.randomness import stream
from scratchnet.data.images import Images
from scratchnet.data.splits import split_off, stratified


@given(
    labels=st.lists(st.integers(0, 4), min_size=1, max_size=80),
    share=st.floats(0, 1),
    seed=st.integers(0, 5),
)
def test_each_class_is_chosen_in_proportion(labels, share, seed):
    labels = np.array(labels)
    size = int(share * len(labels))
    for rng in (None, stream(seed, "split")):
        chosen = stratified(labels, size, rng)
        assert len(set(chosen.tolist())) == size
        counts, got = Counter(labels.tolist()), Counter(labels[chosen].tolist())
        for label, count in counts.items():
            assert abs(got[label] - count * size / len(labels)) < 1


def test_the_random_choice_depends_only_on_the_seed():
    labels = np.arange(1000) % 10
    first, again, other = (stratified(labels, 100, stream(s, "split")) for s in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert set(first.tolist()) != set(other.tolist())


def test_every_sample_of_a_class_can_be_chosen():
    labels = np.arange(20) % 2
    seen = {i for seed in range(60) for i in stratified(labels, 4, stream(seed, "split")).tolist()}
    assert seen == set(range(20))


def test_without_a_generator_every_nth_of_each_class_is_chosen():
    labels = np.array([0, 1, 0, 1, 0, 1, 0, 1])
    assert sorted(stratified(labels, 4).tolist()) == [0, 1, 4, 5]


@pytest.mark.parametrize("size", [0, 1, 7, 13, 19])
def test_split_off_keeps_every_image_with_its_label(size):
    count = 20
    pixels = np.arange(count, dtype=np.uint8)[:, None, None, None].repeat(4, axis=1)
    images = Images(pixels, np.arange(count, dtype=np.int64) * 3)
    chosen = np.random.default_rng(size).permutation(count)[:size]

    rest, part = split_off(images, chosen)

    assert sorted(part.labels // 3) == sorted(chosen)
    assert sorted(rest.labels // 3) == sorted(set(range(count)) - set(chosen.tolist()))
    for half in (rest, part):
        np.testing.assert_array_equal(half.pixels[:, 3, 0, 0] * 3, half.labels)
        assert np.shares_memory(half.pixels, pixels) or not len(half)
