"""The app. Start it with `kb app`, or with `make app`, which installs what it needs first."""

import kb  # noqa: I001 - first of all: it tells every library to be silent

from pathlib import Path

from starlette.middleware import Middleware
from streamlit.starlette import App

from kb.languages import of_interface
from kb.ui.door import OnlyThisMachine, public_names
from kb.ui.places import START, TITLES
from kb.ui.ways import OnlyKnownPages

app = App(
    Path(kb.__file__).resolve().parent / "ui" / "main.py",
    middleware=[
        Middleware(OnlyThisMachine, names=public_names()),
        Middleware(OnlyKnownPages, pages=frozenset({START, *TITLES}), languages=frozenset(of_interface())),
    ],
)
