"""Nearness in meaning to everyday questions leads a query to its entry of the register."""

from types import SimpleNamespace

import numpy as np
import pytest

from kb.config import settings
from kb.engine import Column, Columns, Leg
from kb.errors import DataError
from kb.search.entries import Holding
from kb.search.everyday import PAPER, load_everyday, paper_questions_of, register_questions_of
from kb.search.nearby import FILE, digest, joined, load_nearby, moved, nearness, prepared, to_nearest, write
from kb.search.pool import LEXICAL, Pool
from kb.search.ranking import Nearness, load_ranking

QUESTIONS = [
    ("plan/a", "en", "grandma"),
    ("plan/b", "en", "rent"),
    ("plan/c", "en", "bread"),
    ("plan/a", "es", "abuela"),
    ("plan/b", "es", "alquiler"),
    ("plan/c", "es", "pan"),
]
NORTH, EAST, UP, BIAS = np.eye(4, dtype=np.float32)
"""What is asked about, in three directions, and one that tells the language alone."""
RULES = Nearness(share=0.5, among=3, spaces={"multilingual": 1.0, "english": 0.5})


class Encoder:
    """An encoder with a name and no function."""

    identity, dim = "compass@1", 4


def unit(vector):
    """Return the vector with length 1."""
    return vector / np.linalg.norm(vector)


@pytest.fixture()
def corpus(tmp_path):
    """Return a corpus with questions in two languages on three entries; those in Spanish are far from the others."""
    (tmp_path / FILE).parent.mkdir()
    about = [NORTH, EAST, UP]
    vectors = np.stack([unit(v) for v in about] + [unit(v + 3 * BIAS) for v in about])
    entries, languages, texts = [0, 1, 2, 0, 1, 2], [q[1] for q in QUESTIONS], [q[2] for q in QUESTIONS]
    spaces = {
        "multilingual": prepared("compass@1", entries, languages, texts, vectors),
        "english": prepared("compass@1", entries[:3], languages[:3], texts[:3], vectors[:3]),
    }
    write(QUESTIONS, spaces, tmp_path / FILE)
    return tmp_path


def near(
    corpus,
    vector,
    language="en",
    rules=RULES,
    identity="compass@1",
    spaces=("multilingual", "english"),
    wanted=(0, 1, 2),
):
    """Return how near a query is to each entry, or to those in `wanted`."""
    encoder = Encoder()
    encoder.identity = identity
    found = dict.fromkeys(spaces, encoder)
    return nearness(load_nearby(corpus), dict.fromkeys(spaces, vector), found, language, rules, np.array(wanted))


def asked(corpus, vector):
    """Return the function that gives the nearness of a query to the entries it is called with."""
    return lambda wanted: near(corpus, vector, wanted=wanted)


def none_is_asked_for(wanted):
    """Fail: no nearness may be requested."""
    raise AssertionError(f"{wanted}: nothing should be compared")


def pool(*ids, legs=(LEXICAL, "english")):
    """Return candidates with these ids, as found by these retrievers."""
    documents = [id.partition("/")[0] for id in ids]
    names = sorted(set(documents))
    column = Column(np.array([names.index(name) for name in documents], dtype=int), names)
    columns, worded, sought = (
        Columns(np.arange(len(ids)), *[column] * 6),
        np.ones(len(ids), bool),
        np.zeros(len(ids), bool),
    )
    return Pool(ids, columns, {leg: np.ones(len(ids)) for leg in legs}, worded, sought)


class Register:
    """A substitute for `Entries`: ids of the plan are entries, and one passage elsewhere has the words of plan/b."""

    may_hold = Holding(lambda document: document in ("plan", "words"))

    @staticmethod
    def entry(id):
        return "plan/b" if id == "words/b" else id


def test_a_question_is_nearest_to_the_entry_that_is_asked_about_whatever_its_language(corpus):
    assert near(corpus, NORTH).argmax() == 0
    assert near(corpus, unit(EAST + 3 * BIAS), "es").argmax() == 1
    assert near(corpus, unit(UP + BIAS), "pt").argmax() == 2


