"""Decide which elements of a web page are navigation, cookie notices and the like, and not text of the document.

Numbers: lengths are in letters, shares are of the letters of an element. Chosen by eye on pages of parliaments and
ministries; cases: tests/read/test_read_html.py.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kb.text import squeeze

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

BOILERPLATE = {"header", "footer", "aside"}
HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
_NOISE = re.compile(
    r"(?:^|[-_ ])(?:nav|navbar|menu|breadcrumb|breadcrumbs|sidebar|footer|banner|share|social|"
    r"skip|toolbar|pagination|related|advert|promo)(?:$|[-_ ])",
    re.IGNORECASE,
)
_COOKIES = re.compile(
    r"(?:^|[-_ ])(?:cookies?|consent|gdpr|rgpd|cc-(?:window|banner))(?:$|[-_ :])|cookieconsent|onetrust", re.IGNORECASE
)
_CONSENT = re.compile(
    r"accept|agree|reject|setting|preference|acept|rechazar|configur|refuser|paramètre|aceitar|akzept", re.IGNORECASE
)
_USES = re.compile(
    r"\b(?:we|site|website|sitio|web|nous|página) (?:\S+ ){0,3}(?:uses?|utilis\w+|utiliza\w*|usa\w*) (?:\S+ ){0,3}"
    r"cookies?|\b(?:utilizamos|usamos) (?:\S+ ){0,2}cookies",
    re.IGNORECASE,
)
"""Matches what a notice of cookies says in English, Spanish, French and Portuguese; no law about cookies says so."""
_NOTICES = ("dialog", "alertdialog")


def is_furniture(node: Element, tag: str) -> bool:
    """Return whether an element is navigation or the like, and not text of the document.

    It is when its tag or role says so and it has no prose or headings, or when its class and id say so and most of its
    text is links. A class name alone never excludes text, except that of a cookie notice.
    """
    role = node.get("role")
    if tag == "nav" or role in ("navigation", "search"):
        return True
    if tag in BOILERPLATE or role in ("banner", "contentinfo"):
        within = tag != "aside" and next(node.iterancestors("article", "blockquote"), None) is not None
        has_sentence = (tag == "aside" or within) and _has_sentence(node)
        return not has_sentence and not _prose(node) and not (tag == "header" and _titled(node))
    names = f"{node.get('class') or ''} {node.get('id') or ''} {node.get('aria-label') or ''}"
    if not names.strip() or not (_NOISE.search(names) or _COOKIES.search(names) or role in _NOTICES):
        return False
    full = squeeze("".join(node.itertext()))
    is_notice = (_COOKIES.search(names) or role in _NOTICES) and _is_cookie_notice(node, " ".join(node.itertext()))
    # letters: by eye, a notice of cookies is shorter; half of a menu are links
    return len(full) < 3000 and (bool(is_notice) or bool(_NOISE.search(names)) and _linked(node) >= 0.5 * len(full))


def _linked(node: Element) -> int:
    """Count the characters of an element that are in links, buttons and form fields."""
    return sum(len(squeeze("".join(a.itertext()))) for a in node.iter("a", "button", "select", "label"))


def _is_cookie_notice(node: Element, text: str) -> bool:
    """Return whether an element is a cookie notice: its text names cookies, and it has a button or link, or the usual
    phrases of such notices."""
    if "cookie" not in text.lower():
        return False
    if _USES.search(squeeze(text)) or next(node.iter("button", "input"), None) is not None:
        return True
    return bool(_CONSENT.search(text)) and next(node.iter("a"), None) is not None


def _has_sentence(node: Element) -> bool:
    """Return whether an element has a sentence outside links: at least four words that end with a full stop."""
    for block in node.iter("p", "li", "dd", "blockquote"):
        text = squeeze("".join(block.itertext()))
        # words: by eye, fewer are a label
        if text.endswith((".", ";", ":")) and len(text.split()) > 3 and _linked(block) < 0.5 * len(text):
            return True
    return False


def _titled(node: Element) -> bool:
    """Return whether an element has a heading that is not a link."""
    return any(len(squeeze("".join(h.itertext()))) > _linked(h) for h in node.iter(*HEADINGS))


def _prose(node: Element) -> bool:
    """Return whether a header, footer or aside contains a paragraph with more than 80 letters outside links."""

    def unlinked(p: Element) -> int:
        """Count the characters of a block outside links."""
        return len("".join(p.itertext())) - sum(len("".join(a.itertext())) for a in p.iter("a"))

    return any(unlinked(p) > 80 for p in node.iter("p", "li", "blockquote"))
