"""Fixtures of the self-assessment's tests."""

from __future__ import annotations

import pytest
from assess_toys import ToyEncoder, linear

from kb.assess.calibrate import PROPOSAL, RANK, ROW, Calibrated
from kb.framework import Framework, load
from kb.index.cache import VectorCache


@pytest.fixture
def model() -> Calibrated:
    """Return a model that gives probes a positive weight, and definitions and repeals a negative one."""
    return Calibrated(
        version="test",
        trained_on="0" * 64,
        judgements="none",
        encoders={"en": "toy@1"},
        rank=linear(RANK, 0, strength_share=1.0, dense_above=0.3, inert=-2),
        row=linear(ROW, -4.0, strength_max=2.0),
        proposal=linear(PROPOSAL, -4.0, strength=2.0, kind_repeal=-3),
        silent_below=0.5,
        direct_from=0.5,
        held_out={},
    )


@pytest.fixture
def framework(root) -> Framework:
    """Return the framework that the project ships."""
    return load(root / "corpus" / "framework")


@pytest.fixture
def toy() -> ToyEncoder:
    """Return a toy encoder."""
    return ToyEncoder()


@pytest.fixture
def cache() -> VectorCache:
    """Return a vector cache in memory."""
    return VectorCache(":memory:")
