"""Cuts cover everything once, and sums do not depend on the number of threads."""

import numpy as np
import pytest

from scratchnet.compute import blocks, threads


@pytest.fixture(params=[1, 2, 3])
def own_threads(request):
    threads.use(request.param)
    yield request.param
    threads.use(1)


@pytest.mark.parametrize(
    ("count", "size", "lengths"),
    [(0, 3, []), (2, 3, [2]), (3, 3, [3]), (7, 3, [3, 3, 1]), (2, 1, [1, 1])],
)
def test_cuts_follow_each_other_and_the_last_may_be_shorter(count, size, lengths):
    pieces = blocks.cut(count, size)
    assert [len(range(count)[piece]) for piece in pieces] == lengths
    assert [i for piece in pieces for i in range(count)[piece]] == list(range(count))


def test_a_batch_slice_holds_at_least_one_sample():
    assert blocks.batch_slices(3, 10 * blocks.SLICE) == blocks.cut(3, 1)
    assert blocks.batch_slices(9, blocks.SLICE // 4) == blocks.cut(9, 4)
    assert blocks.slices_of(np.empty((9, blocks.SLICE // 4))) == blocks.cut(9, 4)


@pytest.mark.parametrize("count", [1, 2, 30])
@pytest.mark.parametrize("for_each", [blocks.for_each, blocks.for_each_small])
def test_each_piece_is_worked_on_once(own_threads, for_each, count):
    seen = []
    for_each(seen.append, list(range(count)))
    assert sorted(seen) == list(range(count))


@pytest.mark.parametrize("size", [0, 5, 2 * blocks.BLOCK + 7, 9 * blocks.BLOCK])
def test_blocks_of_arrays_of_any_shape_are_views_that_match(own_threads, size):
    x = np.arange(size, dtype=np.float32).reshape(-1, 1)
    y = np.zeros(size, np.float32)

    def double(x_block: np.ndarray, y_block: np.ndarray) -> None:
        assert x_block.ndim == 1
        assert x_block.size <= blocks.BLOCK
        np.multiply(x_block, 2, out=y_block)

    blocks.for_each_block(double, x, y)
    np.testing.assert_array_equal(y, 2 * x[:, 0])


def uneven_terms(count: int) -> np.ndarray:
    """Terms (count, 3) of very different size, whose float32 sum depends on the order."""
    rng = np.random.default_rng(0)
    return (rng.standard_normal((count, 3)) * 10.0 ** rng.integers(-4, 5, (count, 1))).astype("f4")


def test_a_sum_in_float64_adds_the_terms_in_order(own_threads):
    terms = uneven_terms(50)
    total = blocks.sum_in_float64(lambda i: terms[i], range(50))
    assert total.dtype == np.float64
    np.testing.assert_array_equal(total, np.sum(list(terms), axis=0, dtype=np.float64))


@pytest.mark.parametrize("count", [1, 3, 50])
def test_a_sum_in_lanes_adds_every_eighth_term_and_then_the_lanes(own_threads, count):
    terms = uneven_terms(count)

    def write_term(i: int, out: np.ndarray) -> None:
        out[...] = terms[i]

    total = blocks.sum_in_lanes(write_term, range(count), (3,), np.dtype(np.float32))
    assert total.dtype == np.float32
    lanes = []
    for first in range(min(blocks.LANES, count)):
        lane = terms[first].copy()
        for term in terms[first + blocks.LANES :: blocks.LANES]:
            lane += term
        lanes.append(lane)
    expected = lanes[0]
    for lane in lanes[1:]:
        expected = expected + lane
    np.testing.assert_array_equal(total, expected)
