"""A new document is added to the index; existing documents are neither read nor written again."""

import json
import os
import subprocess
import sys
from pathlib import Path
from threading import Event, Thread

import numpy as np
import pytest
from building import toy_job
from kb_toys import TOY, ToyEncoder, toy_document, toy_passage

from kb.build import growing
from kb.build.job import build, is_stale
from kb.build.writing import prove_index
from kb.engine.filters import EVERYTHING, Has, Is
from kb.engine.local import vectors
from kb.engine.local.segments import firsts_of
from kb.engine.local.sharing import sharing
from kb.engine.query import Words
from kb.errors import IndexError_
from kb.index import manifest, proofs
from kb.index.live import current, open_index


@pytest.fixture(autouse=True)
def much(monkeypatch):
    """Allow an index to grow to many times its size without being made anew."""
    monkeypatch.setattr(growing, "_GROWN", 100.0)


def made(indexes, *documents, code="c", **fields):
    """Return an index of these documents, and the messages of its build."""
    said = []
    build(toy_job(indexes, documents=list(documents), code=code, say=said.append, **fields))
    return open_index(indexes, indexes), " ".join(said)


def answers(index):
    """Return the answers of an engine to every kind of request."""
    engine, query = index.engine, ToyEncoder().query("older women and their rights")
    found = [engine.words(Words(word), EVERYTHING, 20) for word in ("older", "women", "states", "pension")]
    found += [engine.words(None, EVERYTHING, 20), engine.words(None, Is("language", ("en",)), 3)]
    found += [engine.nearest("english", query, EVERYTHING, 20), engine.nearest("english", query, EVERYTHING, 3)]
    ids = engine.merged([leg.ids for leg in found])
    columns = engine.columns(ids)
    return {
        "legs": [(list(leg.ids), np.round(leg.scores, 5).tolist(), leg.total) for leg in found],
        "ids": list(ids),
        "places": engine.places(ids, ids).tolist(),
        "order": columns.order.tolist(),
        "sections": [columns.section.at(i) for i in range(len(ids))],
        "counts": engine.count(None, EVERYTHING),
        "passages": [passage.model_dump() for passage in engine.scan(EVERYTHING)],
        "repeats": engine.repeats(ids, 0.1),
        "similar": np.round(engine.similar("english", ids, ids[::-1]), 5).tolist(),
        "nearness": np.round(engine.nearness("english", query, ids[::-1]), 5).tolist(),
        "stems": [stems.tolist() for stems in engine.stems(ids)],
        "fields": [engine.fields(ids)[id] for id in ids],
        "every": [[each["id"] for each in index.store.every_fields(word)] for word in ("", "pension")],
        "carry": [engine.carry(ids, Has(Words(word))).tolist() for word in ("older", "estados", "pension")],
        "terms": {facet: engine.terms(facet) for facet in engine.facets()},
        "carrying": sorted((index.store.ids([row])[0], term) for row, term in index.store.carrying("group")),
        "get": [index.store.get(id).text for id in ids],
        "sharing": [sorted(sharing(index.store, id, 2)) for id in ids[:2]],
        "around": [passage.id for passage in engine.around(ids[1], 1, 1)],
        "documents": index.store.documents(),
        "wordings": index.store.wordings(),
    }


@pytest.mark.parametrize("documents", [TOY, TOY[::-1]], ids=["last", "first"])
@pytest.mark.parametrize("coded", [False, True], ids=["compared", "coded"])
def test_an_index_that_has_grown_answers_as_one_made_at_once(tmp_path, monkeypatch, documents, coded):
    if coded:
        monkeypatch.setattr(vectors, "EXACT_UP_TO", 1)
    made(tmp_path / "grown", *TOY[:1])
    grown, said = made(tmp_path / "grown", *documents)
    whole, _ = made(tmp_path / "whole", *documents)
    assert "1 document is added" in said
    assert answers(grown) == answers(whole)
    same = ("fingerprint", "documents", "passages", "texts", "inputs")
    assert all(getattr(grown.manifest, name) == getattr(whole.manifest, name) for name in same)


def of_one_passage(*numbers):
    """Documents of a passage each."""
    texts = (f"Older women of district {n} receive a pension. It is paid by the State, {n} times." for n in numbers)
    return [toy_document(toy_passage(f"more{n}/p1", text)) for n, text in zip(numbers, texts, strict=True)]


