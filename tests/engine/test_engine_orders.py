"""Orders of scores equal those of a stable sort, also with equal scores."""

import numpy as np
import pytest

from kb.engine.orders import falling, leading


@pytest.mark.parametrize("different", [1, 3, 40, 10**6])
@pytest.mark.parametrize("many", [0, 1, 7, 300])
def test_highest_first_and_equal_ones_as_they_stand(many, different):
    scores = np.random.default_rng(many).integers(0, different, many) / 7
    whole = (-scores).argsort(kind="stable").tolist()
    assert falling(scores).tolist() == whole
    for most in (1, 5, 140, 150, 151, 300, 1000):
        assert leading(scores, most).tolist() == whole[:most]
