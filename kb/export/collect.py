"""Collect rows from the index, the register and the workspace, with their provenance."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from kb.assessment.models import Evidence
from kb.citing.reference import pinpoint_in
from kb.coding.attributes import Attribute, attributes, by_document
from kb.coding.codebook import Codebook
from kb.coding.from_taxonomy import codebook_here
from kb.coding.models import Coding
from kb.commitments.register import load_register
from kb.config import Settings, settings
from kb.engine.filters import AllOf, Is
from kb.engine.local.passage_store import Store, facets_of
from kb.errors import DataError, NotFound
from kb.export.coded import coded_row, document_passage, tag_of
from kb.export.how_made import provenance_of
from kb.export.made_rows import Whose, commitment_row, finding_row
from kb.export.rows import Provenance, Row, Scalar, row_of
from kb.export.source_note import SourceNote
from kb.framework import Framework
from kb.framework import load as load_framework
from kb.index.live import Index, current
from kb.models import Passage
from kb.search.filters import resolved
from kb.search.ranking import load_ranking
from kb.search.results import Results
from kb.search.searcher import Searcher
from kb.sources.library import Unreadable, records, scan, text_id
from kb.sources.manifest import load_manifest
from kb.sources.own import SHORT
from kb.text import bare

if TYPE_CHECKING:
    from kb.log import Workspace

Filters = Sequence[tuple[str, str]]
NEAREST = "Nearest passage: nothing {where} says what the query asks."
NO_LOG = "no log: nobody has decided anything in this workspace"
NEAR = "Near in meaning alone: it is not among the passages that match."


def with_codes(passage: Passage, codings: Iterable[Coding]) -> Passage:
    """Return the passage with people's codes after its own tags; the machine's tags stay unchanged."""
    own = tuple(tag for tag in map(tag_of, codings) if tag)
    return passage.model_copy(update={"tags": (*passage.tags, *own)}) if own else passage


def passes(passage: Passage, wanted: dict[str, tuple[str, ...]]) -> bool:
    """Return whether a passage has, for every facet in `wanted` (facet to terms), at least one of its terms."""
    held = facets_of(passage)
    return all(any((name, term) in held for term in terms) for name, terms in wanted.items())


@dataclass
class Bench:
    """Gives access to all data from which rows are made: index, register, workspace, codebook; each is opened when
    first used."""

    config: Settings
    viewer: str = ""
    people: bool = True
    """Whether rows carry people's decisions from the workspace; False for answers to others than its people (HTTP)."""

    @classmethod
    def here(cls, viewer: str = "") -> Bench:
        """Return a bench with the current settings; `viewer` is the coder whose codes of blind sessions are
        included."""
        return cls(settings(), viewer)

    @cached_property
    def index(self) -> Index:
        """The live index. Raises IndexError_ when there is none."""
        return Index(current(self.config.indexes), self.config.corpus, self.config.indexes / "models")

    @property
    def has_index(self) -> bool:
        """Whether there is an index."""
        return "index" in self.__dict__ or (self.config.indexes / "current").exists()

    @cached_property
    def store(self) -> Store:
        """The passages of the index."""
        return self.index.store

    @cached_property
    def workspace(self) -> Workspace | None:
        """The workspace, or None if nobody has decided anything yet (an export creates no database)."""
        url = self.config.database_url
        if not self.people:
            return None
        if url.startswith("sqlite:///") and not Path(url.removeprefix("sqlite:///")).exists():
            return None
        from kb.log import open_workspace

        return open_workspace(url)

    @cached_property
    def framework(self) -> Framework:
        """The framework in use."""
        return load_framework(self.config.corpus / "framework")

    def source_of(self, document: str) -> SourceNote:
        """Return the known facts about a document's source. Raises DataError if its library record was altered."""
        for fault in self.faults:
            if document == fault.id or document.startswith(f"{fault.id}-text"):
                raise DataError(f"'{document}' {fault.what}.", where=f"library/{fault.file}", do=fault.do)
        return self.sources.get(document, SourceNote(document=document))

    @cached_property
    def faults(self) -> tuple[Unreadable, ...]:
        """Records of the library that are damaged or altered."""
        return scan(self.config.library)[1]

    @cached_property
    def sources(self) -> dict[str, SourceNote]:
        """Every document of the index, with the facts of its source from the manifest or the library."""
        known = {source.id: source for source in load_manifest(self.config.corpus).sources}
        added = {(text_id(r) if r.kind == "official-text" else r.id): r for r in records(self.config.library)}
        found = {}
        for head in self.store.documents():
            id, place = head["id"], head["place"]
            source = known.get(id) or (known.get(added[id].id) if id in added else None)
            record = added.get(id)
            found[id] = SourceNote(
                document=id,
                title=head["title"],
                sha256=place["sha256"],
                force=head["force"],
                author=source.author if source else "",
                symbol=source.symbol if source else "",
                date=source.date if source else (record.date or "" if record else ""),
                licence=source.licence if source else "",
                work=source.title if source else "",
                cite_as=source.cite_as if source else head["title"],
                country=record.country or "" if record else "",
                attributes=self._attributes.get(id, ()),
                url=(source.url if source else "") or (record.origin if record and "://" in record.origin else ""),
            )
        return found

    @cached_property
    def _attributes(self) -> dict[str, tuple[Attribute, ...]]:
        """Attributes of each document from cases of other programs."""
        return by_document(attributes(self.workspace)) if self.workspace else {}

    @cached_property
    def searcher(self) -> Searcher:
        """The searcher over the live index."""
        from kb.search import live_searcher

        return live_searcher()

    @cached_property
    def codebook(self) -> Codebook:
        """The codes of the corpus."""
        return codebook_here(self.config.corpus)

    @property
    def log_mark(self) -> str:
        """The mark of the log's last event (see kb.log.anchor); a fixed sentence if there is no log."""
        from kb.log.anchor import anchor

        return anchor(self.workspace).mark if self.workspace else NO_LOG

    def ranking_words(self, method: str) -> str:
        """Describe the ranking: version of its numbers, fusion method and hash."""
        digest = self.index.manifest.inputs.get("search/ranking.yaml", "")
        return f"{load_ranking(self.config.corpus).version}, fusion {method}" + (
            f", sha256 {digest[:12]}" if digest else ""
        )

    @cached_property
    def codings(self) -> dict[str, list[Coding]]:
        """People's codes by passage, as far as the viewer may see them."""
        if self.workspace is None:
            return {}
        from kb.coding.codes import codings

        found: dict[str, list[Coding]] = {}
        for coding in codings(self.workspace, viewer=self.viewer):
            found.setdefault(coding.passage, []).append(coding)
        return found

    def sealed(self, session: str | None = None) -> tuple[str, ...]:
        """Return the sessions (or only `session`) whose codes are hidden from the viewer: open and blind ones."""
        if self.workspace is None:
            return ()
        from kb.coding.codes import sessions

        return tuple(one.id for one in sessions(self.workspace) if one.blind and one.open and session in (None, one.id))

    def unit(self, id: str) -> Passage | None:
        """Return the passage with that identifier, or the document as a passage (`document_passage`); None for
        neither."""
        head = next((head for head in self.store.documents() if head["id"] == id), None) if "/" not in id else None
        return document_passage(head) if head else self.store.get(id)

    def text_of(self, document: str) -> str | None:
        """Return the decoded text to which offsets of the document refer; None for the register."""
        from kb.read import read

        source = next((head for head in self.store.documents() if head["id"] == document), None)
        if source is None or source["place"]["file"].endswith((".yaml", ".yml")):
            return None
        paths = [folder / source["place"]["file"] for folder in (self.config.corpus, self.config.library)]
        path = next((path for path in paths if path.exists()), None)
        return read(path).text if path else None

    def row(self, passage: Passage, **fields: Scalar) -> Row:
        """Return the row of a passage, with people's codes on it."""
        source = self.source_of(passage.document)
        return row_of(
            with_codes(passage, self.codings.get(passage.id, ())),
            title=source.title,
            url=source.url,
            pinpoint=pinpoint_in(passage, source.cite_as),
            **fields,
        )

    def terms(self, filters: Filters) -> dict[str, tuple[str, ...]]:
        """Return facet to terms of the filters, with each value replaced by the terms that it means. Raises QueryError
        for a facet or term that the index does not have."""
        return resolved(self.store, self.store.facet_names(), filters, self.index.names)

    def count(self, filters: Filters) -> int:
        """Count the passages that pass the filters."""
        rows = [self.store.rowids(facet, terms) for facet, terms in self.terms(filters).items()]
        return len(set.intersection(*rows)) if rows else self.store.size

    # --- the six kinds of rows ---

    def passages(self, filters: Filters = ()) -> Iterator[Row]:
        """Yield every passage of the index that passes the filters, in source order. Raises QueryError as `terms`."""
        within = AllOf(tuple(Is(facet, terms) for facet, terms in self.terms(filters).items()))
        return map(self.row, self.index.engine.scan(within))

    def results(
        self, query: str, filters: Filters = (), limit: int | None = None, mode: str = "hybrid"
    ) -> Iterator[Row]:
        """Yield the rows of a query's hits, in rank order; all, or at most `limit`."""
        return self.rows_of_hits(self.hits(query, filters, mode=mode, limit=limit)[0])

    def hits(
        self,
        query: str,
        filters: Filters = (),
        *,
        mode: str = "hybrid",
        method: str = "convex",
        limit: int | None = None,
        per_force: int | None = None,
    ) -> tuple[Results, int]:
        """Search; return the answer and the number of passages that match.

        With `limit` or `per_force`, the hits are those that a search shows; with neither, the complete list in the same
        order. Raises QueryError and InputError as search does.
        """
        from kb.search.browse import as_query
        from kb.search.searcher import PER_FORCE

        found = self.searcher.search(
            query if query.strip() else as_query(self.terms(filters)),
            mode=mode,
            facets=filters,
            method=method,
            limit=limit,
            per_force=per_force or PER_FORCE,
            every=not (limit or per_force),
        )
        return found, found.total

    def rows_of_hits(self, found: Results) -> Iterator[Row]:
        """Yield the rows of hits, in rank order, with a note on one that does not match the query. Raises NotFound."""
        nearest = NEAREST.format(
            where="within these filters" if "within these filters" in found.message else "in the index"
        )
        for hit in found.hits:
            passage = self.store.get(hit.id)
            if passage is None:
                raise NotFound(f"the index has no passage '{hit.id}'.", do="Run: kb build")
            far = bool(found.absent or hit.why.get("nearest"))
            matches = not far and hit.why.get("matches", True)
            row = self.row(
                passage,
                rank=hit.rank,
                found_by=", ".join(sorted(hit.why.get("legs", {}))),
                matches=matches,
                also="; ".join(hit.also),
            )
            note = [nearest] if far else [] if matches else [NEAR]
            yield row.model_copy(update={"why": hit.why, "notes": (*row.notes, *note)})

    def codes(self, filters: Filters = (), session: str | None = None) -> Iterator[Row]:
        """Yield the row of every passage or document that people coded, with tags, coders and memos."""
        wanted = self.terms(filters)
        for id in sorted(self.codings):
            own = [c for c in self.codings[id] if session in (None, c.session) and c.state != "withdrawn"]
            passage = self.unit(id)
            if passage is not None and own and passes(passage, wanted):
                source = self.source_of(passage.document)
                yield coded_row(with_codes(passage, own), source, pinpoint_in(passage, source.cite_as), own)

    def commitments(self, filters: Filters = ()) -> Iterator[Row]:
        """Yield the row of every entry of the register; its text is the official one if installed, otherwise empty."""
        wanted = self.terms(filters)
        for instrument in load_register(self.config.corpus / "commitments"):
            for entry in instrument.entries:
                passage = self.store.get(entry.id)
                if not wanted or (passage is not None and passes(passage, wanted)):
                    official = self.store.get(f"{instrument.id}-text{entry.id.removeprefix(instrument.id)}")
                    yield commitment_row(instrument, entry, passage, official)

    def findings(self, policy_set: str) -> Iterator[Row]:
        """Yield the rows of every criterion in one policy set: one for each piece of evidence, or one without
        evidence."""
        from kb.assessment.findings import findings
        from kb.assessment.policies import policy_set as read_set
        from kb.plan.actions import actions

        ws = self._opened()
        country = read_set(ws, policy_set).country
        for finding in findings(ws, self.framework, policy_set):
            serving = actions(ws, policy_set=policy_set, criterion=finding.criterion)
            for evidence in finding.evidence or (None,):
                about = {"country": country, **self._criterion(finding.criterion)}
                yield finding_row(finding, evidence, serving, about, self._whose(evidence) if evidence else {})

    def _whose(self, evidence: Evidence) -> Whose:
        """Return the wording of a piece of evidence: a statement of the register is never a quotation."""
        words = bare(evidence.quotation)
        if len(evidence.quotation.split()) >= SHORT and any(words in statement for statement in self._statements):
            return {"wording": "own-words", "verified": "unverified", "may_quote": False}
        return {
            "wording": "verbatim",
            "verified": "source" if evidence.may_quote else "unverified",
            "may_quote": evidence.may_quote,
        }

    @cached_property
    def _statements(self) -> tuple[str, ...]:
        """Every statement of the register in our own words, without white space."""
        register = load_register(self.config.corpus / "commitments")
        return tuple(bare(e.statement) for i in register for e in i.entries if e.wording == "own-words")

    def _criterion(self, id: str) -> dict[str, Scalar]:
        criterion = self.framework.criterion(id)
        recommendation = self.framework.recommendation(id.split(".")[0])
        derived = " (derived, not a recommendation of the paper)" if recommendation.kind == "derived" else ""
        return {
            "recommendation": recommendation.id + derived,
            "theme": recommendation.label,
            "criterion": f"{id}: {criterion.element}",
        }

    def actions(self, policy_set: str | None = None) -> Iterator[Row]:
        """Yield every action, with the recommendations and commitments that it serves."""
        from kb.plan.actions import actions

        for action in actions(self._opened(), policy_set=policy_set):
            served = [self._criterion(ref.criterion) for ref in action.findings]
            joined = {
                name: "; ".join(dict.fromkeys(str(one[name]) for one in served))
                for name in ("recommendation", "theme", "criterion")
            }
            yield Row(
                id=f"action/{action.id}",
                document=policy_set or "actions",
                citation=action.title,
                fields={
                    **joined,
                    "body": action.body,
                    "action": action.title,
                    "owner": action.owner,
                    "status": action.status.value,
                    "indicator": action.indicator.name if action.indicator else "",
                    "start": action.start.isoformat() if action.start else "",
                    "deadline": action.due.isoformat() if action.due else "",
                    "source": ", ".join(action.commitments),
                    "note": action.description,
                    "author": action.changed_by,
                    "at": action.changed_at.isoformat() if action.changed_at else "",
                },
            )

    def _opened(self) -> Workspace:
        if self.workspace is None:
            raise NotFound("there is no workspace yet.", do="Assess a policy first, or set KB_DATABASE_URL.")
        return self.workspace

    def provenance(self, kind: str, query: str = "", filters: Filters = (), date: str = "") -> Provenance:
        """Return the provenance of an export of this bench; see `provenance_of`."""
        return provenance_of(self, kind, query, filters, date)
