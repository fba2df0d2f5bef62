"""Fill Milvus: a build is written beside the current one, counted, and then replaces it by switching an alias."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from kb.engine.analysis import words
from kb.engine.local.passage_store import body_of, facets_of
from kb.engine.local.vectors import parts_of
from kb.engine.milvus.client import LAYOUT, PIECE, Door, Entity, Untyped, batches, pieces, schema
from kb.engine.milvus.engine import MilvusEngine
from kb.engine.milvus.words import EXACT, HEADINGS, PRINTED, SCORED, STEMMED, padded, tagged
from kb.engine.protocol import Vectors
from kb.engine.waiting import BufferedWriter
from kb.errors import IndexError_, InputError
from kb.models import Passage

_FLAT_UP_TO = 100_000
"""Vectors up to which Milvus compares one by one; above it, it chooses an index itself (AUTOINDEX)."""
_LONGEST = 65_535
"""Bytes of one value in Milvus."""
_ENTRIES = 4096
"""Values in one list (terms of a passage, or pieces of its text): the most that Milvus allows."""

_WRITTEN_IN = 24 * 3600 * 1_000_000_000
"""Nanoseconds after which an unfinished build counts as left by a program that was killed: a day."""


class MilvusWriter(BufferedWriter):
    """Writes an engine on Milvus under the alias `name`, with the vector spaces named in `spaces`."""

    def __init__(self, address: str, spaces: Sequence[str], name: str = "kb", build: str = "") -> None:
        super().__init__(spaces)
        self.door, self.address, self.name, self.build = Door(address), address, name, build

    def commit(self) -> int:
        """Write all documents as a new build. See `Writer.commit`. Raises IndexError_ when Milvus is unreachable or
        stored fewer rows than were sent; the previous build then stays in use."""
        before = self._answering()
        new = f"{self.name}_{time.time_ns():x}"
        made: list[str] = []
        try:
            facts = self._written(new, made)
            self._switch(facts)
        except BaseException:
            for collection in made:
                self._dropped(collection)
            raise
        self._forget(keep={new, before})
        return sum(len(document.passages) for document, _ in self._held.values())

    @property
    def engine(self) -> MilvusEngine:
        """An engine that reads the last commit."""
        return MilvusEngine(self.address, self.name)

    def _answering(self) -> str:
        """Name of the build in use; '' when there is none."""
        return self.door.answering(self.name).removesuffix("_facts")

    def _written(self, new: str, made: list[str]) -> str:
        """Write a build into collections whose names begin with `new`, and append their names to `made`.

        Returns the name of the collection that contains the facts of the build. Raises IndexError_ when the engine then
        holds another number of rows.
        """
        dims = {space: _dim(v[space] for _, v in self._held.values()) for space in self.spaces}
        passages = [passage for document, _ in self._held.values() for passage in document.passages]
        rows = [_entry(row, passage) for row, passage in enumerate(passages, 1)]
        counts: dict[str, int] = {"passages": len(rows)}
        parts: dict[str, list[Entity]] = {}
        for space in self.spaces:
            whole, vectors, owners = self._vectors(space, dims[space])
            for row, vector in zip(rows, whole, strict=True):
                row[f"whole_{space}"] = vector
            parts[space] = [
                {"part": n, "row": int(owner), "facets": rows[int(owner) - 1]["facets"], "vector": vector}
                for n, (owner, vector) in enumerate(zip(owners, vectors, strict=True), 1)
            ]
            counts[f"parts_{space}"] = len(parts[space])
        self._fill(f"{new}_passages", made, _passages_schema(dims), {f"whole_{s}": len(rows) for s in dims}, rows)
        for space, found in parts.items():
            self._fill(f"{new}_parts_{space}", made, _parts_schema(dims[space]), {"vector": len(found)}, found)
        for what, many in counts.items():
            held = self.door.count(f"{new}_{what}", "")
            if held != many:
                raise IndexError_(f"the engine holds {held} of {many} {what}.", where=self.door.where, do="Try again.")
        facets: dict[str, Counter[str]] = {}
        for passage in passages:
            for facet, term in facets_of(passage):
                facets.setdefault(facet, Counter())[term] += 1
        facts = {"layout": LAYOUT, "build": self.build, "name": new, "spaces": list(self.spaces), "counts": counts}
        return self._facts(f"{new}_facts", made, {**facts, "facets": facets})

    def _vectors(self, space: str, dim: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return the vectors of all passages (float32 [n, dim]), those of their parts, and the row number of each
        part."""
        if not self._held:
            return np.zeros((0, dim)), np.zeros((0, dim)), np.zeros(0, dtype=np.int64)
        whole, pairs, owners = self._side_by_side(space)
        whole = whole.astype(np.float32)
        return whole, *parts_of(whole, pairs, owners)

    def _fill(
        self, name: str, made: list[str], form: Untyped, vectors: Mapping[str, int], rows: Sequence[Entity]
    ) -> None:
        """Create the collection `name` with the schema `form`, index its vector fields (`vectors`: name to dimension)
        and words, and insert `rows`; append the name to `made`."""
        index = self._index_of(form, vectors)
        made.append(name)
        self.door.call("create_collection", name, schema=form, index_params=index, consistency_level="Strong")
        for batch in batches(rows):
            self.door.call("insert", name, data=list(batch))
        self.door.call("flush", name)

    def _index_of(self, form: Untyped, vectors: Mapping[str, int]) -> Untyped:
        from pymilvus import MilvusClient

        index = MilvusClient.prepare_index_params()
        for field, many in vectors.items():
            index.add_index(field, index_type="FLAT" if many <= _FLAT_UP_TO else "AUTOINDEX", metric_type="IP")
        held = {field.name for field in form.fields}
        for field in SCORED:
            if field in held:
                index.add_index(f"{field}_bm25", index_type="SPARSE_INVERTED_INDEX", metric_type="BM25")
        return index

    def _facts(self, name: str, made: list[str], facts: Mapping[str, object]) -> str:
        """Write the counts and facts of a build into a collection of their own, and return its name. This is the last
        step: a build without facts is incomplete and never used."""
        from pymilvus import DataType

        form = schema("what was counted when a build was written")
        form.add_field("row", DataType.INT64, is_primary=True)
        _add_list(form, "text", PIECE * 4)  # a character has up to four bytes in UTF-8
        form.add_field("nothing", DataType.FLOAT_VECTOR, dim=2)  # Milvus keeps no collection without a vector
        text = pieces(json.dumps(facts, ensure_ascii=False))
        self._fill(name, made, form, {"nothing": 1}, [{"row": 1, "text": text, "nothing": [0.0, 1.0]}])
        return name

    def _switch(self, facts: str) -> None:
        act = "alter_alias" if self._answering() else "create_alias"
        self.door.call(act, facts, self.name)

    def _dropped(self, collection: str) -> None:
        try:
            self.door.call("drop_collection", collection)
        except IndexError_:
            return  # unreachable: the next commit drops what was left

    def _forget(self, keep: set[str]) -> None:
        """Drop older builds, except those in `keep` (the current one and the one before it, which readers may still
        use) and unfinished ones that another program may be writing."""
        every = set(self.door.call("list_collections"))
        latest = max(map(self._begun, keep))
        for collection in sorted(every):
            begun = self._begun(collection)
            build = f"{self.name}_{begun:x}"
            is_left = f"{build}_facts" in every or latest - begun > _WRITTEN_IN
            if 0 < begun < latest and build not in keep and is_left:
                self._dropped(collection)

    def _begun(self, name: str) -> int:
        """Return when the build of this name, or that this collection is part of, was begun (nanoseconds); 0 when it is
        none of ours."""
        number = name.removeprefix(f"{self.name}_").partition("_")[0]
        is_ours = name.startswith(f"{self.name}_") and number == number.lower()
        try:
            return int(number, 16) if is_ours else 0
        except ValueError:
            return 0


