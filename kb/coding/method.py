"""Write the method statement for a paper's appendix: sources, samples, coders, codebook, agreement and known errors.

All of it comes from stored data; an unknown value is written as "not stated".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from pydantic import Field

from kb.amounts import some
from kb.coding.agreement import Agreement, AgreementReport, Estimate
from kb.coding.models import Session
from kb.coding.units import Work
from kb.models import Model

_ALPHA_NOTE = (
    "By custom (Krippendorff), alpha of .800 and more is relied upon and .667 to .800 allows tentative "
    "conclusions only. Alpha of rare codes is unstable: read it with n, prevalence and percent agreement."
)


_EVAL_NOTE = (
    "\nFigures are those of the judged sets that `kb eval` was given. Where rules were made with a set in view, "
    "its figures are better than those to be expected on other texts.\n"
)


class StudySource(Model):
    """One document of the study, with its hash, number of passages, force and language."""

    id: str
    title: str
    sha256: str = ""
    passages: int | None = None
    wordings: dict[str, int] = Field(default_factory=dict, description="passages by whose words they are")
    force: str = ""
    language: str = ""
    url: str = ""


class Drawing(Model):
    """How the sample of one session was drawn and assigned to coders."""

    session: str
    size: int
    how: str = Field(description="how it was drawn, in words")
    double: float | None = None
    seed: int | None = None
    shares: dict[str, int] = Field(default_factory=dict, description="coder to passages assigned")
    undone: dict[str, int] = Field(
        default_factory=dict, description="coder to passages left uncoded when it was closed"
    )
    open: bool = True


def drawn_for(session: Session) -> Drawing:
    """Return how the sample of a session was drawn; if an older log did not record it, `how` states that."""
    shares = {coder: len(ids) for coder, ids in session.assignments.items()}
    size = len(session.sample) or len({id for ids in session.assignments.values() for id in ids})
    return Drawing(
        session=session.id,
        size=size,
        how=_how(session.drawn),
        double=session.double,
        seed=session.seed,
        shares=shares,
        undone=session.undone,
        open=session.open,
    )


def _how(drawn: Mapping[str, object]) -> str:
    """Return a phrase that tells how a sample was drawn; `drawn` are the fields that the log recorded."""
    if not drawn:
        return "how it was drawn is not recorded"
    order = "the least certain machine tags first" if drawn.get("by_uncertainty") else "by lot"
    facet = f"in turn from each term of the facet '{drawn['facet']}'" if drawn.get("facet") else "from all passages"
    words = [
        (f"of {_of(drawn.get('population'))} ({_whose(drawn.get('wordings', {}))}), {facet}, {order}"),
        f"drawn: {_whose(drawn.get('drawn_wordings', {}))}",
    ]
    words += [f"document {drawn['document']}"] if drawn.get("document") else []
    words += [f"index {drawn['index']}"] if drawn.get("index") else []
    return "; ".join(words)


def _of(population: object) -> str:
    """Return the number of passages from which a sample was drawn, as words: '1 passage'."""
    return some(population, "passage") if isinstance(population, int) else "an unknown number of passages"


def _whose(wordings: object) -> str:
    """Return a phrase with the numbers of verbatim passages and of passages in this project's words; `wordings` maps
    wording to number."""
    if not isinstance(wordings, Mapping) or not wordings:
        return "wording not stated"
    return f"{wordings.get('verbatim', 0)} verbatim, {wordings.get('own-words', 0)} own words"


class StudyFacts(Model):
    """The input of `statement`: all data that the method statement reports."""

    sources: tuple[StudySource, ...] = ()
    others: int = Field(0, description="documents of the index of which the round has no passage")
    versions: dict[str, str] = Field(default_factory=dict, description="index, taxonomy, framework, models, packages")
    codebook: str = Field("", description="title and version")
    codes: int | None = Field(None, description="codes that can be given")
    revisions: tuple[str, ...] = Field((), description="one line a revision of the codebook")
    samples: tuple[Drawing, ...] = Field((), description="the sample of each session, as the log keeps it")
    coders: dict[str, Work] = Field(default_factory=dict, description="coder to passages assigned, opened and coded")
    log: str = Field("", description="where the log of decisions ended")
    blind: bool | None = Field(None, description="whether coders saw each other's codes while coding")
    seen: tuple[str, ...] = Field((), description="what coders could see of each other's, where others were blind")
    sealed: tuple[str, ...] = Field((), description="sessions whose codes are not shown yet: open, and blind")
    people: AgreementReport | None = None
    machine: tuple[AgreementReport, ...] = ()
    evaluation: dict[str, object] | list[object] = Field(
        default_factory=dict, description="the figures of `kb eval`, as it wrote them"
    )


def _escape(text: object) -> str:
    return str(text).replace("|", "\\|").replace("\n", " ")


def table(heads: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """Return a Markdown table with these column heads; 'None.' if there are no rows."""
    heads, rows = list(heads), [list(row) for row in rows]
    if not rows:
        return "None.\n"
    lines = [heads, ["---"] * len(heads), *rows]
    return "".join("| " + " | ".join(map(_escape, line)) + " |\n" for line in lines)


def number(estimate: Estimate) -> str:
    """Return an estimate as text, '0.740 [0.610, 0.850]', or the reason why it has no value."""
    if estimate.value is None:
        return f"undefined ({estimate.why})"
    if estimate.low is None:
        return f"{estimate.value:.3f}"
    return f"{estimate.value:.3f} [{estimate.low:.3f}, {estimate.high:.3f}]"


def figures(value: object, name: str = "") -> Iterator[tuple[str, object]]:
    """Yield `(path, number)` for every number in a nested value, in order; `name` is the start of the path. A record
    in a list is named by its text fields."""
    if isinstance(value, Mapping):
        for key in value:
            yield from figures(value[key], f"{name} · {key}" if name else str(key))
    elif isinstance(value, list):
        for at, one in enumerate(value, 1):
            words = [v for v in one.values() if isinstance(v, str)] if isinstance(one, Mapping) else [str(at)]
            yield from figures(one, " · ".join(filter(None, [name, *words])))
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        yield name, round(value, 4)


def _sources(facts: StudyFacts) -> str:
    left = "" if not facts.others else f"\nDocuments of the index of which the round has no passage: {facts.others}.\n"
    rows = table(
        ("Source", "Title", "Force", "Passages", "Verbatim", "Own words", "sha256", "Official text"),
        (
            (
                s.id,
                s.title,
                s.force or "not stated",
                "not stated" if s.passages is None else s.passages,
                s.wordings.get("verbatim", "not stated"),
                s.wordings.get("own-words", "not stated"),
                s.sha256 or "no file held",
                s.url or "not stated",
            )
            for s in facts.sources
        ),
    )
    return rows + left


def _codebook(facts: StudyFacts) -> str:
    head = f"{facts.codebook or 'Not stated'}" + (f"; {some(facts.codes, 'code')}." if facts.codes is not None else ".")
    return head + "\n" + "".join(f"\n- {revision}" for revision in facts.revisions) + "\n"


def _sampling(samples: tuple[Drawing, ...]) -> str:
    if not samples:
        return "No sample was drawn for a coding session. One that `kb sample` printed is not kept in the log.\n"
    return "".join(map(_sample, samples)) + "\nThe same seed on the same index draws the same passages and shares.\n"


def _sample(one: Drawing) -> str:
    double = "" if one.double is None else f" {one.double:.0%} of them by two people,"
    seed = "seed not recorded" if one.seed is None else f"seed {one.seed}"
    shares = ", ".join(f"{coder} {n}" for coder, n in one.shares.items())
    left = ", ".join(f"{coder} {n}" for coder, n in one.undone.items())
    state = "still open" if one.open else f"closed with passages left uncoded: {left}" if left else "closed"
    return (
        f"- Session {one.session} ({state}): {some(one.size, 'passage')}, {one.how}; "
        f"shared out among {some(len(one.shares), 'coder')} "
        f"({shares}),{double} {seed}.\n"
    )


def _coders(facts: StudyFacts) -> str:
    blind = {
        True: "Coders did not see each other's codes while coding.",
        False: "Coders could see each other's codes.",
        None: "Whether coders saw each other's codes is not stated.",
    }[facts.blind]
    if facts.blind and facts.seen:
        blind = f"{blind.rstrip('.')}, but for {', '.join(facts.seen)}: those could be seen."
    rows = (
        (coder, "every passage was open" if one.assigned is None else one.assigned, one.opened, one.coded)
        for coder, one in sorted(facts.coders.items())
    )
    note = (
        'Opened: shown to the coder, or coded by them. Coded: a code given or rejected that stands, or "none applies". '
        "A passage that was assigned or opened and on which nothing was said is not coded."
    )
    return table(("Coder", "Passages assigned", "Opened", "Coded"), rows) + f"\n{note}\n\n{blind}\n"


def _row(one: Agreement) -> tuple[object, ...]:
    prevalence = "not stated" if one.prevalence is None else f"{one.prevalence:.3f}"
    return (
        one.facet,
        one.code or "(set of codes, MASI)",
        one.n,
        prevalence,
        number(one.percent),
        number(one.alpha),
        "; ".join(number(pair.kappa) for pair in one.pairs) or "–",
        "; ".join(number(pair.f1) for pair in one.pairs) or "–",
    )


def _sealed(sessions: tuple[str, ...]) -> str:
    """Return a sentence that names the sessions that are left out since they are blind and open."""
    return (
        f"Codes of {', '.join(sessions)} are not counted: coders work blind there, and it is open.\n"
        if sessions
        else ""
    )


def _people(facts: StudyFacts) -> str:
    """Return the section on agreement among people. If codes are still hidden, it does not state that no passage was
    coded twice."""
    sealed = _sealed(facts.sealed)
    if facts.people is None:
        return f"Not measured. {sealed}" if sealed else "Not measured: no passage was coded by two people.\n"
    return _report(facts.people) + (f"\n{sealed}" if sealed else "")


def _report(report: AgreementReport) -> str:
    return (
        table(
            ("Facet", "Code", "n", "Prevalence", "Percent agreement", "Alpha", "Kappa by pair", "F1 by pair"),
            map(_row, (*report.facets, *report.codes)),
        )
        + f"\nn counts units that {report.person or 'two people'} coded in the facet"
        + f" ({_whose(report.wordings)}).\n"
        + f"\nIntervals: 95 %, {report.draws} bootstrap draws of units, seed {report.seed}. "
        + f"{some(len(report.disagreements), 'disagreement is', 'disagreements are')} listed apart. {_ALPHA_NOTE}\n"
    )


def _machine(reports: tuple[AgreementReport, ...], sealed: tuple[str, ...] = ()) -> str:
    if not reports:
        return f"Not measured. {_sealed(sealed)}" if sealed else "Not measured.\n"
    note = "Each person's codes against the machine's tags; never averaged with agreement among people.\n\n"
    shown = "\n".join(f"### {_escape(one.person)}\n\n{_report(one)}" for one in reports)
    return note + shown + (f"\n{_sealed(sealed)}" if sealed else "")


def statement(facts: StudyFacts) -> str:
    """Return the method statement as Markdown."""
    parts = {
        "Sources": _sources(facts),
        "Versions": table(("What", "Version"), facts.versions.items()),
        "Codebook": _codebook(facts),
        "Sampling": _sampling(facts.samples),
        "Coders": _coders(facts),
        "Agreement among people": _people(facts),
        "Machine against people": _machine(facts.machine, facts.sealed),
        "Known error rates of the machine": table(("Measure", "Value"), figures(facts.evaluation)) + _EVAL_NOTE
        if facts.evaluation
        else "Not measured for this index.\n",
        "Limits": "Tags in state 'proposed' were given by rules or models and reviewed by nobody. No code says that a "
        "commitment is met. A code that is absent means that no evidence was found, not that there is none. "
        "The framework has 6 stated recommendations and 1 derived. Passages in own words are statements of "
        "this project: a count of them is no count of what an instrument says.\n"
        + (f"\nDecisions and codes are those of the log up to {facts.log}.\n" if facts.log else ""),
    }
    mark = f"- **Log:** {facts.log}\n\n" if facts.log else ""  # in the place where `kb findings prove` looks for it
    return "# Method statement\n\n" + mark + "\n".join(f"## {title}\n\n{text}" for title, text in parts.items())
