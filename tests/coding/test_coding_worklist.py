"""The work list of a coder."""

import pytest

from kb.coding.codebook import Code, Codebook, code_id, guid_of
from kb.coding.models import Coding, Session
from kb.coding.worklist import choices, done, share, span_of
from kb.errors import InputError
from kb.models import Passage, Place, Tag

BOOK = Codebook(
    id="toy",
    title="Toy",
    version="1",
    codes=tuple(
        Code(id=path, guid=guid_of("toy", path), parent=parent, name=name, codable=parent is not None)
        for path, parent, name in [
            ("group", None, "Group"),
            (code_id("group", "youth"), "group", "Youth"),
            (code_id("group", "women"), "group", "Women"),
        ]
    ),
)


def passage(text="Young women and young men.", **more):
    """Return a passage with a machine tag."""
    return Passage(
        id="d/p1",
        document="d",
        kind="paragraph",
        text=text,
        citation="d, 1",
        force="observation",
        place=Place(file="d.txt", sha256="0"),
        tags=(Tag(facet="group", id="women", origin="rule:cue"),),
        **more,
    )


def coding(code, state="added", **more):
    """Return Ada's coding of a code."""
    return Coding(passage="d/p1", coder="Ada", facet="group", code=code, state=state, **more)


def test_words_that_occur_once_are_found_and_none_means_the_complete_passage():
    assert span_of(passage(), "women") == (6, 11)
    assert span_of(passage(), "  ") is None


@pytest.mark.parametrize("words, said", [("oung", "more than once"), ("girls", "do not stand")])
def test_words_that_do_not_stand_or_stand_twice_are_refused(words, said):
    with pytest.raises(InputError, match=said):
        span_of(passage(), words)


def test_each_code_is_offered_with_ones_own_word_and_the_machines():
    offered = choices(BOOK, "group", passage(), [coding("youth")], "Ada")
    assert [(one.code, bool(one.mine), one.machine) for one in offered] == [
        ("youth", True, ""),
        ("women", False, "rule:cue"),
    ]


@pytest.mark.parametrize("other", [{"coder": "Ben"}, {"session": "pilot"}, {"state": "withdrawn"}, {"span": (0, 5)}])
def test_another_coders_sessions_spans_and_withdrawn_words_are_not_ones_own(other):
    said = coding("youth").model_copy(update=other)
    assert not any(one.mine for one in choices(BOOK, "group", passage(), [said], "Ada"))


def test_in_a_session_one_codes_ones_share_and_outside_it_the_draw():
    round = Session(id="s", coders=("Ada", "Ben"), codebook="1", assignments={"Ada": ("d/p1",), "Ben": ("d/p2",)})
    assert share(round, "Ada", ["d/p9"]) == ["d/p1"]
    assert share(None, "Ada", ["d/p9"]) == ["d/p9"]


def test_a_passage_is_done_in_a_facet_when_the_coder_left_a_word_there():
    assert done(["d/p1", "d/p2"], [coding("youth", "rejected")], "Ada", "group") == {"d/p1"}
    assert done(["d/p1"], [coding("youth")], "Ada", "sector") == set()