def _dim(found: Iterable[Vectors]) -> int:
    return next((int(each.whole.shape[1]) for each in found if len(each.whole)), 2)


def _entry(row: int, passage: Passage) -> Entity:
    """Build the Milvus row of a passage. Raises InputError when the passage is too long, because it is never cut."""
    corrected = passage.normalised or passage.text
    fields = {
        STEMMED: padded(words(corrected, passage.language)),
        EXACT: padded(words(corrected)),
        PRINTED: padded(words(passage.text, passage.language)) if passage.normalised else "",
        HEADINGS: padded(words(" ".join(passage.section[-1:]), passage.language)),
    }
    facets = [tagged(facet, term) for facet, term in sorted(facets_of(passage))]
    if any(len(text.encode()) > _LONGEST for text in fields.values()) or len(facets) > _ENTRIES:
        raise InputError(f"'{passage.id}' is longer than the engine keeps ({_LONGEST:,} bytes).", do="Divide it.")
    return {"row": row, "id": passage.id, "document": passage.document, "facets": facets, **fields} | {
        "body": pieces(body_of(passage)),
        "columns": pieces(json.dumps(columns_of(passage), ensure_ascii=False)),
    }


def columns_of(passage: Passage) -> tuple[str, ...]:
    """Return the properties of a passage that ranking needs: document, section, kind, part, force, language."""
    section = "\n".join(passage.section)
    return passage.document, section, passage.kind, passage.part or "", str(passage.force), passage.language


def _passages_schema(dims: Mapping[str, int]) -> Untyped:
    from pymilvus import DataType, Function, FunctionType

    form = schema("passages")
    form.add_field("row", DataType.INT64, is_primary=True)
    for name in ("id", "document"):
        form.add_field(name, DataType.VARCHAR, max_length=_LONGEST)
    for name in (STEMMED, EXACT, PRINTED, HEADINGS):
        how = {"enable_analyzer": True, "enable_match": True, "analyzer_params": {"tokenizer": "standard"}}
        form.add_field(name, DataType.VARCHAR, max_length=_LONGEST, **how)
    for name in SCORED:
        form.add_field(f"{name}_bm25", DataType.SPARSE_FLOAT_VECTOR)
        form.add_function(
            Function(
                name=f"of_{name}",
                input_field_names=[name],
                output_field_names=[f"{name}_bm25"],
                function_type=FunctionType.BM25,
            )
        )
    _add_list(form, "facets", _LONGEST)
    _add_list(form, "body", PIECE * 4)  # a character has up to four bytes in UTF-8
    _add_list(form, "columns", PIECE * 4)  # a character has up to four bytes in UTF-8
    for space, dim in dims.items():
        form.add_field(f"whole_{space}", DataType.FLOAT_VECTOR, dim=dim)
    return form


def _parts_schema(dim: int) -> Untyped:
    from pymilvus import DataType

    form = schema("parts of passages")
    form.add_field("part", DataType.INT64, is_primary=True)
    form.add_field("row", DataType.INT64)
    _add_list(form, "facets", _LONGEST)
    form.add_field("vector", DataType.FLOAT_VECTOR, dim=dim)
    return form


def _add_list(form: Untyped, name: str, longest: int) -> None:
    from pymilvus import DataType

    form.add_field(
        name, DataType.ARRAY, element_type=DataType.VARCHAR, max_capacity=_ENTRIES, max_length=min(longest, _LONGEST)
    )
