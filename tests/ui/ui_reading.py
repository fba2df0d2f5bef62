"""Read the content of a drawn page."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest


def html_of(app: AppTest) -> str:
    """Return all HTML that the page wrote."""
    return "\n".join(element.proto.body for element in app.get("html"))


def said(app: AppTest) -> str:
    """Return all text of the page that a reader sees."""
    blocks = [
        app.title,
        app.header,
        app.subheader,
        app.markdown,
        app.caption,
        app.error,
        app.warning,
        app.info,
        app.code,
    ]
    return "\n".join([*(str(element.value) for block in blocks for element in block), html_of(app)])


def links_of(app: AppTest) -> dict[str, str]:
    """Return label to query of every link to a page."""
    return {element.proto.label: element.proto.query_string for element in app.get("page_link")}
