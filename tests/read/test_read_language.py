"""Language of passages and ends of sentences."""
from kb.read.language import language_of, languages
from kb.read.sentences import sentences

EN = "Everyone has the right to take part in the cultural life of the community and to enjoy the arts."
ES = "Toda persona tiene derecho a tomar parte libremente en la vida cultural de la comunidad y a gozar de las artes."


def test_a_passage_has_the_language_of_its_words():
    assert [language_of(t) for t in (EN, ES, "لكل شخص حق المشاركة الحرة في حياة المجتمع الثقافية", "人人有权自由参加社会的文化生活")] \
        == ["en", "es", "ar", "zh"]


def test_short_texts_inherit_and_mixed_documents_stay_mixed():
    main, each = languages([ES, "Artículo 2", ES + " " + ES, EN + " " + EN, "Section 2"])
    assert main == "es" and each == ["es", "es", "es", "en", "en"]


def test_sentences_end_at_stops_but_not_at_abbreviations():
    text = "See Art. 5 of the Act. It applies to all, e.g. to women. Is it new? No."
    assert [text[a:b] for a, b in sentences(text, "en")] == ["See Art. 5 of the Act.", "It applies to all, e.g. to women.", "Is it new?", "No."]
    assert len(sentences("人人有权。国家保护。", "zh")) == 2
    assert len(sentences("هل هذا حق؟ نعم هذا حق.", "ar")) == 2
