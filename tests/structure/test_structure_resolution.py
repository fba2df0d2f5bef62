"""Resolutions and plans of action: numbers from the text, headings whose numbering restarts, addressees as
duty-bearers.

The short texts were written for these tests; they have the structure of the conference texts, not their words.
"""

from __future__ import annotations

import re

import pytest

from kb.models import Document, Pages, Paragraph, Passage
from kb.structure.drafts import lost
from kb.structure.resolution import parse

PLATFORM = """Resolution 1

Beijing Declaration and Platform for Action

The Conference,

Having met for ten days,

1. Adopts the Declaration and the Platform;

2. Asks that they be printed.

Annex I

BEIJING DECLARATION

1. We, the delegates, have come together.

2. We are resolved to go on.

Annex II

PLATFORM FOR ACTION

Chapter I

MISSION STATEMENT

1. The Platform is an agenda.

Chapter IV

STRATEGIC OBJECTIVES AND ACTIONS

45. Objectives follow for each area.

A. Women and water

47. Wells are far away.

Strategic objective A.1. Bring wells closer to homes

Actions to be taken

58. By Governments:

(a) Dig wells:

(i) In villages;

(ii) In towns;

(b) Keep them clean.

59. By Governments, in cooperation with users, as appropriate:

(a) Train well keepers.

Strategic objective A.2. Share the cost

Actions to be taken

60. Fees are to be fair.

B. Education at wells

69. Much is learnt there.

Chapter V

INSTITUTIONAL ARRANGEMENTS

286. The arrangements follow.

A. National level

288. Each country decides.
"""

COPENHAGEN = """Annex I

Copenhagen Declaration on Social Development

1. We gather for the first time.

A. Why we meet

14. Much is wrong.

C. Commitments

28. We commit ourselves as follows:

Commitment 1

We commit ourselves to open the door.

To this end, at the national level, we will:

(a) Buy a key;

(b) Turn it;

At the international level, we will:

(c) Share keys;

Commitment 10

We commit ourselves to meet again.

Annex II

Programme of Action of the World Summit for Social Development

Chapter IV

SOCIAL INTEGRATION

66. The aim is one house for all.

A. Responsive government

71. It asks for:

(a) Open doors;

(b) Open books.
"""

MADRID = """Annex I

Political Declaration

Article 1

We are committed to three directions.

Article 2

We celebrate long lives.

Annex II

Madrid International Plan of Action on Ageing, 2002

I. Introduction

1. The world is ageing.

II. Recommendations for action

A. Priority direction I: Work and life

16. Older persons take part.

Issue 1: Active participation

19. Taking part means much.

Objective 1: Recognition of what older persons give.

Actions

(a) Say so;

(b) Write it down.

Objective 2: A seat at the table for older persons.

Actions

(a) Add a chair.

Issue 2: Work

23. Work should be open.

Objective 1: Jobs for all who want them.

Actions

(a) Ask employers.

B. Priority direction II: Health

57. Health matters.

Issue 1: Health in later life

Objective 1: Less harm.

Actions

(a) Clean the air.
"""

TEXTS = {"beijing": PLATFORM, "wssd": COPENHAGEN, "mipaa": MADRID}


def read(document: str) -> Document:
    return parse(TEXTS[document], document=document, title=document, file="x.md", sha256="0" * 64)


def passages(document: str) -> dict[str, Passage]:
    return {passage.id: passage for passage in read(document).passages}


def test_paragraph_numbers_are_those_printed_and_gaps_stay() -> None:
    numbers = [m[1] for i in passages("beijing") if (m := re.fullmatch(r"beijing/para(\d+)", i))]
    assert numbers == ["1", "45", "47", "58", "59", "60", "69", "286", "288"]


def test_parts_number_their_paragraphs_on_their_own() -> None:
    found = passages("beijing")
    assert found["beijing/resolution/para1"].text.startswith("Adopts")
    assert found["beijing/declaration/para1"].text.startswith("We, the delegates")
    assert found["beijing/para1"].text.startswith("The Platform")


def test_letters_and_sub_letters_hang_on_their_paragraph() -> None:
    letter = passages("beijing")["beijing/para58/a/ii"]
    assert (letter.text, letter.parent, letter.citation) == ("In towns;", "beijing/para58/a", "BPfA, para. 58(a)(ii)")


