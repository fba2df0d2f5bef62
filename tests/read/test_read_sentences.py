"""One splitter of sentences; the end of a sentence differs between passages, proposed units, texts to embed, and
statements."""

import pytest

from kb.read.sentences import CLAUSES, EMBEDDED, STATEMENT, passage_style, sentence_texts, sentences, unit_style

EVERY = {"passage": passage_style("en"), "unit": unit_style(frozenset({"art"})), "embedded": EMBEDDED}


def test_sentences_end_at_stops_but_not_at_abbreviations():
    text = "See Art. 5 of the Act. It applies to all, e.g. to women. Is it new? No."
    assert sentence_texts(text, passage_style("en")) == [
        "See Art. 5 of the Act.",
        "It applies to all, e.g. to women.",
        "Is it new?",
        "No.",
    ]
    assert len(sentences("人人有权。国家保护。", passage_style("zh"))) == 2
    assert len(sentences("هل هذا حق؟ نعم هذا حق.", passage_style("ar"))) == 2


def test_embedded_sentences_end_in_every_script_but_not_after_abbreviations():
    assert sentence_texts("¿Qué pasó? Él vino. 结束。下一句", EMBEDDED)[:2] == ["¿Qué pasó?", "Él vino."]
    assert sentence_texts("See Bell et al. Then art. 5 applies.", EMBEDDED) == ["See Bell et al. Then art. 5 applies."]


def test_embedded_sentences_leave_out_closing_quotes_between_two_and_nothing_else():
    text = 'He said "stop." Then (Young 1990). And so on… The end!'
    assert " ".join(sentence_texts(text, EMBEDDED)).replace('"', "").split() == text.replace('"', "").split()


@pytest.mark.parametrize("name", EVERY)
def test_every_style_agrees_on_plain_prose(name):
    assert sentence_texts("It binds all. Who pays? The State.", EVERY[name]) == [
        "It binds all.",
        "Who pays?",
        "The State.",
    ]


def test_where_the_styles_differ():
    numbered = "The Act. 12. Every person has a right."
    assert (
        sentence_texts(numbered, EVERY["unit"])[-1] == "12. Every person has a right."
    )  # the number goes with its words
    assert sentence_texts(numbered, EVERY["passage"])[-1] == "Every person has a right."
    assert sentence_texts("It pays; Others wait.", EVERY["embedded"]) == ["It pays;", "Others wait."]
    assert len(sentences("It pays; Others wait.", EVERY["unit"])) == 1


def test_clauses_are_cut_at_semicolons_only_where_asked():
    assert sentence_texts("One is; two is.", passage_style("en")) == ["One is; two is."]
    assert sentence_texts("One is; two is.", passage_style("en", clauses=True)) == ["One is;", "two is."]
    assert sentence_texts("All shall (a) pay; (b) wait.", CLAUSES) == ["All shall", "(a) pay;", "(b) wait."]


def test_statements_are_cut_at_semicolons_before_a_capital():
    assert sentence_texts("States shall (a) act; They (b) report.", STATEMENT) == [
        "States shall (a) act;",
        "They (b) report.",
    ]


def test_part_of_a_text_keeps_the_offsets_of_the_whole():
    assert sentences("One is. Two is.", passage_style("en"), (8, 15)) == [(8, 15)]
