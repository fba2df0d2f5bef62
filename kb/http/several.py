"""The application of a multi-process server: each process creates its own, from options in its environment."""

from __future__ import annotations

import json
import os
from dataclasses import asdict

from fastapi import FastAPI

from kb.http.app import ServerOptions, create_app

OPTIONS = "KB_HTTP_OPTIONS"
"""Environment variable in which `kb serve --processes` passes the options to its processes."""


def hand_over(options: ServerOptions) -> None:
    """Store options for the processes that this one starts."""
    os.environ[OPTIONS] = json.dumps(asdict(options))


def create() -> FastAPI:
    """Return the application with the options of `hand_over`, with the index already open."""
    from kb import memory
    from kb.api.live import state

    fields = json.loads(os.environ.get(OPTIONS, "{}"))
    lists = {name: tuple(value) for name, value in fields.items() if isinstance(value, list)}
    state()
    memory.settle()
    return create_app(ServerOptions(**{**fields, **lists}))
