"""A font whose characters differ from its printed letters is recognised by its text; real languages are not taken for
it."""

from __future__ import annotations

import random
from string import ascii_lowercase

import pytest
from make import pdf, prose

from kb.read.layout.fonts import LEAST, is_soup

TEXTS = {
    "en": "Every person of sixty-five years has the right to a pension, which is paid from the first day of the month.",
    "es": "La constatación de la importante labor internacional que se está llevando a cabo para reformar el país.",
    "fr": "Toute personne âgée a droit à une pension, qui est versée à partir du premier jour du mois suivant.",
    "pl": "Każda osoba, która ukończyła sześćdziesiąt lat, ma prawo do emerytury wypłacanej od pierwszego dnia.",
    "sw": "Kila mtu aliyefikisha umri wa miaka sitini ana haki ya kupata pensheni kuanzia siku ya kwanza ya mwezi.",
    "tr": "Altmış yaşını dolduran her vatandaşın aylığın ilk gününden itibaren emekli maaşı alma hakkı vardır.",
    "vi": "Mọi công dân đủ sáu mươi tuổi có quyền hưởng lương hưu từ ngày đầu tiên của tháng tiếp theo nhé.",
    "hr": "Svaka osoba koja je navršila šezdeset godina ima pravo na mirovinu od prvog dana sljedećeg mjeseca.",
    "id": "Setiap orang yang berusia enam puluh tahun berhak atas pensiun sejak hari pertama bulan berikutnya.",
}


def moved(text: str, by: int = -29) -> str:
    """Return the text with each code shifted, as where a font gives numbers of glyphs as characters."""
    return " ".join("".join(chr(max(33, ord(c) + by)) for c in word) for word in text.split())


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_what_a_language_writes_is_no_soup(text):
    assert not is_soup((text * 3).split()) and not is_soup(text.upper().split())


@pytest.mark.parametrize("text", [TEXTS[code] for code in ("en", "es", "fr", "id")])
@pytest.mark.parametrize("by", [-29, -31, 1, 5])
def test_letters_that_stand_for_others_are_soup(text, by):
    assert is_soup(moved(text * 3, by).split())


def test_most_tables_of_letters_at_random_are_soup():
    dice, text = random.Random(1), (TEXTS["en"] + TEXTS["es"]).lower()
    found = []
    for _ in range(100):
        table = str.maketrans(ascii_lowercase, "".join(dice.sample(ascii_lowercase, 26)))
        found.append(is_soup(text.translate(table).split()))
    assert sum(found) >= 70, "letters that change places with ones as frequent are seen by no rule of frequencies"


@pytest.mark.parametrize(
    "words",
    [
        ["x", "y", "=", "f", "(n)"] * 60,
        ["03-7FA81.03", "03-7FB00.11"] * 60,
        ["§", "•", "–"] * 60,
        ["\uf0a8"] * 60,
        ["XKCD", "HTTP"] * 60,
        ["каждый", "гражданин", "имеет", "право", "пенсию"] * 20,
        ["第一条", "年満六十歳"] * 20,
    ],
    ids=["formulas", "codes", "signs", "font of signs", "few words often", "Cyrillic", "Han"],
)
def test_fonts_of_signs_codes_and_other_scripts_are_not_judged_by_latin_letters(words):
    assert not is_soup(words)


def test_signs_without_meaning_among_letters_are_soup():
    words = ["pen\ue001ion", "\ue002ou\ue003", "\ue004\ue005\ue006en", "ri\ue007ht"]
    assert is_soup(words * 6) and not is_soup(words) and LEAST == 40


SOUP = moved("La constatación de la importante labor internacional que se lleva").replace("\\", "/").replace("(", "<")


def test_pages_and_paragraphs_with_such_letters_are_named(read_bytes):
    font = "/F2 << /Type /Font /Subtype /Type1 /BaseFont /Times-Roman /Encoding /WinAnsiEncoding >>"
    drawing = f"BT /F2 11 Tf 60 500 Td ({SOUP}) Tj ET"
    rows = prose(60, 100, TEXTS["en"])
    data = pdf([rows, rows], drawing).replace(b"/F1 3 0 R >> >>", f"/F1 3 0 R {font} >> >>".encode())
    pages = read_bytes(data, "a.pdf", ocr=False)
    said = [p for p in pages.problems if "mean something else than they print" in p.what]
    assert [p.page for p in said] == [1, 2] and "OCR" in said[0].do and SOUP[:12] in said[0].what
    marked = [p for p in pages.paragraphs if any("do not quote" in note for note in p.notes)]
    assert marked and all(set(SOUP.split()) & set(p.text.split()) for p in marked)


def test_a_file_whose_fonts_say_what_they_print_has_no_such_problem(read_bytes):
    pages = read_bytes(pdf([prose(60, 100, TEXTS["en"] * 3)]), "a.pdf", ocr=False)
    assert not pages.problems and not any(p.notes for p in pages.paragraphs)