def test_the_addressee_is_the_duty_bearer_until_the_next_paragraph() -> None:
    found = passages("beijing")
    assert found["beijing/para58/b"].duty_bearer == "Governments"
    assert found["beijing/para59/a"].duty_bearer == "Governments, in cooperation with users, as appropriate"
    assert found["beijing/para60"].duty_bearer is None


def test_areas_and_objectives_have_the_platforms_own_identifiers() -> None:
    found = passages("beijing")
    assert found["beijing/A"].text == "A. Women and water" and found["beijing/B"].citation == "BPfA, area B"
    assert found["beijing/A.1"].citation == "BPfA, A.1"
    assert found["beijing/para58"].section[-2:] == (
        "A. Women and water",
        "Strategic objective A.1. Bring wells closer to homes",
    )


def test_lettered_sections_of_another_chapter_are_no_areas() -> None:
    found = passages("beijing")
    assert "beijing/ch/V.A" in found and found["beijing/ch/V"].text == "Chapter V\nINSTITUTIONAL ARRANGEMENTS"


def test_commitments_run_on_from_the_national_to_the_international_level() -> None:
    found = passages("wssd")
    assert found["wssd/c1/b"].section[-1] == "at the national level"
    assert found["wssd/c1/c"].section[-1] == "at the international level"
    assert found["wssd/c1"].text == "We commit ourselves to open the door."
    assert found["wssd/c10"].citation == "Copenhagen Declaration, commitment 10"


def test_letters_that_restart_under_the_second_run_are_kept_apart() -> None:
    text = COPENHAGEN.replace("(c) Share keys;", "(a) Share keys;")
    ids = {p.id for p in parse(text, document="wssd", title="", file="x.md", sha256="0" * 64).passages}
    assert {"wssd/c1/a", "wssd/c1/international/a"} <= ids


def test_programme_and_declaration_are_distinguished() -> None:
    found = passages("wssd")
    assert found["wssd/decl/para14"].citation == "Copenhagen Declaration, para. 14"
    assert found["wssd/poa/para66"].citation == "Copenhagen Programme of Action, para. 66"
    assert found["wssd/poa/para71/b"].text == "Open books."
    assert "wssd/poa/IV.A" in found and "wssd/decl/A" in found


def test_issues_restart_in_each_direction_and_objectives_in_each_issue() -> None:
    found = passages("mipaa")
    assert found["mipaa/I.1/obj1/b"].text == "Write it down."
    assert found["mipaa/I.1/obj2/a"].text == "Add a chair."
    assert found["mipaa/I.2/obj1/a"].text == "Ask employers."
    assert found["mipaa/II.1/obj1/a"].citation == "MIPAA, Issue II.1, Objective 1 (a)"


def test_articles_of_the_political_declaration() -> None:
    assert passages("mipaa")["mipaa/pd/2"].text == "We celebrate long lives."


def test_an_issue_whose_direction_is_not_in_the_text_gets_none() -> None:
    text = "Issue 3: Emergencies\n\nObjective 1: Help first.\n\n(a) Bring water.\n"
    ids = {p.id for p in parse(text, document="mipaa", title="", file="x.md", sha256="0" * 64).passages}
    assert "mipaa/issue3/objective1/a" in ids


def test_recitals_have_a_place_but_no_number() -> None:
    recital = passages("beijing")["beijing/preamble/p2"]
    assert recital.kind == "recital" and recital.number is None


@pytest.mark.parametrize("document", TEXTS)
def test_passages_and_leftovers_rebuild_the_text(document: str) -> None:
    assert lost(read(document), TEXTS[document]) == []


# --- real files ---


@pytest.mark.parametrize(
    ("file", "count"), [("A_RES_73_3-EN", 53), ("A_RES_73_6-EN", 14), ("A_RES_73_7-EN", 28), ("A_RES_73_8-EN", 5)]
)
def test_general_assembly_resolutions_to_all_their_numbered_paragraphs(shared, file: str, count: int) -> None:
    pdf = pytest.importorskip("kb.read")
    pages = pdf.read(shared / "data" / "instruments" / "un_layout_samples" / f"{file}.pdf")
    document = parse(pages, document="res", title=file)
    numbers = [int(m[1]) for p in document.passages if (m := re.fullmatch(r"res/para(\d+)", p.id))]
    assert numbers == list(range(1, count + 1))
    assert lost(document, pages.text) == []


