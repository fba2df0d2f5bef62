"""Figures of agreement equal those of the literature and of two other libraries; their intervals can be computed
again."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.coding.agreement import alpha, kappa, machine_against, masi, of_code, of_facet, people, share

# Krippendorff, Computing Krippendorff's Alpha-Reliability (2011): four observers, twelve units, missing values.


def units(*observers):
    return [[None if value == "." else value for value in unit] for unit in zip(*observers)]


def test_alpha_of_the_four_observers_is_the_published_743():
    assert alpha(units("123321412...", "123322412" + "5.3", ".33323422" + "51.", "123324412" + "51.")) == pytest.approx(
        0.743, abs=0.0005
    )


def test_alpha_of_two_observers_and_binary_data_is_the_published_095():
    assert alpha(units("0100000010", "1110010000")) == pytest.approx(0.095, abs=0.0005)


def test_alpha_of_two_observers_and_nominal_data_is_the_published_692():
    assert alpha(units("aabbdcccedda", "babbbcccedd" + "d")) == pytest.approx(0.692, abs=0.0005)


def test_kappa_of_a_textbook_table():
    # 50 proposals: both yes 20, only first 5, only second 10, both no 15; observed .70, by chance .50.
    assert kappa(20, 5, 10, 15) == pytest.approx(0.4)


def test_no_variation_is_undefined_and_not_one():
    assert alpha(units("1111", "1111")) is None
    assert kappa(4, 0, 0, 0) is None


def test_masi_grades_sets_by_overlap_and_inclusion():
    a, ab, bc = frozenset("a"), frozenset("ab"), frozenset("bc")
    assert (masi(a, a), masi(frozenset(), frozenset()), masi(a, frozenset())) == (0, 0, 1)
    assert masi(a, ab) == pytest.approx(1 - 1 / 2 * 2 / 3)
    assert masi(ab, bc) == pytest.approx(1 - 1 / 3 * 1 / 3)


CODINGS = st.lists(
    st.tuples(st.frozensets(st.sampled_from("abc"), min_size=1), st.frozensets(st.sampled_from("abc"), min_size=1)),
    min_size=2,
    max_size=12,
)


@settings(max_examples=40, deadline=None)
@given(CODINGS)
def test_other_libraries_compute_the_same(codings):
    agreement = pytest.importorskip("nltk.metrics.agreement", reason="needs nltk as the second opinion")
    from nltk.metrics.distance import masi_distance

    triples = [(coder, str(at), codes) for at, pair in enumerate(codings) for coder, codes in zip("xy", pair)]
    if len({codes for _, _, codes in triples}) > 1:
        task = agreement.AnnotationTask(triples, distance=masi_distance)
        assert alpha(codings, masi) == pytest.approx(task.alpha(), abs=1e-9)


def test_scikit_learn_computes_the_same_kappa_and_f1():
    metrics = pytest.importorskip("sklearn.metrics", reason="needs scikit-learn as the second opinion")
    first, second = [1, 1, 0, 0, 1, 0, 1, 1, 0, 0], [1, 0, 0, 0, 1, 1, 1, 1, 0, 1]
    ratings = {
        str(at): {"A": frozenset("x" * a), "B": frozenset("x" * b)} for at, (a, b) in enumerate(zip(first, second))
    }
    pair = of_code(ratings, "f", "x").pairs[0]
    assert pair.kappa.value == pytest.approx(metrics.cohen_kappa_score(first, second), abs=1e-4)
    assert pair.f1.value == pytest.approx(metrics.f1_score(first, second), abs=1e-4)
    assert pair.percent.value == pytest.approx(metrics.accuracy_score(first, second), abs=1e-4)


RATINGS = {f"p{at}": {"A": frozenset("x" if at % 3 else ""), "B": frozenset("x" if at % 4 else "")} for at in range(24)}


def test_every_figure_comes_with_n_prevalence_and_interval():
    found = of_code(RATINGS, "f", "x", seed=1)
    assert (found.n, found.coders, found.prevalence) == (24, 2, round((16 + 18) / 48, 4))
    assert found.alpha.low < found.alpha.value < found.alpha.high


def test_one_unit_has_no_interval_which_would_look_exact():
    found = of_code({"p": {"A": frozenset("x"), "B": frozenset("y")}}, "f", "x")
    assert (found.n, found.alpha.low, found.alpha.high) == (1, None, None)
    assert found.alpha.value is not None and found.alpha.why == "no interval: one unit"


def test_the_same_seed_draws_the_same_interval_and_another_does_not():
    assert of_code(RATINGS, "f", "x", seed=1) == of_code(RATINGS, "f", "x", seed=1)
    assert of_code(RATINGS, "f", "x", seed=1).alpha != of_code(RATINGS, "f", "x", seed=2).alpha


def test_units_that_one_person_coded_do_not_count():
    alone = {**RATINGS, "extra": {"A": frozenset("x")}}
    assert of_code(alone, "f", "x") == of_code(RATINGS, "f", "x")
    assert of_facet({"p": {"A": frozenset("x")}}, "f").alpha.why == "no unit was coded twice"


def test_disagreements_name_who_gave_the_code_and_who_did_not():
    report = people({"f": {"p": {"A": frozenset("xy"), "B": frozenset("x"), "C": frozenset("xy")}}}, draws=10)
    assert [(d.unit, d.code, d.gave, d.gave_not) for d in report.disagreements] == [("p", "y", ("A", "C"), ("B",))]


def test_the_machine_is_compared_with_each_person_apart():
    reports = machine_against({"f": RATINGS}, {"f": {"p1": frozenset("x")}}, draws=10)
    assert [report.of for report in reports] == ["machine against people"] * 2
    assert [[(pair.a, pair.b) for pair in report.codes[0].pairs] for report in reports] == [
        [("machine", "A")],
        [("machine", "B")],
    ]
    assert people({"f": RATINGS}, draws=10).codes[0].coders == 2


def test_a_share_of_sums_has_an_interval_and_is_undefined_without_a_base():
    found = share([1, 0, 2], [2, 1, 2], "nothing to count")
    assert found.value == 0.6 and found.low <= 0.6 <= found.high
    assert share([0, 0], [0, 0], "nothing to count").why == "nothing to count"
