"""A client of the application over the corpus's toy index."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from kb.http import ServerOptions, create_app

HOST = "localhost"


@pytest.fixture
def client(live_kb) -> TestClient:
    """Return a client of the application without rate limits."""
    return TestClient(create_app(ServerOptions(rate=1e9, burst=10**9)), base_url=f"http://{HOST}")
