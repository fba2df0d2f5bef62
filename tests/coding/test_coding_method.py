"""The method statement says what was done, and also what was not done."""

from kb.coding.agreement import machine_against, people
from kb.coding.method import StudyFacts, StudySource, drawn_for, figures, statement
from kb.coding.models import Session
from kb.coding.units import Work
from kb.log.noted import noted

RATINGS = {"group": {f"p{n}": {"A": frozenset("x" * (n % 2)), "B": frozenset("x" * (n % 3 > 0))} for n in range(12)}}

SESSION = Session(
    id="pilot",
    coders=("A", "B"),
    codebook="1",
    open=False,
    assignments={"A": ("1", "2", "3"), "B": ("1", "2")},
    sample=("1", "2", "3"),
    double=0.67,
    seed=5,
    undone={"B": 2},
    drawn={"population": 40, "wordings": {"verbatim": 30, "own-words": 10}, "facet": "group", "by_uncertainty": False},
)


def test_an_empty_study_says_so_in_every_part():
    said = statement(StudyFacts())
    assert "Not measured: no passage was coded by two people." in said
    assert "No sample was drawn for a coding session." in said and "Not measured for this index." in said
    assert "6 stated recommendations and 1 derived" in said


def test_a_study_is_stated_with_hashes_coders_and_intervals():
    facts = StudyFacts(
        sources=(StudySource(id="toy", title="A | toy", sha256="ab12", passages=12),),
        versions={"index": "i1"},
        codebook="Toy codebook, version 3",
        coders={"A": Work(assigned=12, opened=12, coded=9), "B": Work(opened=1, coded=0)},
        blind=True,
        samples=(drawn_for(SESSION),),
        log="kb-log/7/aa/-",
        people=people(RATINGS, draws=50),
        machine=tuple(machine_against(RATINGS, {}, draws=50)),
        evaluation={"tags": {"group": {"f1": 0.81234}}, "note": "text"},
    )
    said = statement(facts)
    for part in (
        "ab12",
        r"A \| toy",
        "Toy codebook, version 3",
        "did not see each other",
        "| tags · group · f1 | 0.8123 |",
        "| A | 12 | 12 | 9 |",
        "| B | every passage was open | 1 | 0 |",
        "kb-log/7/aa/-",
        "Session pilot (closed with passages left uncoded: B 2): 3 passages, of 40 passages (30 verbatim, 10 own words), "
        "in turn from each term of the facet 'group', by lot",
        "shared out among 2 coders (A 3, B 2), 67% of them by two people, seed 5",
        "50 bootstrap draws",
        "never averaged with agreement among people",
        "| group | x | 12 |",
    ):
        assert part in said, part


def test_figures_are_numbers_only():
    assert list(figures({"a": {"b": 1, "c": True, "d": "x"}})) == [("a · b", 1)]


def test_records_in_a_list_are_named_by_their_words():
    assert list(
        figures([{"set": "tags", "facet": "group", "F1": 0.5}, {"set": "tags", "facet": "sector", "F1": 1}])
    ) == [("tags · group · F1", 0.5), ("tags · sector · F1", 1)]


def test_a_draw_that_an_older_log_does_not_keep_is_reported_missing():
    older = drawn_for(Session(id="old", coders=("A",), codebook="1", assignments={"A": ("1", "2")}))
    said = statement(StudyFacts(samples=(older,)))
    assert (
        "Session old (still open): 2 passages, how it was drawn is not recorded" in said and "seed not recorded" in said
    )
    assert "No sample was drawn" not in said


def test_the_mark_of_the_log_is_where_a_check_looks_for_it(tmp_path):
    mark = f"kb-log/17/{'a' * 64}/2026-03-01T00:00:00.000000Z"
    (tmp_path / "m.md").write_text(statement(StudyFacts(log=mark)), encoding="utf-8")
    assert [anchor.sequence for anchor in noted(tmp_path / "m.md")] == [17]
