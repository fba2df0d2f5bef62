"""The work of people who work independently is hidden from the others wherever the log is read."""

from __future__ import annotations

from workspace_toys import document, framework

from kb.assessment.double import give_opinion, open_double
from kb.coding.codes import add_code, close_session, open_session
from kb.workspace.blind import blind_to

FRAMEWORK = framework()


def kept_from(ws, viewer):
    """Return the kinds of the events that are hidden from the viewer."""
    with ws.reading() as reader:
        blind = blind_to(reader, viewer)
        return [event.kind for event in reader.events() if blind(event)]


def test_an_open_blind_sheet_is_its_authors_alone(land):
    open_double(land, FRAMEWORK, "land", "R2.a", ("Ana", "Ben"), by="Cy", expected=0)
    give_opinion(land, FRAMEWORK, "land", "R2.a", {"status": "contrary", "rationale": "no"}, by="Ana", expected=1)
    assert kept_from(land, "Ben") == kept_from(land, "") == ["opinion.given"]
    assert kept_from(land, "Ana") == []


def test_a_code_of_a_blind_session_is_its_coders_until_it_is_closed(ws):
    passage = document().passages[0]
    open_session(ws, "pilot", ["Ana", "Ben"], codebook="1.0", by="Cy")
    add_code(ws, passage, "sector", "pensions", by="Ana", session="pilot")
    assert kept_from(ws, "Ben") == ["coding.added"] and kept_from(ws, "Ana") == []
    close_session(ws, "pilot", by="Cy")
    assert kept_from(ws, "Ben") == []
