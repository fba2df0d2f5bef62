"""The inputs of a build: every file by hash, and one fingerprint that changes with any of them."""

from kb.index import manifest
from kb.index.manifest import fingerprint, inputs_of
from kb.sources.keep import add_policy


def test_inputs_are_all_files_of_corpus_and_library_by_hash(tmp_path):
    corpus, library = tmp_path / "corpus", tmp_path / "library"
    for file in (
        corpus / "a.yaml",
        corpus / "deep/b.txt",
        corpus / ".a.yaml.1.part",
        library / "policies/stray.pdf",
        library / ".incoming/c.pdf",
        library / ".hidden",
        tmp_path / "c.pdf",
    ):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(file.name, encoding="utf-8")
    add_policy(tmp_path / "c.pdf", library, country="KEN", title="Act", date="2019", status="draft")
    (library / "policies/stray.pdf").write_text("of a program that was killed", encoding="utf-8")
    before = inputs_of(corpus, library)
    assert set(before) == {
        "a.yaml",
        "deep/b.txt",
        "library/policies/ken-act.pdf",
        "library/policies/ken-act.pdf.record.json",
    }
    (corpus / "a.yaml").write_text("other", encoding="utf-8")
    after = inputs_of(corpus, library)
    assert {name for name in before if before[name] != after[name]} == {"a.yaml"}


def test_a_fingerprint_depends_on_what_went_in_and_not_on_its_order(monkeypatch):
    one = fingerprint({"a": "1", "b": "2"}, ["m@1", "n@1"])
    assert one == fingerprint({"b": "2", "a": "1"}, ["n@1", "m@1"])
    assert one != fingerprint({"a": "1", "b": "3"}, ["m@1", "n@1"])
    assert one != fingerprint({"a": "1", "b": "2"}, ["m@2", "n@1"])
    monkeypatch.setattr(manifest, "packages", lambda: {"tantivy": "0"})
    assert one != fingerprint({"a": "1", "b": "2"}, ["m@1", "n@1"])


def test_packages_that_are_not_installed_are_left_out(monkeypatch):
    monkeypatch.setattr(manifest, "_PACKAGES", ("pydantic", "no-such-package-anywhere"))
    assert list(manifest.packages()) == ["pydantic"]
