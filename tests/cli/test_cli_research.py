"""The commands for researchers: export, codebook, agreement, kwic, counts, sample, codes, method."""

import json

import pytest
from kb_commands import ran
from toy_bench import use_toy_index

from kb.errors import InputError, KBError, RefusedError
from kb.models import Document, Passage, Place, Tag

TEXTS = ("Older persons work.", "Old age and older women.", "Nothing.")


def document():
    passages = tuple(
        Passage(
            id=f"toy/p{n}",
            document="toy",
            kind="paragraph",
            text=text,
            citation=f"Toy {n}",
            force="observation",
            place=Place(file="toy.txt", sha256="ab" * 32, chars=(0, len(text))),
            tags=(Tag(facet="group", id="older-persons", origin="rule:words", confidence=0.6),) if n < 2 else (),
        )
        for n, text in enumerate(TEXTS)
    )
    return Document(
        id="toy", title="Toy", force="observation", passages=passages, place=Place(file="toy.txt", sha256="ab" * 32)
    )


@pytest.fixture
def kb(tmp_path, monkeypatch, root):
    """Return a function that runs a command over a toy index in its own workspace and returns its output."""
    monkeypatch.setenv("KB_HOME", str(root))
    monkeypatch.setenv("KB_WORKSPACE", str(tmp_path / "workspace"))
    monkeypatch.delenv("KB_DATABASE_URL", raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "workspace").mkdir()
    use_toy_index(monkeypatch, document())

    return ran


def test_passages_are_exported_with_their_description(kb, tmp_path):
    assert (
        kb("export", "passages", "--format", "csv", "--facet", "group=older-persons", "--out", "a.csv")
        == "a.csv and a.csv-metadata.json\n"
    )
    assert (tmp_path / "a.csv").read_text(encoding="utf-8").count("\n") == 3
    described = json.loads((tmp_path / "a.csv-metadata.json").read_text(encoding="utf-8"))
    assert described["kb:provenance"]["filters"] == {"group": ["older-persons"]}


def test_a_preview_writes_nothing(kb, tmp_path):
    assert [row["id"] for row in json.loads(kb("export", "passages", "--preview", 2))] == ["toy/p0", "toy/p1"]
    assert [p.name for p in tmp_path.iterdir()] == ["workspace"]


@pytest.mark.parametrize(
    "arguments, said",
    [
        (("results",), "Results need a query"),
        (("findings",), "Findings belong to an assessment"),
        (("passages", "--query", "x"), "A query finds results"),
        (("passages", "--facet", "group"), "no facet filter"),
        (("passages", "--format", "xls"), "Formats are"),
        (("passages", "--layout", "tall"), "Layouts of table formats"),
    ],
)
def test_what_cannot_be_exported_is_reported(kb, arguments, said):
    with pytest.raises(InputError, match=said):
        kb("export", *arguments)


def test_a_codebook_goes_out_comes_in_and_keeps_its_history(kb, tmp_path):
    assert kb("codebook", "export", "--format", "qdc", "--out", "c.qdc") == "c.qdc\n"
    assert "sound; 0 without a definition" in kb("codebook", "check", "c.qdc")
    kb("codebook", "import", "c.qdc", "--out", "mine.yaml")
    kb("codebook", "export", "--from", "mine.yaml", "--format", "csv", "--out", "c.csv")
    table = (tmp_path / "c.csv").read_text(encoding="utf-8-sig")
    (tmp_path / "c.csv").write_text(table.replace("Women and girls of all ages.", "Women and girls."), encoding="utf-8")
    said = kb(
        "codebook", "import", "c.csv", "--out", "mine.yaml", "--version", "2", "--by", "A coder", "--date", "2026-02-01"
    )
    assert "changed group/women-girls (definition)" in said
    with pytest.raises(InputError, match="needs its version"):
        kb("codebook", "import", "c.csv", "--out", "mine.yaml")


def test_words_in_context(kb):
    said = kb("kwic", "old*", "--width", 12, "--sort", "left")
    assert "[Older] persons wor   toy/p0" in said and said.endswith("3 occurrences in 2 passages\n")


def test_counts_say_of_how_many_and_draw_a_plot(kb, tmp_path):
    assert kb("counts", "group", "--plot", "p.json") == "older-persons: 2 of 3 (66.7%; 2 coded)\n"
    assert json.loads((tmp_path / "p.json").read_text())["data"]["values"][0]["of"] == 3
    assert kb("counts", "group", "--by", "document") == "toy  older-persons: 2 of 3 (66.7%; 2 coded)\n"


def test_a_sample_is_drawn_again(kb):
    assert kb("sample", 2, "--facet", "group", "--seed", 3) == kb("sample", 2, "--facet", "group", "--seed", 3)