@pytest.mark.parametrize("coded", [False, True], ids=["compared", "coded"])
def test_an_index_that_has_grown_many_times_answers_as_one_made_at_once(tmp_path, monkeypatch, coded):
    if coded:
        monkeypatch.setattr(vectors, "EXACT_UP_TO", 1)
    documents, segments = list(TOY), []
    made(tmp_path / "grown", *documents)
    for n in (4, 2, 7, 1, 5, 3):  # the source order is by name: what comes later stands between what is there
        documents = [*TOY, *sorted([*documents[2:], *of_one_passage(n)], key=lambda document: document.id)]
        grown, _ = made(tmp_path / "grown", *documents)
        segments.append([first - 10 for first in firsts_of(grown.folder)[1:]])
    assert segments == [[1], [1], [1, 3], [1], [1, 5], [1, 5]], "small segments are taken into the next one"
    whole, _ = made(tmp_path / "whole", *documents)
    assert grown.store.order is not None and answers(grown) == answers(whole)


@pytest.fixture
def large(monkeypatch):
    """Treat indexes as large ones, which not every process reads whole, and every file as long written."""
    monkeypatch.setattr(proofs, "READ_WHOLE", 0)
    monkeypatch.setattr(proofs, "_SETTLED", 0)


def in_another_process(monkeypatch):
    """Forget what this process has proved; return the list of names to which each file that is now hashed is added."""
    monkeypatch.setattr(proofs, "_proved", {})
    return hashing(monkeypatch)


def hashing(monkeypatch):
    """Return the list of names to which each file of an index that is now hashed is added."""
    hashed, sha256_of = [], manifest.sha256_of
    for module in (manifest, proofs):
        monkeypatch.setattr(module, "sha256_of", lambda path: (hashed.append(path.name), sha256_of(path))[1])
    return hashed


def test_what_is_there_is_neither_copied_nor_read(tmp_path, monkeypatch, large):
    before, _ = made(tmp_path, *TOY)
    hashed = in_another_process(monkeypatch)
    build(toy_job(tmp_path, documents=[*TOY, *of_one_passage(1)], code="c"))
    after = open_index(tmp_path, tmp_path)
    rewritten = {"terms/meta.json", "terms/.managed.json"}
    kept = before.manifest.files.keys() - rewritten
    assert all((before.folder / name).samefile(after.folder / name) for name in kept)
    assert not {name.rpartition("/")[2] for name in kept}.intersection(hashed) and "passages.sqlite.11" in hashed
    assert {name: after.manifest.files[name] for name in kept} == {name: before.manifest.files[name] for name in kept}
    manifest.prove(after.folder, after.manifest)


def test_another_process_reads_of_a_large_index_what_is_quoted_and_no_vectors_that_were_proved(
    tmp_path, monkeypatch, large
):
    made(tmp_path, *TOY)
    made(tmp_path, *TOY, *of_one_passage(2))
    grown, _ = made(tmp_path, *TOY, *of_one_passage(1, 2))  # the first folder goes: its files lose a name
    hashed = in_another_process(monkeypatch)
    found = answers(open_index(tmp_path, tmp_path))
    assert {"passages.sqlite", "passages.sqlite.11", "english-parts.11.faiss"} <= set(hashed)
    assert "english-parts.faiss" not in hashed
    hashed = in_another_process(monkeypatch)
    assert answers(open_index(tmp_path, tmp_path)) == found
    assert "passages.sqlite" in hashed and not [name for name in hashed if "english" in name]
    assert {"postings-rows.npy", "postings-kinds.npy", "postings-rows.npy.11"} <= set(hashed), (
        "words are counted by them"
    )
    prove_index(grown.folder, grown.manifest)
    assert {"english-parts.faiss", "english-parts.11.faiss"} <= set(hashed), "whoever proves all of it reads all of it"


@pytest.mark.parametrize(
    "files",
    [
        {"1:2": []},
        {"1:2": None},
        {"1:2": 7},
        {"1:2": [1, 2, 3, "a", "soon"]},
        {"1:2": [1, 2, 3, "a", 10**400]},
        [1],
        "x",
    ],
    ids=["empty", "none", "number", "words", "huge", "list", "text"],
)
def test_a_record_of_proofs_of_another_form_counts_as_empty(tmp_path, monkeypatch, large, files):
    """Its checksum fits: somebody wrote it by hand, or another program did."""
    found = answers(made(tmp_path, *TOY)[0])
    data = json.dumps({"since": proofs._start_of_machine(), "files": files})
    record = tmp_path / "proved.json"
    record.write_text(json.dumps({"proved": data, "sha256": proofs.sha256_text(data)}))
    hashed = in_another_process(monkeypatch)
    assert answers(open_index(tmp_path, tmp_path)) == found and "english-parts.faiss" in hashed
    assert json.loads(record.read_bytes())["proved"] != data, "it is written anew"