@pytest.mark.parametrize(
    ("document", "file", "expected"),
    [
        ("beijing", "beijing_1995", ["declaration/para6", "para7", "para45", "A.1", "B.6", "C.5", "D.1", "ch/II"]),
        ("wssd", "copenhagen_1995", ["decl/para6", "c1", "c5", "c6/a", "c6/b"]),
        ("mipaa", "madrid_2002", ["pd/3", "I.8", "II.6", "III.4"]),
    ],
)
def test_fragments_to_their_numbers(shared, document: str, file: str, expected: list[str]) -> None:
    text = (shared / "data" / "instruments" / "fragments_1995_2002" / f"{file}_fragments.md").read_text(
        encoding="utf-8"
    )
    found = parse(text, document=document, title=file, file=f"{file}.md", sha256="0" * 64)
    assert {f"{document}/{each}" for each in expected} <= {p.id for p in found.passages}
    assert lost(found, text) == []


HARD_WRAPPED = """                               Chapter IV

                    STRATEGIC OBJECTIVES AND ACTIONS


45.   In each area of concern the problem is described and objectives are put
forward together with actions which the various actors should take in order to
reach those objectives within the time that has been agreed upon by all.


                        A.  Women and water

47.   More than one thousand people in the world today live without water, most
of them in the countries that have been named in the annex to the report, and the
share of women among them is growing from one year to the next.  The report says
that 15 per cent of them walk for more than two hours each day.

   Strategic objective A.1.   Review, adopt and maintain water policies
                              and well strategies that address the
                              needs and efforts of people without water

Actions to be taken

58.   By Governments, in cooperation with those who carry water and with the
offices of the towns, as appropriate:

      (a)  Review and modify, with the full and equal participation of the people
who carry the water, all of the plans for wells with a view to reaching the aims
of the Platform;

      (b)  Analyse policies and programmes - including those related to wells, to
pumps, taxation, pipes and markets - with respect to their impact on hours.
"""


def test_text_broken_at_a_fixed_width_with_indented_headings() -> None:
    document = parse(HARD_WRAPPED, document="beijing", title="", file="x.txt", sha256="0" * 64)
    found = {passage.id: passage for passage in document.passages}
    assert found["beijing/para47"].text.endswith("two hours each day.")
    assert found["beijing/para58/a"].text.endswith("of the Platform;")
    assert found["beijing/para58/b"].duty_bearer == (
        "Governments, in cooperation with those who carry water and with the offices of the towns, as appropriate"
    )
    assert found["beijing/para58"].section[-1].endswith("needs and efforts of people without water")
    assert lost(document, HARD_WRAPPED) == []


def test_an_objective_that_is_a_numbered_paragraph_keeps_both_numbers() -> None:
    text = MADRID.replace("Objective 1: Recognition", "21. Objective 1: Recognition")
    document = parse(text, document="mipaa", title="", file="x.md", sha256="0" * 64)
    found = {passage.id: passage for passage in document.passages}
    assert found["mipaa/para21/a"].text == "Say so;"
    assert found["mipaa/para21/a"].section[-1].startswith("Objective 1: Recognition")
    assert "mipaa/I.1/obj1" in {section.id for section in document.sections}
    assert found["mipaa/I.1/obj2/a"].text == "Add a chair."


def test_list_items_whose_letters_only_the_markup_makes_have_a_place_and_no_number() -> None:
    lines = ["204. By Governments:", "Dig wells;", "Keep them clean."]
    starts = [0, 21, 32]
    paragraphs = tuple(
        Paragraph(text=line, kind="list-item" if at else "paragraph", chars=(at, at + len(line)))
        for at, line in zip(starts, lines)
    )
    pages = Pages(file="x.docx", sha256="0" * 64, type="docx", text="\n".join(lines), paragraphs=paragraphs)
    item = next(p for p in parse(pages, document="beijing", title="").passages if p.text == "Keep them clean.")
    assert (item.id, item.number, item.duty_bearer) == ("beijing/para204/i2", None, "Governments")


# --- official texts in Spanish and French ---

