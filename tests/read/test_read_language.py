"""Language of passages and ends of sentences."""

from kb.read.language import language_of, languages
from kb.read.sentences import sentences

EN = "In our town every family may borrow books from the public library, and the reading room is open in the evening."
ES = "En nuestro pueblo todas las familias pueden pedir prestados los libros de la biblioteca pública por la tarde."


def test_a_passage_has_the_language_of_its_words():
    assert [
        language_of(t)
        for t in (
            EN,
            ES,
            "تفتح المكتبة العامة في مدينتنا أبوابها كل مساء للعائلات",
            "我们镇上的图书馆每天晚上都对所有家庭开放",
        )
    ] == ["en", "es", "ar", "zh"]


def test_short_texts_inherit_and_mixed_documents_stay_mixed():
    main, each = languages([ES, "Artículo 2", ES + " " + ES, EN + " " + EN, "Section 2"])
    assert main == "es" and each == ["es", "es", "es", "en", "en"]


def test_sentences_end_at_stops_but_not_at_abbreviations():
    text = "See Art. 5 of the Act. It applies to all, e.g. to women. Is it new? No."
    assert [text[a:b] for a, b in sentences(text, "en")] == [
        "See Art. 5 of the Act.",
        "It applies to all, e.g. to women.",
        "Is it new?",
        "No.",
    ]
    assert len(sentences("人人有权。国家保护。", "zh")) == 2
    assert len(sentences("هل هذا حق؟ نعم هذا حق.", "ar")) == 2
