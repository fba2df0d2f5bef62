"""The address holds what a page shows: reading it and changing it."""
from __future__ import annotations

from collections.abc import Iterable, Mapping
from urllib.parse import urlencode

import streamlit as st


def one(key: str, default: str = "") -> str:
    """The value of a query key, or `default`."""
    return st.query_params.get(key, default)


def many(key: str) -> list[str]:
    """All values of a query key."""
    return list(dict.fromkeys(value for value in st.query_params.get_all(key) if value))


def filters(names: Iterable[str]) -> dict[str, list[str]]:
    """The facets that the address filters by."""
    return {name: values for name in names if (values := many(name))}


def put(key: str, value: str) -> None:
    """Set a key; an empty value takes it out."""
    if value:
        st.query_params[key] = value
    elif key in st.query_params:
        del st.query_params[key]


def put_many(key: str, values: Iterable[str]) -> None:
    """Set all values of a key; none takes it out."""
    values = list(values)
    if values:
        st.query_params[key] = values
    elif key in st.query_params:
        del st.query_params[key]


def toggle(key: str, value: str) -> None:
    """Put one value of a key in, or take it out."""
    held = many(key)
    put_many(key, [one for one in held if one != value] if value in held else [*held, value])


def clear(keys: Iterable[str]) -> None:
    """Take keys out."""
    for key in keys:
        put(key, "")


def href(page: str, query: Mapping[str, str | list[str]]) -> str:
    """The address of a page with its query keys, for links inside a text."""
    return f"{page}?{urlencode({key: value for key, value in query.items() if value}, doseq=True)}"