MADRID_ES = """Declaración Política

Plan de Acción Internacional de Madrid sobre el Envejecimiento

Prólogo

Este libro reúne los textos que se aprobaron en la reunión y fue impreso con ayuda de la ciudad que la acogió durante cinco días.

Primera parte

Declaración Política

Artículo 1 Nosotros, los reunidos, hemos decidido abrir la casa a todas las edades.

Artículo 2

Celebramos las vidas largas.

Segunda parte

Plan de Acción Internacional de Madrid sobre el Envejecimiento, 2002

I. Introducción

1. El mundo envejece.

II. Recomendaciones para la adopción de medidas

A. Orientación prioritaria I Trabajo y vida

16. Las personas mayores participan.

Cuestión 1: Participación

21. Objetivo 1: Reconocer lo que dan.

Medidas

a) Decirlo;

b) Escribirlo.

22. Objetivo 2: Una silla en la mesa.

Medidas

a) Añadir una silla.

III. Aplicación y seguimiento

115. Se requiere constancia.

Medidas en el plano nacional

116. Cada país decide.
"""

BEIJING_FR = """Déclaration de Beijing

1. Nous, les délégations, sommes réunies.

Nous réaffirmons notre volonté :

2. D'ouvrir la porte ;

Programme d'action

Chapitre premier

MISSION

1. Le Programme est un agenda.

Chapitre IV

OBJECTIFS STRATEGIQUES ET MESURES A PRENDRE

A. Les femmes et l'eau

47. Les puits sont loin.

Objectif stratégique A.1. Rapprocher les puits des maisons

Mesures à prendre

58. Mesures à prendre par les gouvernements :

a) Creuser des puits ;

b) Les tenir propres.
"""

COPENHAGEN_ES = """Declaración de Copenhague sobre Desarrollo Social

1. Nos reunimos por primera vez.

C. Compromisos

Compromiso 1

Nos comprometemos a abrir la puerta.

Con este fin, en el plano nacional:

a) Compraremos una llave;

En el plano internacional:

b) Compartiremos las llaves;

Programa de Acción de la Cumbre Mundial sobre Desarrollo Social

Capítulo IV

INTEGRACIÓN SOCIAL

66. El objetivo es una casa para todos.
"""


def test_madrid_in_spanish_has_the_identifiers_of_the_plan() -> None:
    document = parse(MADRID_ES, document="mipaa", title="", file="x.md", sha256="0" * 64, language="es")
    found = {passage.id: passage for passage in document.passages}
    assert (
        found["mipaa/pd/1"].text.startswith("Nosotros, los reunidos")
        and found["mipaa/pd/1/heading"].text == "Artículo 1"
    )
    assert found["mipaa/pd/2"].text == "Celebramos las vidas largas."
    assert found["mipaa/para21/b"].text == "Escribirlo." and found["mipaa/para22/a"].number == "a"
    assert found["mipaa/para116"].section[-1] == "Medidas en el plano nacional"
    assert {"mipaa/intro", "mipaa/I", "mipaa/I.1", "mipaa/I.1/obj2", "mipaa/follow-up"} <= {
        s.id for s in document.sections
    }
    assert next(p for p in document.passages if p.text.startswith("Este libro")).kind in ("title", "front-matter")
    assert lost(document, MADRID_ES) == []


def test_beijing_in_french_has_areas_objectives_and_addressees() -> None:
    document = parse(BEIJING_FR, document="beijing", title="", file="x.md", sha256="0" * 64, language="fr")
    found = {passage.id: passage for passage in document.passages}
    assert {"beijing/declaration/para2", "beijing/ch/I", "beijing/A", "beijing/A.1"} <= set(found)
    assert found["beijing/declaration/para1"].text == "Nous, les délégations, sommes réunies."
    assert (found["beijing/para58/b"].text, found["beijing/para58/b"].duty_bearer) == (
        "Les tenir propres.",
        "les gouvernements",
    )
    assert lost(document, BEIJING_FR) == []


@pytest.mark.parametrize(
    "printed",
    [
        "Objectif strategique A.1. Rapprocher",
        "OBJECTIF STRATÉGIQUE A.1. RAPPROCHER",
        "Objectif strate\u0301gique A.1. Rapprocher",
    ],
)
def test_accents_and_case_of_a_label_do_not_matter(printed: str) -> None:
    text = BEIJING_FR.replace("Objectif stratégique A.1. Rapprocher", printed)
    assert "beijing/A.1" in {
        p.id for p in parse(text, document="beijing", title="", file="x.md", sha256="0" * 64).passages
    }


