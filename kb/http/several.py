"""The application of a server of several processes: each makes its own, from the options in its environment."""

from __future__ import annotations

import json
import os
from dataclasses import asdict

from fastapi import FastAPI

from kb.http.app import Options, create_app

OPTIONS = "KB_HTTP_OPTIONS"
"""Where `kb serve --processes` leaves the options for the processes that it starts."""


def hand_over(options: Options) -> None:
    """Leave options to the processes that this one starts."""
    os.environ[OPTIONS] = json.dumps(asdict(options))


def create() -> FastAPI:
    """The application by the options that were handed over, over an index that is open before anybody asks."""
    from kb import memory
    from kb.api.live import state

    fields = json.loads(os.environ.get(OPTIONS, "{}"))
    lists = {name: tuple(value) for name, value in fields.items() if isinstance(value, list)}
    state()
    memory.settle()
    return create_app(Options(**{**fields, **lists}))
