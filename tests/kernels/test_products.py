"""Products in pieces against NumPy's, and bits that do not depend on threads."""

import numpy as np
import pytest

from scratchnet.compute import threads
from scratchnet.kernels import products
from scratchnet.kernels.products import Product, multiply


@pytest.fixture
def small_pieces(monkeypatch):
    monkeypatch.setattr(products, "CUTS", (1000, 8000, 64000))
    monkeypatch.setattr(products, "TILE", 2)


def product(m, k, n, seed=0):
    rng = np.random.default_rng(seed)
    a, b = (rng.standard_normal(shape).astype(np.float32) for shape in ((m, k), (k, n)))
    return Product(a, b, np.full((m, n), np.nan, np.float32))


@pytest.mark.parametrize("shape", [(1, 1, 1), (37, 11, 5), (5, 11, 37), (64, 64, 64), (3, 400, 2)])
def test_a_product_in_pieces_is_the_product(small_pieces, shape):
    one = product(*shape)
    multiply(one)
    np.testing.assert_allclose(one.out, one.a @ one.b, rtol=1e-5, atol=1e-5)


def test_several_products_are_computed_together(small_pieces):
    many = [product(9, 30, 40, seed=1), product(50, 30, 8, seed=2), product(2, 2, 2, seed=3)]
    multiply(*many)
    for one in many:
        np.testing.assert_allclose(one.out, one.a @ one.b, rtol=1e-5, atol=1e-5)


def test_the_bits_do_not_depend_on_the_number_of_threads():
    found = set()
    for count in (1, 2, 3, 5):
        threads.use(count)
        one = product(128, 784, 256)
        multiply(one)
        found.add(one.out.tobytes())
    threads.use(1)
    assert len(found) == 1


def widths(one):
    return [piece.out.shape[1] for piece in one.pieces()]


def test_a_large_product_is_cut_into_few_pieces_of_whole_tiles_and_the_first_is_longer():
    assert widths(product(8, 8, 8)) == [8]
    assert widths(product(128, 784, 256)) == [144, 112]  # 51 MFLOP; 256 * 1.2 / 2.2 = 139.6
    assert widths(product(64, 3072, 1024)) == [288, 256, 240, 240]  # 403 MFLOP
    assert len(product(128, 3072, 4096).pieces()) == 8  # 3.2 GFLOP
    tall = product(1024, 32, 512).pieces()
    assert [piece.out.shape for piece in tall] == [(560, 512), (464, 512)]


def test_a_small_result_of_many_operations_has_no_empty_pieces():
    one = product(10, 200_000, 10)
    assert widths(one) == [10]
    multiply(one)
    np.testing.assert_allclose(one.out, one.a @ one.b, rtol=1e-3, atol=0.1)
