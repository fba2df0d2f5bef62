"""Resolve a citation as typed to the entry of the register and, if installed, to the verbatim official text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import get_close_matches

from kb.citing.beside import in_words, inside_issue, is_of_paper, unused
from kb.citing.cited import Ambiguous, AnotherDocument, Cited, another
from kb.citing.extent import is_checked, is_numbered, is_undivided, no_such_place, what_is_there
from kb.citing.family import entry_of
from kb.citing.holdings import Holdings, Texts, is_inside
from kb.citing.lists import filled
from kb.citing.names import CitationNames, Name, meant
from kb.citing.notes import not_there, notes_on
from kb.citing.shared import folded
from kb.citing.titles import by_title, in_other_language, titled, titles, words_typed
from kb.citing.typed import CitationParser, CitationPart
from kb.commitments.register import Instrument
from kb.errors import InputError, KBError, NotFound
from kb.ids import Locator, cited, split
from kb.models import Passage
from kb.sources.manifest import Source
from kb.text import squeeze

_PREFERENCE = (
    *("recommendation", "derived", "paragraph", "article", "preamble", "commitment", "code", "issue", "direction"),
    *("area", "chapter", "part"),
)


class Citations:
    """Resolves citations by the register, the installed texts and the rules of corpus/citations/names.yaml."""

    def __init__(
        self,
        register: Sequence[Instrument],
        names: CitationNames,
        texts: Texts = lambda _: None,
        sources: Sequence[Source] = (),
    ) -> None:
        self.sources = {source.id: source for source in sources}
        self.register = {instrument.id: instrument for instrument in register}
        self.places, self.given, self.rules = names.places, names.names, names
        self.entries = {entry.id: entry for instrument in register for entry in instrument.entries}
        self.reader = CitationParser(
            names,
            [Name(name=name, instrument=i.id) for i in register for name in (i.short, i.title, i.symbol, *i.aliases)],
        )
        self.known = {each.name for each in self.reader.names}
        self.holdings = Holdings(self.entries, names.places, texts)

    def resolve(self, typed: str) -> Cited:
        """Return the place that a citation names. If it names several, return the first, with the others in `also`.

        Every word must be part of a name, place, date or filler; another word is reported in a note, or raises
        NotFound if it may name another document. Raises Ambiguous with the candidates, NotFound with the most
        similar identifiers, InputError for an empty text.
        """
        text, slips = self.reader.slips.corrected(squeeze(folded(typed)))
        if not text:
            raise InputError("there is no citation.", do='Type one, e.g. "CRPD art. 33(2)".')
        if re.fullmatch(r"[a-z][a-z-]*/[\w./~-]+", text, re.IGNORECASE):
            ids = [id for id in map(entry_of, (text, text.lower())) if split(id)[0] in {*self.register, "paper"}]
            if there := next((id for id in ids if self.holdings.exists(id)), None):
                return self._known(there, typed)
            if entry_of(text) in ids:
                return self._above(typed, ids)
        if left_out := self.reader.excepted.search(text):
            raise InputError(
                f"'{typed}' leaves a part out, by '{left_out[0]}'; a place is cited whole.",
                do="Cite the places that you mean one by one.",
            )
        found: list[Cited] = []
        faults: list[KBError] = []
        remarks = slips
        parts = self.reader.read(text)
        if fault := next(
            (place.fault for part in parts for places in part.combinations for place in places if place.fault), ""
        ):
            raise InputError(f"'{typed}': {fault}.", do="Write the lower number first, or name the places one by one.")
        for part in parts:
            for places in part.combinations or ((),):
                try:
                    quoted = typed if part.words and part.text not in text else part.text
                    answer = self._answer(part, places, quoted)
                    found += [answer, *(each.model_copy(update={"also": ()}) for each in answer.also)]
                except (InputError, NotFound) as error:
                    faults.append(error)
                    one = f"'{', '.join(map(in_words, places))}' of " if len(part.combinations) > 1 else ""
                    remarks.append("not answered: " + error.what.replace(f"'{quoted}'", f"{one}'{quoted}'"))
        if not found:
            raise faults[0]
        first, *others = {each.id: each for each in found}.values()
        return first.model_copy(update={"also": tuple(others), "notes": (*dict.fromkeys(remarks), *first.notes)})

    def _answer(self, part: CitationPart, places: tuple[Locator, ...], typed: str) -> Cited:
        """Return the result for one place of one part of a citation. Raises the same errors as `resolve`."""
        part = titled(part, lambda id: self._candidates(id, None, places), self.register, self.holdings)
        if part.instrument is None and (part.words or part.title):
            error = AnotherDocument if part.combinations or part.title else NotFound
            raise error(
                f"'{typed}': no instrument that is here is called '{part.title or ' '.join(part.words)}'.",
                do=f"Name one of: {', '.join(each.short for each in self.register.values())}, or none.",
            )
        self._refuse_another(part, places, typed)
        named = [(part.instrument, part.division)] if part.instrument else []
        if not places and not part.numbers and part.instrument:
            found = self._without_place(part.instrument, part.division, typed)
        else:
            self._refuse_other_treaty(part, places, typed)
            found = self._undivided(part, places, typed) or self._decide(typed, named, places)
        return self._with_unused(part, places, self._account(part, found, typed), typed)

    def _undivided(self, part: CitationPart, places: tuple[Locator, ...], typed: str) -> Cited | None:
        """Return the article for a paragraph counted in words ("art 1, second paragraph") of unnumbered text; else
        None."""
        for id in self._candidates(part.instrument, part.division, places) if part.in_words and part.instrument else ():
            above, _, number = id.rpartition("/")
            if above in self.entries and not self.holdings.exists(id) and is_undivided(self.entries, above):
                note = f"{self.cite(above)} has no numbered paragraphs; paragraph {number} is to be counted in it."
                return self._known(above, typed, (note,))
        return None

    # --- words that are no part of the citation ---

    def _refuse_another(self, part: CitationPart, places: tuple[Locator, ...], typed: str) -> None:
        """Raise NotFound when words, a year or a chapter of a report show that another document is meant."""
        at = self._candidates(part.instrument, part.division, places) if part.instrument else []
        headings = (heading for id in at for heading in titles(id, self.holdings))
        printed = words_typed([headings], part.text) | self._titled_elsewhere(part, part.instrument or "")
        other = (word for word in part.words if word.lower().strip(".") in self.reader.other or word.startswith("+"))
        words = [word for word in other if word.lower() not in printed]
        words = words or [word for word in part.words if part.generic and word.lower() not in printed]
        known = self.rules.years.get(part.instrument or "")
        if known and not words:
            words = [str(year) for year in part.years if year not in known]
        words = words or part.title.split()
        if words:
            raise self._another(part, typed, words)
        if part.report and part.combinations:
            raise AnotherDocument(
                f"'{typed}' names a place in the report of a conference, which is not here.",
                do="Name the instrument itself, or the report's chapter I, resolution 1 and the annex that prints it.",
            )

    def _refuse_other_treaty(self, part: CitationPart, places: tuple[Locator, ...], typed: str) -> None:
        """Raise AnotherDocument if the cited part is a treaty of its own (a protocol) that is not installed."""
        instrument = self.register.get(part.instrument or "")
        if (
            instrument
            and self.rules.divisions.get(instrument.id, {}).get(part.division or "") == ""
            and not any(self.holdings.exists(id) for id in self._candidates(instrument.id, part.division, places))
        ):
            raise AnotherDocument(
                f"'{typed}' names a treaty of its own, which is not here.",
                do=f"{instrument.short} is here: name it alone.",
            )

    def _another(self, part: CitationPart, typed: str, words: Sequence[str]) -> KBError:
        """Return the error for a document that resembles an installed one, or for several that were named at once."""
        of_name = {name.name: name.instrument for name in self.reader.names}
        shorts = {id: instrument.short for id, instrument in self.register.items()}
        meant = [shorts.get(id or "") for id in (part.instrument, *map(of_name.get, words))]
        return another(typed, words, meant, list(shorts.values()))

    def _account(self, part: CitationPart, found: Cited, typed: str) -> Cited:
        """Return the result, with a note on unexplained words. Raises NotFound when one of them may be a name."""
        headings = " ".join(
            (
                found.title,
                found.identifier,
                *titles(found.id, self.holdings),
                *(" ".join((*p.section, p.citation)) for p in found.passages),
            )
        ).lower()
        printed = {each for word in re.findall(r"[\w'’./-]+", headings) for each in (word, *word.split("-"))}
        printed |= self._titled_elsewhere(part, found.instrument)
        left = [word for word in part.words if word.lower() not in printed]
        title = in_other_language(part, left, [passage.language for passage in found.passages])
        if not title and left and part.instrument and not part.generic and not set(left) & self.known:
            title = self.reader.others.about(part.text, left)
        notes = [f"'{title}' is no title that is here; the place was found by its number."] if title else []
        left = [] if title else left
        if names := [word for word in left if word[0].isupper() or word in part.beside]:
            raise self._another(part, typed, names)
        if part.numbers:
            raise NotFound(
                f"'{typed}': '{part.numbers}' was not understood, and it may be what the citation is about.",
                do=f"Without it the citation is {found.identifier}; write the place like 'art. 33(2)' or 'para "
                f"206(f)'.",
            )
        notes += [f"'{' '.join(left)}' is no part of the citation and was not used."] if left else []
        return found.model_copy(update={"notes": (*notes, *found.notes)}) if notes else found

    def _titled_elsewhere(self, part: CitationPart, instrument: str) -> set[str]:
        """Return the words of `part` that belong to a typed title of one of its places, when the citation lists
        several. In "art. 12; art. 13 (Access to justice)" these are the words in brackets. Empty for a single place."""
        listed = part.combinations if len(part.combinations) > 1 else ()
        ids = (id for places in listed for id in self._candidates(instrument, part.division, places))
        return words_typed((titles(id, self.holdings)[:1] for id in ids), part.text)

    def _with_unused(self, part: CitationPart, places: tuple[Locator, ...], found: Cited, typed: str) -> Cited:
        """Return the result with notes on typed places that do not contain it, and on footnotes of the citing work; a
        typed place whose paragraphs the register does not know is added to `also`."""
        also: list[Cited] = []
        notes = [f"'{each}' is a note or a page, and was not used." for each in part.aside]
        notes += [f"not answered: '{each}' has no place of its own; cite it alone." for each in part.unplaced]
        known = self.places.get(found.instrument, {})
        for place in unused(places, [kind for kind in _PREFERENCE if kind in known]):
            ids = self._candidates(found.instrument, part.division, (place,))
            if any(is_inside(found.id, id, self.holdings) for id in ids):
                continue
            own = [id for id in ids if id in self.entries and self.holdings.has_no_extent(id)]
            also += [self._known(id, typed) for id in own]
            used = "is answered too" if own else "was not used"
            notes.append(f"'{in_words(place)}' {used}: {found.identifier} is not known to stand there.")
        return found.model_copy(update={"notes": (*notes, *found.notes), "also": tuple(also)}) if notes else found

    # --- candidates ---

    def _decide(self, typed: str, named: list[tuple[str, str | None]], locators: tuple[Locator, ...]) -> Cited:
        """Return the result for the only existing place among the candidates `named`, (instrument, part) each.
        Raises an error that lists several candidates, or says what is missing."""
        where = named or [(id, None) for id in self.places if id != "paper" or is_of_paper(locators)]
        exact = list(
            dict.fromkeys(id for each in where for id in self._candidates(*each, locators) if self.holdings.exists(id))
        )
        exact = by_title(exact, typed, self.holdings)
        if len(exact) > 1 and len(named) != 1:
            raise Ambiguous(typed, [self.cite(id) for id in exact])
        if len(exact) > 1:
            return self._one_of(typed, exact)
        if exact:
            return self._known(exact[0], typed)
        where = named or [("paper", None)]
        return self._above(typed, [id for each in where for id in self._candidates(*each, locators)], locators)

    def _above(self, typed: str, asked: Sequence[str], locators: tuple[Locator, ...] = ()) -> Cited:
        """Return the nearest existing place above the identifiers `asked`, which do not exist, if the official text
        may divide it further; otherwise raise NotFound."""
        above = [up for id in asked if (up := self.holdings.above(id)) and not self.holdings.official(split(up)[0])]
        if above and (is_numbered(self.rules.numbered, asked) or not self._is_complete(above[0])):
            whole = next(id for id in asked if id.startswith(f"{above[0]}/"))
            return self._known(above[0], typed, (not_there(typed, whole, above[0]),))
        raise self._unknown(typed, asked, locators)

    def _is_complete(self, above: str) -> bool:
        """Return whether the register has every part of a place, as checked against the complete official text."""
        if (instrument := self.register.get(split(above)[0])) is None or not is_checked(instrument):
            return False
        entry = self.entries.get(above)
        return entry is None or entry.kind != "preamble" or any(each.parent == above for each in instrument.entries)

    def _one_of(self, typed: str, exact: list[str]) -> Cited:
        """Return the result if all identifiers in `exact` mean the same place; otherwise raise Ambiguous."""
        entries = {entry.id for id in exact if (entry := self.holdings.entry(id))}
        if len(entries) == 1 and not any(self.holdings.in_text(id) for id in exact[1:]):
            return self._known(exact[0], typed)
        raise Ambiguous(typed, [self.cite(id) for id in exact])

    def _candidates(self, instrument: str, part: str | None, locators: tuple[Locator, ...]) -> list[str]:
        """Return the possible identifiers in one instrument for the typed places, by the kind of place it prefers."""
        places = self.places.get(instrument, {})
        by_kind = {locator.kind: locator for locator in locators}
        for kind in _PREFERENCE:
            if kind in by_kind and kind in places:
                locator = by_kind[kind]
                inside = inside_issue(by_kind)
                made = [
                    f"{instrument}/{id}"
                    for place in meant(places[kind], part)
                    if place.inside in (None, locator.number)
                    for id in filled(place.id, locator, by_kind, instrument, self.entries)
                ]
                below = by_kind["paragraph"] if "paragraph" in by_kind and "paragraph" not in places else None
                deeper = (below.number, *below.path) if below else ()  # "Article 12 – Equal recognition, paragraph 3"
                return ["/".join((id, *inside, *locator.path, *deeper)) for id in made]
        return []

    # --- answers ---

    def _known(self, id: str, typed: str, notes: tuple[str, ...] = ()) -> Cited:
        """Return the result for an existing place, with its notes."""
        instrument, entry = self.register.get(split(id)[0]), self.holdings.entry(id)
        official = self.holdings.official(split(id)[0])
        passages = official.verbatim(id) if official else ()
        if instrument is None:
            if not passages:
                raise self._unknown(typed)
            return self._from_text(id, passages)
        if entry is None and not passages:
            raise self._unknown(typed)
        lacking = tuple(self.cite(each) for each in self.holdings.lacking(id)) if passages else ()
        before = self.holdings.before_gaps(passages)
        return Cited(
            id=id,
            identifier=self.cite(id),
            instrument=instrument.id,
            title=instrument.title,
            symbol=instrument.symbol,
            date=instrument.adopted,
            url=instrument.url,
            force=instrument.force,
            entry=entry,
            passages=passages,
            missing=lacking,
            notes=(*notes, *notes_on(id, instrument, entry, official, passages, lacking, before)),
        )

    def _without_place(self, id: str, division: str | None, typed: str) -> Cited:
        """Return the result for an instrument, or its division, that is named without a place."""
        instrument, place = self.register.get(id), self.rules.divisions.get(id, {}).get(division or "")
        if instrument is None:
            if self.holdings.official(id) is None:
                raise self._unknown(id)
            return self._from_text(id, ())
        if place == "":
            raise AnotherDocument(
                f"'{typed}' names a treaty of its own, which is not here.",
                do=f"{instrument.short} is here: name it alone.",
            )
        if place and self.holdings.exists(f"{id}/{place}"):
            return self._known(f"{id}/{place}", typed)
        return Cited(
            id=id,
            identifier=instrument.short,
            instrument=id,
            title=instrument.title,
            symbol=instrument.symbol,
            date=instrument.adopted,
            url=instrument.url,
            force=instrument.force,
            notes=(instrument.force_note,),
        )

    def _from_text(self, id: str, passages: tuple[Passage, ...]) -> Cited:
        """Return the result for passages of a document without a register (the paper)."""
        official, source = self.holdings.official(split(id)[0]), self.sources.get(split(id)[0])
        if official is None:
            raise self._unknown(id)
        document, name = official.document, source.cite_as if source else ""
        identifier = passages[0].citation if passages else name or document.title
        return Cited(
            id=id,
            identifier=identifier,
            instrument=document.id,
            title=source.title if source else document.title,
            symbol=source.symbol if source else "",
            date=source.date if source else "",
            url=source.url if source else "",
            force=passages[0].force if passages else document.force,
            work_force=document.force,
            author=source.author.split(";")[0] if source else "",
            place=identifier.removeprefix(name).strip(" ,") if name else None,
            passages=passages,
            notes=source.notes if source else (),
        )

    def cite(self, id: str) -> str:
        """Return the citation of the place with this identifier, as people write it."""
        if id in self.entries:
            return self.entries[id].identifier
        official = self.holdings.official(split(id)[0])
        if official and id in official.passages:
            return official.passages[id].citation
        document, locator = split(id)
        instrument = self.register.get(document)
        short = instrument.short if instrument else document
        part, number, letters = self.holdings.paragraph(id)
        if part:
            name = next((n.name for n in self.given if n.instrument == document and n.part == part), short)
            return f"{name}, {cited(f'para{number}{letters}')}"
        above = self.holdings.above(id)
        if above:
            return f"{self.cite(above)}" + "".join(f"({each})" for each in id.removeprefix(above).strip("/").split("/"))
        return f"{short} {cited(locator)}"

    def _unknown(self, typed: str, asked: Sequence[str] = (), locators: tuple[Locator, ...] = ()) -> NotFound:
        """Return the error for a citation that cannot be resolved; it lists the most similar ones."""
        text_of = (up for id in asked if split(id)[0] not in self.register and (up := self.holdings.above(id)))
        if above := next(text_of, None):
            return NotFound(f"'{typed}' is not in the text: {self.cite(above)} has no such part.", do=f"See {above}.")
        if any(each.kind in ("recommendation", "derived") for each in locators):
            return NotFound(
                f"'{typed}' is no recommendation of the paper.",
                do="It states six, R1 to R6, cited alone or with 'the paper'; D7 is a row that this project derived.",
            )
        for id in (id for id in asked if split(id)[0] in self.register):
            if there := what_is_there(self.entries, id, self.holdings.paragraph(id)[0], self.cite):
                held = self.holdings.official(split(id)[0])
                return no_such_place(typed, there, held is not None, self.register[split(id)[0]])
        low = {entry.identifier.lower(): entry.identifier for entry in self.entries.values()}
        near = [low[each] for each in get_close_matches(typed.lower(), list(low), n=3, cutoff=0.3)]  # chosen by eye
        return NotFound(
            f"nothing is cited as '{typed}'.",
            do=f"Nearest: {'; '.join(near)}." if near else 'Write it like "CRPD art. 33(2)" or "BPfA H.2".',
        )