def test_a_proof_from_before_the_clock_was_set_back_is_neither_believed_nor_kept(tmp_path, monkeypatch, large):
    made(tmp_path, *TOY)
    answers(open_index(tmp_path, tmp_path))
    record = proofs.ProofRecord(tmp_path / "proved.json")
    for entry in record._files.values():
        entry[-1] += 1e6  # twelve days
    record._files["1:2"] = [1, 2, 3, "a", proofs.time.time() + 1e6]
    data = json.dumps({"since": proofs._start_of_machine(), "files": record._files})
    (tmp_path / "proved.json").write_text(json.dumps({"proved": data, "sha256": proofs.sha256_text(data)}))
    hashed = in_another_process(monkeypatch)
    answers(open_index(tmp_path, tmp_path))
    assert "english-parts.faiss" in hashed
    kept = json.loads(json.loads((tmp_path / "proved.json").read_bytes())["proved"])["files"]
    assert kept and "1:2" not in kept


def test_the_record_of_proofs_holds_for_a_day_and_only_while_it_is_complete(tmp_path, monkeypatch, large):
    made(tmp_path, *TOY)
    record = tmp_path / "proved.json"
    for change in ("nothing", "late", "damaged", "gone"):
        answers(open_index(tmp_path, tmp_path))
        if change == "late":
            monkeypatch.setattr(proofs, "_A_DAY", 0.0)
        elif change == "damaged":
            record.write_bytes(record.read_bytes().replace(b"0", b"1", 1))
        elif change == "gone":
            record.unlink()
        hashed = in_another_process(monkeypatch)
        answers(open_index(tmp_path, tmp_path))
        assert ("english-parts.faiss" in hashed) == (change != "nothing"), change
        monkeypatch.setattr(proofs, "_A_DAY", 100.0)


@pytest.mark.parametrize("name", ["passages.sqlite", "english-whole.npy", "english-parts.faiss"])
def test_damage_of_a_large_index_with_old_times_is_named_by_the_next_process(tmp_path, large, monkeypatch, name):
    index, _ = made(tmp_path, *TOY)
    answers(index)
    data = (index.folder / name).read_bytes()
    rot(index.folder / name, data[-64:], data[-64:-1] + bytes([data[-1] ^ 1]))
    in_another_process(monkeypatch)
    with pytest.raises(IndexError_, match=f"{name} was changed since it was built. Run: kb build"):
        answers(open_index(tmp_path, tmp_path))
    grown, said = made(tmp_path, *TOY, *of_one_passage(1))
    assert f"damaged: {name} was changed" in said and "more1/p1" in answers(grown)["ids"]


def test_a_program_that_stays_reads_only_what_is_new_and_finds_what_was_changed_since(tmp_path, monkeypatch):
    monkeypatch.setattr(proofs, "_SETTLED", 0)
    before, _ = made(tmp_path, *TOY)
    answers(before)
    grown, _ = made(tmp_path, *TOY, *of_one_passage(1))
    hashed = hashing(monkeypatch)
    answers(grown)
    assert "passages.sqlite.11" in hashed and not {"passages.sqlite", "english-parts.faiss"}.intersection(hashed)
    assert grown.spaces["english"][0].parts[0] is before.spaces["english"][0], "its codes are in memory once"
    hashed.clear()
    prove_index(grown.folder, grown.manifest)
    assert {"passages.sqlite", "english-parts.faiss"} <= set(hashed), "whoever proves all of it reads all of it"
    path = grown.folder / "passages.sqlite"
    data, then = bytearray(path.read_bytes()), path.stat()
    data[-10] ^= 1
    path.write_bytes(data)
    os.utime(path, ns=(then.st_atime_ns, then.st_mtime_ns + 1))
    with pytest.raises(IndexError_, match="passages.sqlite was changed since it was built"):
        answers(open_index(tmp_path, tmp_path))


def test_a_disk_without_second_names_is_copied_and_every_file_is_hashed(tmp_path, monkeypatch):
    made(tmp_path / "grown", *TOY)

    def refused(*_):
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr("os.link", refused)
    grown, said = made(tmp_path / "grown", *TOY, *of_one_passage(1))
    whole, _ = made(tmp_path / "whole", *TOY, *of_one_passage(1))
    assert "added" in said and answers(grown) == answers(whole)
    manifest.prove(grown.folder, grown.manifest)


