"""The language of passages."""

from kb.read.language import language_of, languages

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
