"""Decoding bytes as text if nothing states their encoding."""

from __future__ import annotations

import pytest

from kb.read.decode import CYRILLIC, decode

RUSSIAN = (
    "Статья 1. Каждый гражданин, достигший шестидесяти лет, имеет право на пенсию.\n"
    "Статья 2. Граждане, проживающие в сельской местности, получают пенсию на тех же условиях, что и остальные.\n"
)
UKRAINIAN = "Стаття 1. Кожна особа, якій виповнилося шістдесят років, має право на пенсію та медичну допомогу.\n"


@pytest.mark.parametrize("encoding", CYRILLIC)
def test_russian_is_read_in_each_of_its_encodings_and_the_guess_is_reported(encoding):
    text, found, doubt = decode(RUSSIAN.encode(encoding))
    assert text == RUSSIAN and doubt == f"the encoding is a guess: {found}"


def test_letters_that_one_encoding_alone_has_tell_it():
    assert decode(UKRAINIAN.encode("koi8-u"))[0] == UKRAINIAN


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Artículo 1. Todo ciudadano de sesenta años tendrá derecho a una pensión. " * 3, "cp1252"),
        ("Articolo 1. È già così: la città avrà più libertà, perché ciò è là, e potrà dare qualità. " * 6, "cp1252"),
        ("第一条 年满六十岁的公民有权领取养老金。本法自公布之日起施行，由国务院负责解释。" * 3, "gb18030"),
        ("第一条 六十歳に達した国民は、年金を受ける権利を有する。この法律は公布の日から施行する。" * 3, "cp932"),
        ("제1조 육십세에 이른 국민은 연금을 받을 권리가 있다. 이 법은 공포한 날부터 시행한다." * 3, "cp949"),
        ("Άρθρο 1. Κάθε πολίτης εξήντα ετών έχει δικαίωμα σύνταξης σύμφωνα με τον νόμο αυτό. " * 3, "cp1253"),
    ],
)
def test_other_scripts_are_not_taken_for_cyrillic(text, encoding):
    found = decode(text.encode(encoding))[1].replace("-", "").replace("_", "").lower()
    assert found not in {name.replace("-", "").replace("_", "") for name in CYRILLIC}


def test_a_byte_of_another_encoding_in_a_short_text_is_one_sign_and_reported():
    text, found, doubt = decode("Good “quotes” here, ".encode() + "and a café.".encode("cp1252"))
    assert text == "Good “quotes” here, and a caf\ufffd." and found == "utf-8"
    assert doubt is not None and "1 byte " in doubt