def rot(path, find, put):
    """Change bytes of a file, neither its size nor its time."""
    data, then = path.read_bytes(), path.stat()
    assert find in data and len(find) == len(put)
    path.write_bytes(data.replace(find, put))
    os.utime(path, ns=(then.st_atime_ns, then.st_mtime_ns))


def test_damage_of_a_segment_that_is_written_again_with_new_documents_is_not_taken_over(tmp_path):
    made(tmp_path, *TOY)
    grown, _ = made(tmp_path, *TOY, *of_one_passage(1))
    rot(grown.folder / "passages.sqlite.11", b"receive a pension", b"receive a PENSION")
    index, said = made(tmp_path, *TOY, *of_one_passage(1, 2))
    assert "added" not in said and index.store.size == 12
    assert "receive a pension" in index.store.get("more1/p1").text


def test_damage_of_what_is_copied_is_not_taken_over(tmp_path, monkeypatch):
    def refused(*_):
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr("os.link", refused)
    before, _ = made(tmp_path, *TOY)
    rot(before.folder / "passages.sqlite", b"Pensions for all", b"PENSIONS for all")
    index, said = made(tmp_path, *TOY, *of_one_passage(1))
    assert "added" not in said and index.store.size == 11
    assert "PENSIONS" not in " ".join(passage.text for passage in index.engine.scan(EVERYTHING))


@pytest.mark.parametrize(
    "name", ["passages.sqlite.11", "english-parts.11.npy", "english-whole.11.faiss", "terms/meta.json", "terms/*.store"]
)
def test_what_cannot_be_read_for_an_addition_is_made_at_once(tmp_path, name):
    made(tmp_path, *TOY)
    grown, _ = made(tmp_path, *TOY, *of_one_passage(1))
    path = next(grown.folder.glob(name))
    data = path.read_bytes()
    start, end = len(data) // 4, len(data) // 2
    rot(path, data[start:], bytes(end - start) + data[end:])
    index, said = made(tmp_path, *TOY, *of_one_passage(1, 2))
    assert "added" not in said and index.store.size == 12
    prove_index(index.folder, index.manifest)


def test_a_build_that_is_asked_for_mends_what_an_addition_does_not_read(tmp_path):
    before, _ = made(tmp_path, *TOY)
    rot(before.folder / "passages.sqlite", b"Pensions for all", b"PENSIONS for all")
    index, said = made(tmp_path, *TOY, *of_one_passage(1), is_addition=False)
    assert "added" not in said and index.store.size == 11
    prove_index(index.folder, index.manifest)


def test_an_addition_names_damage_that_changes_neither_size_nor_time_and_loses_nothing(tmp_path):
    before, _ = made(tmp_path, *TOY)
    path = before.folder / "passages.sqlite"
    data, then = bytearray(path.read_bytes()), path.stat()
    data[-10] ^= 1
    path.write_bytes(data)
    os.utime(path, ns=(then.st_atime_ns, then.st_mtime_ns))
    index, said = made(tmp_path, *TOY, *of_one_passage(1))
    assert "! the index was damaged: passages.sqlite was changed since it was built." in said
    assert "nothing of them is lost" in said and "added" not in said and index.store.size == 11
    prove_index(index.folder, index.manifest)
    assert not is_stale(tmp_path, index.manifest.inputs, ["toy@1"])


def test_damage_that_changes_neither_size_nor_time_is_named_before_an_answer_and_mended(tmp_path, monkeypatch):
    before, _ = made(tmp_path, *TOY)
    rot(before.folder / "passages.sqlite", b"Pensions for all", b"PENSIONS for all")
    monkeypatch.setattr(proofs, "_proved", {})  # as in a program that begins
    with pytest.raises(IndexError_, match="passages.sqlite was changed since it was built. Run: kb build"):
        answers(open_index(tmp_path, tmp_path))
    with pytest.raises(IndexError_, match="passages.sqlite was changed"):
        prove_index(current(tmp_path), open_index(tmp_path, tmp_path).manifest)
    assert is_stale(tmp_path, before.manifest.inputs, ["toy@1"])


def test_a_segment_that_is_gone_or_damaged_is_named(tmp_path):
    made(tmp_path, *TOY)
    index, _ = made(tmp_path, *TOY, *of_one_passage(1))
    for name in ("passages.sqlite.11", "english-parts.11.faiss", "english-whole.11.npy"):
        path = index.folder / name
        data = path.read_bytes()
        path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
        with pytest.raises(IndexError_, match=f"{name} was changed since it was built. Run: kb build"):
            answers(open_index(tmp_path, tmp_path))
        path.unlink()
        with pytest.raises(IndexError_, match=f"{name} is missing. Run: kb build"):
            answers(open_index(tmp_path, tmp_path))
        path.write_bytes(data)


