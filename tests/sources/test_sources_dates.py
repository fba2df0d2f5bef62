"""Dates and legal status are proposed with the words that state them."""

import pytest

from kb.errors import InputError
from kb.models import Pages, Paragraph
from kb.sources.dates import cues, find_dates
from kb.sources.facts import check_date


def pages(*texts, kind="paragraph", leftovers=()):
    return Pages(
        file="a",
        sha256="0",
        type="text",
        paragraphs=tuple(Paragraph(text=t, kind=kind) for t in texts),
        leftovers=tuple(Paragraph(text=t, kind="front-matter") for t in leftovers),
    )


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("on the 8th March, 2012", "2012-03-08"),
        ("March 10, 2012", "2012-03-10"),
        ("28 de septiembre de 2005", "2005-09-28"),
        ("Octubre 21 de 2005", "2005-10-21"),
        ("1er janvier 2014", "2014-01-01"),
        ("12 septembre 2003", "2003-09-12"),
        ("5 мая 2019", "2019-05-05"),
        ("2018-01-09", "2018-01-09"),
        ("23/10/2009", "2009-10-23"),
    ],
)
def test_dates_in_the_languages_of_policies(text, iso):
    assert [d for _, d in find_dates(text)] == [iso]


def test_no_date_is_made_of_what_is_none():
    assert not list(find_dates("40 March 2012, may 5 of them go, 2012-13-01"))


def test_assent_and_force_are_distinguished():
    found = cues(
        pages(
            "The following Act received the assent of the President on 8th March, 2012.",
            "It shall come into force at once.",
        )
    )
    assert [(c.kind, c.value) for c in found] == [("adopted", "2012-03-08"), ("in-force", None)]
    assert "received the assent" in found[0].quotation


def test_an_act_that_repeals_another_is_not_repealed():
    assert cues(pages("The Marriages Act, 1964, is repealed.")) == ()


def kinds(*texts, **how):
    return [cue.kind for cue in cues(pages(*texts, **how))]


def test_derogation_drafts_and_acts_not_yet_in_force():
    assert kinds("Derogada por: Ley Nº 18.617 de 23/10/2009.") == ["repealed"]
    assert kinds("Proyecto de ley de inclusión", kind="heading") == ["draft"]
    assert kinds("Note: This Act has not yet come into force.") == ["not-in-force"]


def test_the_record_of_data_states_the_status_and_the_title_the_period():
    found = cues(
        pages(
            "National Strategy on Ageing 2016-2020",
            kind="heading",
            leftovers=('status: "in_force" enactment_date: "2015-12-01"',),
        )
    )
    wanted = {("in-force", None), ("period", "2016-2020"), ("adopted", "2015-12-01")}
    assert {(c.kind, c.value) for c in found} >= wanted


def test_the_message_about_a_wrong_date_fits_a_form_as_well_as_a_command():
    for dated in ("31.02.2008", "2008-13", "soon"):
        with pytest.raises(InputError) as refused:
            check_date(dated)
        assert "2011-05-30" in str(refused.value) and "--" not in str(refused.value)
