"""Read and change the query keys of the page's address, which say what the page shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from urllib.parse import urlencode

import streamlit as st

from kb.errors import InputError
from kb.i18n import t


def value(key: str, default: str = "") -> str:
    """Return the value of a query key, or `default`. Raises InputError if the address gives several values."""
    values = many(key)
    if len(values) > 1:
        raise InputError(
            t("The address gives “{key}” more than once: {values}.", key=key, values=", ".join(values)),
            do=t("Keep one of them."),
        )
    return values[0] if values else default


def refuse_strange(known: Iterable[str]) -> None:
    """Raise InputError for a query key that the page does not know, so that a misspelt filter does not show
    everything."""
    known = sorted(known)
    strange = sorted(set(st.query_params) - set(known))
    if strange:
        offer = t("This page has: {known}.", known=", ".join(known)) if known else t("This page has none.")
        raise InputError(
            t("The address has “{strange}”, which this page does not know.", strange="”, “".join(strange)),
            do=t("{offer} Correct the address or take it out.", offer=offer),
        )


def integer(key: str, default: int, least: int, most: int) -> int:
    """Return the integer under a query key. Raises InputError for other text or a number out of bounds."""
    text = value(key)
    if not text:
        return default
    # no number of an address has ten figures
    if not text.isdecimal() or not text.isascii() or len(text) > 9 or not least <= int(text) <= most:
        raise InputError(
            t("The address has {key}={value}.", key=key, value=text),
            do=t("Give a whole number from {least} to {most}.", least=least, most=most),
        )
    return int(text)


def yes(key: str) -> bool:
    """Return whether a query key is 'yes'. Raises InputError for anything but 'yes', 'no' or ''."""
    text = value(key)
    if text not in ("", "yes", "no"):
        raise InputError(t("The address has {key}={value}.", key=key, value=text), do=t("Give yes or no."))
    return text == "yes"


def many(key: str) -> list[str]:
    """Return all values of a query key, without empty and repeated ones."""
    return list(dict.fromkeys(value for value in st.query_params.get_all(key) if value))


def filters(names: Iterable[str]) -> dict[str, list[str]]:
    """Return the filters in the address, facet to terms, for the facets `names`."""
    return {name: values for name in names if (values := many(name))}


def put(key: str, value: str) -> None:
    """Set a query key; an empty value removes it."""
    if value:
        st.query_params[key] = value
    elif key in st.query_params:
        del st.query_params[key]


def put_many(key: str, values: Iterable[str]) -> None:
    """Set all values of a query key; an empty list removes it."""
    values = list(values)
    if values:
        st.query_params[key] = values
    elif key in st.query_params:
        del st.query_params[key]


def clear(keys: Iterable[str]) -> None:
    """Remove keys from the address."""
    for key in keys:
        put(key, "")


def href(page: str, query: Mapping[str, str | list[str]]) -> str:
    """Return the address of a page with its query keys, for links inside a text."""
    keys = urlencode({key: value for key, value in query.items() if value}, doseq=True)
    return f"{page}?{keys}" if keys else page
