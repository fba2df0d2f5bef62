"""Write what a screen reader says of a page: the browser's accessibility tree from top to bottom, one line for each
node."""

from __future__ import annotations

from typing import Any

ACTS = {
    "button",
    "checkbox",
    "combobox",
    "link",
    "radio",
    "searchbox",
    "slider",
    "spinbutton",
    "switch",
    "tab",
    "textbox",
}
"""Roles of what a person operates: each must have a name."""
PLACES = {
    "alert",
    "article",
    "banner",
    "complementary",
    "form",
    "main",
    "navigation",
    "progressbar",
    "region",
    "status",
}
SAID = ("checked", "expanded", "pressed", "disabled", "required", "invalid")
"""States that are read out beside a name."""
LONGEST = 110
"""Characters of a line that are kept: a passage is recognised by its beginning."""


def heard(browser) -> list[str]:
    """Return the lines of the open page. Text inside a heading, a link or a control is its name and is not repeated."""
    nodes: list[dict[str, Any]] = browser.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
    known = {node["nodeId"]: node for node in nodes}
    lines: list[str] = []

    def read(node: dict[str, Any], named: bool) -> None:
        """Add the lines of a node and of its descendants; `named` says whether an ancestor's name contains the text
        already."""
        role = node.get("role", {}).get("value", "")
        name = " ".join(str(node.get("name", {}).get("value", "")).split())
        own = not node.get("ignored") and (role in ACTS or role in PLACES or role == "heading")
        if own:
            lines.append(_line(node, role, name))
        elif role == "StaticText" and name and not named and not node.get("ignored"):
            lines.append(f"“{name}”"[:LONGEST])
        for child in node.get("childIds", ()):
            if child in known:
                read(known[child], named or (own and role not in PLACES))

    read(nodes[0], named=False)
    return lines


def _line(node: dict[str, Any], role: str, name: str) -> str:
    """Return a node as a line: its role, its name, its states."""
    held = {one["name"]: one["value"].get("value") for one in node.get("properties", ())}
    level = f" {held['level']}" if role == "heading" and "level" in held else ""
    states = [word for word in SAID if held.get(word) in (True, "true")]
    return f"{role}{level} “{name}”"[:LONGEST] + "".join(f", {word}" for word in states)


def nameless(lines: list[str]) -> list[str]:
    """Return the lines of controls without a name."""
    return [line for line in lines if line.split(" ")[0] in ACTS and "“”" in line]


def skipped(lines: list[str]) -> list[str]:
    """Return the headings that are more than one level below the heading before them."""
    found, before = [], 1  # a column may begin with a heading of its own, before that of the page
    for line in lines:
        if line.startswith("heading "):
            level = int(line.split()[1])
            if level > before + 1:
                found.append(line)
            before = level
    return found


def first_missing(kept: list[str], lines: list[str]) -> str:
    """Return the first line of the kept transcript that is not on the page in that order; '' if all are. A kept line
    that ends in … is only the beginning of a line."""
    at = 0
    for wanted in kept:
        said = wanted.removesuffix("…")
        while at < len(lines) and not (lines[at] == wanted or (wanted != said and lines[at].startswith(said))):
            at += 1
        if at == len(lines):
            return wanted
        at += 1
    return ""
