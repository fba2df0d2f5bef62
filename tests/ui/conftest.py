"""Pages drawn without a browser, over the corpus's toy index and an empty workspace."""
from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

SCRIPT = """
from kb.ui import pages
pages._body({name!r})()
"""


@pytest.fixture
def open_page(live_kb) -> Callable[..., AppTest]:
    """Opens a page as the address would: its name, and query keys; lists stand for repeated keys."""
    def opened(name: str, **query: str | list[str]) -> AppTest:
        app = AppTest.from_string(SCRIPT.format(name=name), default_timeout=60)
        for key, value in query.items():
            app.query_params[key] = value
        return app.run()

    return opened
