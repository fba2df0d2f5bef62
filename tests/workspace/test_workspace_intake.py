"""A policy file comes in."""
import pytest
import workspace_toys as toys

from kb.errors import InputError, RefusedError
from kb.sources import library
from kb.workspace import intake, policies
from kb.workspace.proposals import machine_states


@pytest.fixture
def act(tmp_path):
    """A policy file."""
    file = tmp_path / "act.txt"
    file.write_text("Pension Act\n\n" + "\n\n".join(f"Article {n}. {text}" for n, text in enumerate(toys.WORDS.values(), 1)))
    return file


@pytest.fixture
def take(ws, tmp_path):
    """Takes a file into the set 'land'."""
    policies.create_set(ws, "land", "Land", country="KEN", by="Ada")

    def taken(file, **given):
        how = {"title": "Pension Act", "by": "Ada", "label": "1", "standing": "in-force", "dated": "2019", **given}
        return intake.take_in(ws, tmp_path / "library", "land", file, **how)

    return taken


def test_a_file_is_kept_read_and_put_into_its_set(ws, take, act, tmp_path):
    made = take(act)
    assert (made.id, made.current.standing, made.current.dated) == ("pension-act", "in-force", "2019")
    kept = library.records(tmp_path / "library")
    assert [(tmp_path / "library" / one.file).read_bytes() for one in kept] == [act.read_bytes()]
    with ws.reading() as reader:
        text = policies.document_of(reader, made.current)
    assert toys.WORDS["art1"] in " ".join(passage.text for passage in text.passages)
    assert all(passage.id.startswith("pension-act/") and passage.force == "national-measure" for passage in text.passages)


def test_a_newer_text_is_a_version_and_keeps_the_older_one(take, act, tmp_path):
    take(act)
    newer = tmp_path / "act2.txt"
    newer.write_text(act.read_text() + "\n\nArticle 5. The Board shall be audited every year.")
    made = take(newer, label="2", dated="2024", version_of="pension-act")
    assert [version.label for version in made.versions] == ["1", "2"]


def test_the_same_text_again_is_refused(take, act, tmp_path):
    take(act)
    with pytest.raises(RefusedError):
        take(act, title="Another name")


def test_a_wrong_date_is_told_before_anything_is_kept(take, act, tmp_path):
    with pytest.raises(InputError, match="no date"):
        take(act, dated="last year")
    assert not library.records(tmp_path / "library")


def test_looking_through_keeps_a_run_and_sets_no_status(ws, take, act):
    take(act)

    def propose(document, framework):
        return {"framework": {"version": framework.version}, "method": {"model": "toy"}, "criteria": [
            {"id": c.id, "state": "no-evidence-found", "proposals": []} for c in framework.criteria()]}

    told = []
    intake.look_through(ws, toys.framework(), "land", "pension-act", propose=propose, say=told.append)
    assert set(machine_states(ws, "land", toys.framework()).values()) == {"no-evidence-found"}
    assert "for 6 criteria" in told[0]