def test_copenhagen_in_spanish_has_commitments_and_levels() -> None:
    document = parse(COPENHAGEN_ES, document="wssd", title="", file="x.md", sha256="0" * 64, language="es")
    found = {passage.id: passage for passage in document.passages}
    assert found["wssd/c1"].text == "Nos comprometemos a abrir la puerta."
    assert found["wssd/c1/a"].section[-1] == "at the national level" and "wssd/c1/b" in found
    assert found["wssd/poa/para66"].section == ("Capítulo IV INTEGRACIÓN SOCIAL",)


def test_a_chapter_of_the_report_before_the_parts_is_no_chapter_of_the_platform() -> None:
    text = "Chapter I\n\nRESOLUTIONS ADOPTED\n\n" + PLATFORM
    found = {p.id: p for p in parse(text, document="beijing", title="", file="x.md", sha256="0" * 64).passages}
    assert found["beijing/ch/I"].text == "Chapter I\nMISSION STATEMENT" and "beijing/resolution/para2" in found
    assert not any("~" in id for id in found)


def test_lines_between_paragraphs_stand_apart_and_notes_at_the_end_keep_their_numbers() -> None:
    text = (
        PLATFORM
        + "\nGeneral Assembly\n\n289. The Assembly meets. 1/\n\nNotes\n\n1/ Resolution 34/180.\n\n2/ Resolution 45/164.\n"
    )
    found = {p.id: p for p in parse(text, document="beijing", title="", file="x.md", sha256="0" * 64).passages}
    assert found["beijing/para288"].text == "Each country decides."
    assert found["beijing/para289"].section[-1] == "General Assembly"
    assert (found["beijing/notes/2"].kind, found["beijing/notes/2"].text) == ("note", "Resolution 45/164.")


def test_the_platform_in_full_has_every_paragraph_objective_and_letter(shared) -> None:
    pdf = pytest.importorskip("kb.read")
    file = shared / "data" / "instruments" / "beijing" / "beijing-1995-declaration-and-platform-for-action_en.pdf"
    pages = pdf.read(file)
    document = parse(pages, document="beijing", title="")
    found = {p.id: p for p in document.passages}
    numbers = [int(m[1]) for id in found if (m := re.fullmatch(r"beijing/para(\d+)", id))]
    assert numbers == list(range(1, 362))
    assert [n for n in range(1, 39) if f"beijing/declaration/para{n}" not in found] == []
    objectives = {id for id in found if re.fullmatch(r"beijing/[A-L]\.\d+", id)}
    assert len(objectives) == 52
    assert found["beijing/para80/j"].text.endswith("where they have not already done so.")
    assert found["beijing/para206/f"].duty_bearer and found["beijing/para206/f"].section[-1].startswith(
        "Strategic objective H.3"
    )
    actions = [
        p
        for p in document.passages
        if re.fullmatch(r"beijing/para\d+", p.id) and "Strategic obj" in "".join(p.section[-1:])
    ]
    assert [p.id for p in actions if not p.duty_bearer] == []
    assert not any("~" in id for id in found) and lost(document, pages.text) == []


def test_the_madrid_plan_in_spanish_has_every_article_paragraph_and_issue(shared) -> None:
    pdf = pytest.importorskip("kb.read")
    file = shared / "data" / "instruments" / "madrid" / "madrid-2002-declaracion-politica-y-plan-de-accion_es.pdf"
    pages = pdf.read(file)
    document = parse(pages, document="mipaa", title="", language="es")
    found = {p.id for p in document.passages}
    assert [n for n in range(1, 133) if f"mipaa/para{n}" not in found] == []
    assert [n for n in range(1, 20) if f"mipaa/pd/{n}" not in found] == []
    sections = [s.id for s in document.sections]
    assert sum(bool(re.fullmatch(r"mipaa/[IV]+\.\d+", id)) for id in sections) == 18
    assert sum(bool(re.fullmatch(r"mipaa/[IV]+\.\d+/obj\d", id)) for id in sections) == 35
    assert lost(document, pages.text) == []
