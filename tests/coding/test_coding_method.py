"""The method statement says what was done, and says so where something was not."""
from kb.coding.agreement import machine_against, people
from kb.coding.method import Facts, Source, figures, statement

RATINGS = {"group": {f"p{n}": {"A": frozenset("x" * (n % 2)), "B": frozenset("x" * (n % 3 > 0))} for n in range(12)}}


def test_an_empty_study_says_so_in_every_part():
    said = statement(Facts())
    assert "Not measured: no passage was coded by two people." in said
    assert "No sample was drawn." in said and "Not measured for this index." in said
    assert "6 stated recommendations and 1 derived" in said


def test_a_study_is_stated_with_hashes_coders_and_intervals():
    facts = Facts(sources=(Source(id="toy", title="A | toy", sha256="ab12", passages=12),), versions={"index": "i1"},
                  codebook="Toy codebook, version 3", coders={"A": 12, "B": 12}, blind=True,
                  people=people(RATINGS, draws=50), machine=tuple(machine_against(RATINGS, {}, draws=50)),
                  evaluation={"tags": {"group": {"f1": 0.81234}}, "note": "text"})
    said = statement(facts)
    for part in ("ab12", r"A \| toy", "Toy codebook, version 3", "did not see each other", "| tags · group · f1 | 0.8123 |",
                 "50 bootstrap draws", "never averaged with agreement among people", "| group | x | 12 |"):
        assert part in said, part


def test_figures_are_numbers_only():
    assert list(figures({"a": {"b": 1, "c": True, "d": "x"}})) == [("a · b", 1)]


def test_records_in_a_list_are_named_by_their_words():
    assert list(figures([{"set": "tags", "facet": "group", "F1": 0.5}, {"set": "tags", "facet": "sector", "F1": 1}])) == [
        ("tags · group · F1", 0.5), ("tags · sector · F1", 1)]