def test_codes_made_elsewhere_come_into_the_workspace_once(kb, tmp_path):
    from kb.export import Provenance, export, row_of

    tag = Tag(facet="group", id="youth", origin="person:Coder A", state="confirmed", span=(0, 5))
    changed = Tag(facet="group", id="youth", origin="person:Coder B", state="confirmed")
    rows = [row_of(p.model_copy(update={"tags": (*p.tags, tag)})) for p in document().passages[:1]]
    rows.append(row_of(document().passages[1].model_copy(update={"text": "Other words.", "tags": (changed,)})))
    export(rows, "qdpx", tmp_path / "p.qdpx", Provenance())
    assert kb("codes", "import", "p.qdpx").endswith(
        "1 code added, 0 known already, 1 not taken; 1 machine tag left out\n"
    )
    assert kb("codes", "import", "p.qdpx").endswith(
        "0 codes added, 1 known already, 1 not taken; 1 machine tag left out\n"
    )
    (coding,) = map(json.loads, kb("codes", "list").splitlines())
    assert (coding["coder"], coding["code"], coding["span"], coding["memo"]) == (
        "Coder A",
        "youth",
        [0, 5],
        "imported from p.qdpx",
    )
    kb("export", "codes", "--format", "qdpx", "--out", "again.qdpx")
    assert (tmp_path / "again.qdpx").stat().st_size > 500


def test_agreement_and_method_of_an_empty_study(kb, tmp_path):
    assert "nothing was coded by two people" in kb("agreement")
    assert json.loads(kb("agreement", "--json"))["machine"] == []
    assert "No sample was drawn" in kb("method")
    (tmp_path / "e.json").write_text('{"tags": {"f1": 0.5}}')
    assert kb("method", "--eval", "e.json", "--out", "m.md") == "m.md\n"
    assert "| tags · f1 | 0.5 |" in (tmp_path / "m.md").read_text(encoding="utf-8")


def test_a_round_of_double_coding_from_sample_to_method_statement(kb):
    assert (
        kb("codes", "open", "pilot", "--coder", "A", "--coder", "B", "--sample", 3, "--by", "Lead")
        == "A: 3 passages\nB: 3 passages\n"
    )
    kb(
        "codes",
        "add",
        "toy/p0",
        "group:older-persons",
        "--by",
        "A",
        "--session",
        "pilot",
        "--span",
        "0-5",
        "--memo",
        "clear",
    )
    kb("codes", "add", "toy/p0", "group:older-persons", "--by", "B", "--session", "pilot")
    kb("codes", "reject", "toy/p1", "group:older-persons", "--by", "A", "--session", "pilot")
    kb("codes", "add", "toy/p1", "group:older-persons", "--by", "B", "--session", "pilot")
    assert kb("codes", "list") == "", "blind until the round is closed"
    assert len(kb("codes", "list", "--viewer", "A").splitlines()) == 2
    shown = kb("codes", "next", "pilot", "--by", "A")
    assert "toy/p2  [verbatim]" in shown and "1 left; assigned 3, coded 2" in shown
    kb("codes", "none", "toy/p2", "group", "--session", "pilot", "--by", "A")
    assert kb("codes", "next", "pilot", "--by", "A") == "Nothing is left for A.\n"
    with pytest.raises(RefusedError, match="nothing was closed"):
        kb("codes", "close", "pilot", "--by", "Lead")
    assert (
        kb("codes", "close", "pilot", "--anyway", "--by", "Lead") == "pilot: closed with passages left uncoded: B 1\n"
    )
    said = kb("agreement", "--session", "pilot")
    assert "units that both coded: 2 verbatim, 0 own words" in said
    assert "group:older-persons  n 2  prevalence 0.750" in said
    assert "settle: toy/p1  group:older-persons  gave: B; did not: A" in said
    assert said.count("Machine against") == 2
    said = kb("method", "--session", "pilot")
    assert "Coders did not see each other's codes" in said and "No sample was drawn" not in said
    assert "| A | 3 | 3 | 3 |" in said and "| B | 3 | 2 | 2 |" in said
    assert "3 passages, of 3 passages (3 verbatim, 0 own words), from all passages, by lot" in said and "seed 0" in said


@pytest.mark.parametrize(
    "arguments, said",
    [
        (("toy/p0", "older-persons"), "no code"),
        (("toy/p9", "group:x"), "no passage 'toy/p9'"),
        (("toy/p0", "group:youth", "--span", "five"), "no span"),
        (("toy/p0", "group:youth", "--span", "0-900"), "does not lie"),
        (("toy/p0", "group:yuoth"), "the codebook has no code 'group:yuoth'. Nearest: group:youth"),
        (("toy/p0", "grup:youth"), "the codebook has no code 'grup:youth'"),
    ],
)
def test_codes_that_cannot_be_given(kb, arguments, said):
    with pytest.raises(KBError, match=said):
        kb("codes", "add", *arguments, "--by", "A")


def test_an_export_is_dated_with_a_day_or_not_at_all(live_kb, tmp_path):
    from kb.cli.export import command

    with pytest.raises(InputError, match="'Monday' is no day. Write it as 2026-03-01."):
        command.main(["passages", "--date", "Monday", "--out", str(tmp_path / "x.csv")], standalone_mode=False)
    assert not (tmp_path / "x.csv").exists()
