"""Which texts of a passage are embedded: all of it under its heading, and its sentences in pairs."""

from kb_toys import toy_passage

from kb.index.embedded_texts import parts_to_embed, under_heading


def test_a_passage_is_embedded_under_its_nearest_heading_and_mended():
    passage = toy_passage("t/1", "Porto Allegre.", normalised="Porto Alegre.", section=("1 Top", "Budgets"))
    assert under_heading(passage) == "Budgets. Porto Alegre."
    assert under_heading(toy_passage("t/2", "Text.")) == "Text."
    assert under_heading(toy_passage("t/3", "Budgets", kind="heading", section=("1 Top", "Budgets"))) == "Budgets"


def test_windows_are_each_sentence_with_the_next():
    assert parts_to_embed(toy_passage("t/1", "One is. Two is. Three is.")) == ["One is. Two is.", "Two is. Three is."]
    assert parts_to_embed(toy_passage("t/2", "Only one")) == [], "its whole says it all"


def test_a_statement_of_the_register_is_also_embedded_sentence_by_sentence():
    """A sentence states one letter of a paragraph with fifteen; together with the next one it would be only half about
    it."""
    entry = toy_passage("t/1", "Count unpaid work (a). Train judges (b).", wording="own-words")
    both = "Count unpaid work (a). Train judges (b)."
    assert parts_to_embed(entry) == ["Count unpaid work (a).", "Train judges (b).", both]
    assert parts_to_embed(toy_passage("t/2", "Only one.", wording="own-words")) == []


def test_questions_stand_beside_the_sentences_and_never_in_place_of_the_passage():
    """A part is the mean of the complete passage and a window: a single sentence would be found by its question
    only."""
    longer = toy_passage("t/1", "One is. Two is.")
    assert parts_to_embed(longer, ["how many"]) == ["One is. Two is.", "how many"]
    short = toy_passage("t/2", "Only one.", section=("Top",))
    assert parts_to_embed(short, ["how many"]) == [under_heading(short), "how many"]