def test_growth_that_is_killed_leaves_the_old_index_answering_and_the_next_one_goes_on(tmp_path):
    before, _ = made(tmp_path, *TOY[:1])
    said = answers(before)
    script = Path(__file__).parent.with_name("building.py")
    process = subprocess.Popen([sys.executable, str(script), str(tmp_path), "grow"], stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "under way\n"
    assert list(tmp_path.glob("*.part/passages.sqlite.*")), "a segment is half written"
    process.kill()
    process.communicate()
    assert current(tmp_path) == before.folder and answers(open_index(tmp_path, tmp_path)) == said
    manifest.prove(before.folder, before.manifest)
    grown, words = made(tmp_path, *TOY)
    assert "1 document is added" in words and not list(tmp_path.glob("*.part"))
    assert answers(grown) == answers(made(tmp_path / "whole", *TOY)[0])


def test_a_reader_answers_while_the_index_grows_and_after_its_files_are_gone(tmp_path):
    reader, _ = made(tmp_path, *TOY[:1])
    before, seen, over = answers(reader), [], Event()

    def ask():
        """Send the same request again and again, until everything is built."""
        while not over.is_set():
            seen.append(answers(reader))

    asking = Thread(target=ask)
    asking.start()
    try:
        for n in range(1, 4):  # the live build and the one before are kept: the reader's own goes
            more = [toy_document(toy_passage(f"more{i}/p1", f"Older women have rights, {i}.")) for i in range(n)]
            made(tmp_path, *TOY[:1], *more)
    finally:
        over.set()
        asking.join()
    assert not reader.folder.exists()
    assert seen and all(each == before for each in (*seen, answers(reader)))


def test_what_is_there_is_not_written_again(tmp_path, monkeypatch):
    before, _ = made(tmp_path, *TOY[:1])
    from kb.engine.local.passage_store import Store

    added, add = [], Store.add
    monkeypatch.setattr(Store, "add", lambda store, document: (added.append(document.id), add(store, document)))
    encoder = ToyEncoder()
    after, _ = made(tmp_path, *TOY, encoder=encoder)
    assert added == [TOY[1].id]
    segments = {path.name for path in (before.folder / "terms").iterdir() if path.suffix == ".term"}
    assert segments <= {path.name for path in (after.folder / "terms").iterdir()}
    assert after.manifest.at_once == len(TOY[0].passages)


def test_an_index_whose_documents_changed_or_went_is_made_at_once(tmp_path):
    made(tmp_path, *TOY)
    changed = TOY[0].model_copy(update={"title": "Another title"})
    for documents in ([changed, TOY[1]], TOY[:1]):
        index, said = made(tmp_path, *documents)
        assert "added" not in said and index.manifest.at_once == index.manifest.passages


def test_other_code_no_code_or_too_much_makes_an_index_at_once(tmp_path, monkeypatch):
    made(tmp_path, *TOY[:1])
    assert "added" not in made(tmp_path, *TOY, code="d")[1]
    made(tmp_path, *TOY[:1], code="")
    assert "added" not in made(tmp_path, *TOY, code="")[1]
    monkeypatch.setattr(growing, "_GROWN", 1.25)
    made(tmp_path, *TOY[:1])
    assert "added" not in made(tmp_path, *TOY)[1]


def test_a_space_that_becomes_of_another_kind_makes_an_index_at_once(tmp_path, monkeypatch):
    monkeypatch.setattr(vectors, "EXACT_UP_TO", len(TOY[0].passages))
    made(tmp_path, *TOY[:1])
    assert "added" not in made(tmp_path, *TOY)[1]


def test_growth_that_dies_leaves_the_old_index_complete(tmp_path, monkeypatch):
    from kb.engine.local import grow as writing

    before, _ = made(tmp_path, *TOY[:1])
    said = answers(before)

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(writing, "_grow_words", full)
    with pytest.raises(IndexError_, match="No space left"):
        made(tmp_path, *TOY)
    assert current(tmp_path) == before.folder and not list(tmp_path.glob("*.part"))
    assert answers(open_index(tmp_path, tmp_path)) == said


def test_damage_of_the_old_index_is_not_taken_over(tmp_path):
    before, _ = made(tmp_path, *TOY[:1])
    path = before.folder / "passages.sqlite"
    data = bytearray(path.read_bytes())
    data[-10] ^= 1
    path.write_bytes(data)
    index, said = made(tmp_path, *TOY)
    assert "added" not in said and index.store.size == sum(len(document.passages) for document in TOY)
