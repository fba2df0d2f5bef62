"""Products with vectors of float16: each number is converted exactly, and the products equal those of converted
vectors."""

import threading

import numpy as np
import pytest

from kb.engine.local import products
from kb.engine.local.products import half_products, widened

EVERY = np.arange(1 << 16, dtype=np.uint16).view(np.float16)
"""Every float16 that is finite, among them the smallest ones and both zeros."""
EVERY = EVERY[np.isfinite(EVERY)]


def test_every_number_of_two_bytes_is_widened_to_the_same_number():
    assert np.array_equal(widened(EVERY), EVERY.astype(np.float32))
    alone = half_products(np.ones(1, dtype=np.float32), EVERY[:, None], np.arange(len(EVERY)))
    assert np.array_equal(alone, EVERY.astype(np.float64))


@pytest.mark.parametrize("many", [0, 1, 255, 256, 257, 1_000])
def test_products_are_those_with_all_widened_first(many):
    rng = np.random.default_rng(many)
    matrix = (rng.standard_normal((3_000, 384)) / 20).astype(np.float16)
    query = rng.standard_normal(384).astype(np.float32)
    at = rng.integers(0, len(matrix), many)
    expected = matrix[at].astype(np.float64) @ query
    found = half_products(query, matrix, at)
    assert found.shape == (many,) and np.allclose(found, expected, rtol=0, atol=1e-5)


def test_vectors_on_the_disk_are_read_where_they_lie(tmp_path, monkeypatch):
    monkeypatch.setattr(products, "_AT_ONCE", 3)
    np.save(tmp_path / "v.npy", (np.arange(40).reshape(10, 4) / 64).astype(np.float16))
    held = np.load(tmp_path / "v.npy", mmap_mode="r")
    found = half_products(np.array([1, 0, 0, 2], dtype=np.float32), held, np.array([9, 0, 4, 4]))
    assert found.tolist() == [(36 + 2 * 39) / 64, 6 / 64, (16 + 2 * 19) / 64, (16 + 2 * 19) / 64]


def test_faiss_is_set_to_one_thread_once_in_each_thread_that_searches(monkeypatch):
    calls = []
    monkeypatch.setattr(products.faiss, "omp_set_num_threads", calls.append)

    def search():
        products.alone()
        products.alone()

    for thread in [threading.Thread(target=search) for _ in range(2)]:
        thread.start()
        thread.join()
    assert calls == [1, 1]