def test_the_space_of_one_language_reads_questions_in_it_alone(corpus):
    assert near(corpus, NORTH, "es", spaces=("english",)) is None
    both, one = near(corpus, NORTH), near(corpus, NORTH, spaces=("multilingual",))
    assert both[0] - one[0] == pytest.approx(near(corpus, NORTH, spaces=("english",))[0])


def test_entries_are_as_near_whether_all_or_few_are_asked_for(corpus):
    every = near(corpus, unit(NORTH + EAST))
    for wanted in ([0], [1], [2], [0, 2]):
        assert near(corpus, unit(NORTH + EAST), wanted=wanted).tolist() == pytest.approx(every[wanted].tolist())


def test_an_entry_without_a_question_is_as_near_as_the_farthest(corpus):
    every = near(corpus, NORTH, wanted=(0, 1, 2, 7))
    assert every[3] == every[:3].min() and near(corpus, NORTH, wanted=[7]).tolist() == [0]


@pytest.mark.parametrize("change", [{"rules": Nearness()}, {"identity": "compass@2"}, {"spaces": ()}])
def test_nothing_is_near_without_a_share_for_another_encoder_and_without_a_vector(corpus, change):
    assert near(corpus, NORTH, **change) is None


def test_the_nearest_entry_rises_and_the_others_of_the_register_fall(corpus):
    scores = np.array([0.6, 0.5, 0.4, 0.55])
    candidates = pool("plan/b", "plan/a", "plan/c", "paper/1")
    made, how = moved(scores, candidates, Register(), asked(corpus, NORTH), load_nearby(corpus), RULES)
    assert how[1] == 1 and made[1] == pytest.approx(0.55) and made[0] < 0.55 and made[3] == 0.55
    assert scores.tolist() == [0.6, 0.5, 0.4, 0.55]


def test_official_words_move_as_the_entry_that_they_are_the_text_of(corpus):
    candidates = pool("words/b", "plan/b", "plan/a")
    made, how = moved(np.full(3, 0.5), candidates, Register(), asked(corpus, EAST), load_nearby(corpus), RULES)
    assert how[0] == how[1] == 1 and made[0] == made[1] == 0.5 > made[2]


@pytest.mark.parametrize("ids,legs", [(("plan/a",), (LEXICAL,)), (("plan/a",), ("english",)), (("paper/1",), None)])
def test_scores_stay_in_words_or_meaning_alone_and_where_no_entry_is_a_candidate(corpus, ids, legs):
    candidates, scores = pool(*ids, legs=legs or (LEXICAL, "english")), np.array([0.5])
    made, how = moved(scores, candidates, Register(), none_is_asked_for, load_nearby(corpus), RULES)
    assert made is scores and how is None


@pytest.fixture()
def with_paper(corpus):
    """Return the corpus with one more question, on a passage of the paper, far from everything in the register."""
    held, more = load_nearby(corpus), [("paper/1", "en", "stars")]
    of = {
        name: joined(asked, prepared("compass@1", [3], ["en"], ["stars"], -UP[None]))
        for name, asked in held.spaces.items()
    }
    for asked in of.values():
        asked.rows[-1] = -UP  # one question less its mean is nothing
    write([*QUESTIONS, *more], of, corpus / FILE)
    load_nearby.cache_clear()
    return corpus


def test_a_passage_of_the_paper_moves_as_an_entry_does(with_paper):
    held, ids = load_nearby(with_paper), ("paper/1", "paper/2", "plan/a")
    made, how = moved(np.full(3, 0.5), pool(*ids), Register(), asked(with_paper, -UP), held, RULES)
    assert how.tolist() == [1, 0, 1] and made.tolist() == [0.5, 0.5, 0.5], "the register is looked at by itself"
    assert moved(made, pool(*ids), Register(), asked(with_paper, NORTH), held, RULES)[1][0] == 0, "the paper is not"
    scores, less = np.array([0.6, 0.7, 0.8]), RULES.model_copy(update={"shares": {"paper": 0.1}})
    for rules, expected in ((RULES, 0.7), (less, 0.62)):
        made, _ = moved(scores, pool(*ids), Register(), asked(with_paper, -UP), held, rules)
        assert made.tolist() == pytest.approx([expected, 0.7, 0.8])


