"""A source of the knowledge base is refused as a policy, also in another format; a policy that quotes it is
accepted."""

import pytest

from kb.errors import InputError
from kb.read import read
from kb.sources.own import policy_of, refuse_own_source, share_of
from kb.structure import parse


@pytest.fixture
def paper(root):
    return (root / "corpus/background-paper/background-paper.txt").read_text(encoding="utf-8")


@pytest.fixture
def document(tmp_path):
    """Return a function that reads a text as a policy."""

    def read_as_policy(text):
        file = tmp_path / "policy.txt"
        file.write_text(text, encoding="utf-8")
        return parse(read(file), "generic", document="policy", title="Policy", force="national-measure", language="en")

    return read_as_policy


def test_the_paper_with_another_line_at_its_end_is_still_the_paper(document, paper, root):
    with pytest.raises(InputError, match="a source of the knowledge base itself, not a policy"):
        refuse_own_source(document(paper + "\nprinted on Monday\n"), root / "corpus")


def test_a_part_of_the_paper_is_refused_too(document, paper, root):
    with pytest.raises(InputError):
        refuse_own_source(document(paper[20000:50000]), root / "corpus")


def test_a_policy_that_quotes_the_paper_is_a_policy(document, paper, root):
    own = "\n\n".join(
        f"Article {n}. The State shall pay every person aged {n} or over a pension of {n} a month."
        for n in range(60, 120)
    )
    text = own + "\n\n" + paper[20000:22000]
    assert 0 < share_of(document(text), paper) < 0.5
    refuse_own_source(document(text), root / "corpus")


def test_a_text_of_headings_only_is_no_source(document, root):
    refuse_own_source(document("Poverty\n\nConclusion\n"), root / "corpus")


def test_a_file_of_ones_own_is_a_policy_that_names_no_folder(tmp_path, root):
    file = tmp_path / "old_age_act.txt"
    file.write_text("Article 1. Every person aged 65 or over has the right to a pension each month.\n", "utf-8")
    policy = policy_of(file, root / "corpus", "en")
    assert (policy.id, policy.title, policy.language) == ("old-age-act", "old age act", "en")
    assert {passage.place.file for passage in policy.passages} == {policy.place.file} == {"old_age_act.txt"}