def test_how_near_a_question_of_the_register_is_is_not_taken_from_the_paper(with_paper):
    encoder = Encoder()
    index = SimpleNamespace(corpus=with_paper, encoders={"multilingual": encoder}, promises=Promises())
    far = to_nearest(index, {"multilingual": -UP}, {"multilingual": Leg(["plan/b"], np.array([0.9]), 5)}, "en")
    assert far < near(with_paper, -UP, wanted=(0, 1, 2, 3), spaces=("multilingual",))[3]


def test_how_near_a_question_of_the_paper_is_is_shown_where_the_paper_is_nearest_in_meaning_and_nowhere_else(
    with_paper,
):
    encoder = Encoder()
    index = SimpleNamespace(corpus=with_paper, encoders={"multilingual": encoder}, promises=Promises())

    def to(first, vector=-UP):
        leg = Leg([first], np.array([0.9]), 5)
        return to_nearest(index, {"multilingual": vector}, {"multilingual": leg}, "en", of_paper=True)

    assert to("paper/s1") > to("paper/s1", vector=NORTH)
    assert to("plan/b") is None and to("words/b") is None and to("policy/a1") is None


def test_a_corpus_without_the_file_has_none(tmp_path):
    assert load_nearby(tmp_path) is None
    assert moved(np.ones(1), pool("plan/a"), Register(), none_is_asked_for, None, RULES)[1] is None


@pytest.mark.parametrize("damage", [lambda data: data[: len(data) // 2], lambda data: b"", lambda data: b"text"])
def test_a_damaged_file_is_refused_with_its_place(corpus, damage):
    path = corpus / FILE
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(DataError) as error:
        load_nearby(corpus)
    assert str(path) in str(error.value)


def test_a_file_whose_tables_do_not_fit_each_other_is_refused(corpus):
    with np.load(corpus / FILE) as held:
        tables = dict(held)
    for wrong in ({"english.owner": tables["english.owner"][:2]}, {"english.owner": tables["english.owner"] + 9}):
        with (corpus / FILE).open("wb") as file:
            np.savez(file, **(tables | wrong))
        load_nearby.cache_clear()
        with pytest.raises(DataError):
            load_nearby(corpus)


def test_what_the_corpus_carries_is_of_its_questions():
    corpus = settings().corpus
    held = load_nearby(corpus)
    every = [*register_questions_of(corpus), *paper_questions_of(corpus)]
    assert held.made_of == digest(every), "run: benchmarks/near_questions.py --write"
    assert set(held.spaces) == set(load_ranking(corpus).nearby.spaces)
    assert len(held.spaces["multilingual"].rows) == len(every)


def test_passages_of_the_paper_are_asked_for_in_three_languages(paper):
    rows, known = load_everyday(settings().corpus, PAPER), {passage.id for passage in paper.passages}
    for language in ("en", "es", "fr"):
        of = [passage for passage, spoken, _ in rows if spoken == language]
        assert len(of) >= len(set(of)) > 190 and set(of) <= known
    assert len({text for _, _, text in rows}) > 900


class Promises:
    """A substitute for the promises of an index: ids of the plan are entries, and one passage elsewhere has the words
    of plan/b."""

    @staticmethod
    def of(id):
        return "plan/b" if id == "words/b" else id if id.startswith("plan/") else None

    @staticmethod
    def has(document):
        return document in ("plan", "words")


def test_how_near_the_nearest_question_is_says_something_only_where_an_entry_is_nearest_in_meaning(corpus):
    def to(first, vector=NORTH, identity="compass@1"):
        encoder = Encoder()
        encoder.identity = identity
        index = SimpleNamespace(corpus=corpus, encoders={"multilingual": encoder}, promises=Promises())
        leg = Leg([first] if first else [], np.array([0.9] if first else []), 5)
        return to_nearest(index, {"multilingual": vector}, {"multilingual": leg}, "en")

    assert to("plan/b") == to("words/b") > to("plan/b", vector=BIAS)
    assert to("paper/s1") is None, "nobody wrote everyday questions for it"
    assert to(None) is None and to("plan/b", identity="another@1") is None
    assert to_nearest(SimpleNamespace(corpus=corpus), {}, {}, "en") is None, "a search in words alone"
