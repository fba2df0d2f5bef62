"""The MCP server: seven tools, resources for entries, a prompt for each of three kinds of users."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Annotated, Literal, ParamSpec, TypeVar

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ResourceError, ToolError
from mcp_types import ToolAnnotations
from pydantic import Field

from kb import api
from kb.api.advice import for_programs, without_commands
from kb.data import Json
from kb.errors import KBError
from kb.mcp import prompts, shapes
from kb.mcp.strict import StrictServer
from kb.mcp.tools import proposals_of, validated

P = ParamSpec("P")
R = TypeVar("R")

INSTRUCTIONS = """Commitments of States on social integration, and a background paper of 2008, on this machine. Quote
only `text`, and only where `may_quote` is true; `statement` is this project's own wording: say so when you use it.
Give the citation and the force with every quotation, and keep treaty, political commitment, expert recommendation,
national measure and observation apart. Where `absent` is true, say that nothing here says it. These tools never say
whether a policy meets a criterion, and never rank or score countries; do not infer it from them: a named person
decides."""

READS = ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)

Query = Annotated[str, Field(min_length=1, max_length=api.LONGEST_QUERY)]
Identifier = Annotated[
    str, Field(min_length=1, max_length=400, description="identifier, e.g. crpd/art33/2, beijing/H.2, paper/r5")
]
Force = Literal["legal-obligation", "political-commitment", "expert-recommendation", "national-measure", "observation"]


def create_server() -> MCPServer:
    """Create the server with its tools, resources and prompts; the index is opened with the first call."""
    from importlib.metadata import version

    server = StrictServer(
        "kb",
        title="Social-integration knowledge base",
        instructions=INSTRUCTIONS,
        version=version("kb"),
        log_level="WARNING",
    )
    for tool in (search, show, cite, validate_citation, coverage, criteria, proposals):
        server.add_tool(_in_words(tool, ToolError), annotations=READS, structured_output=True)
    server.resource("kb://entry/{document}/{+locator}", mime_type="application/json")(_in_words(entry, ResourceError))
    for prompt in (prompts.quote_for_a_programme, prompts.assess_a_policy, prompts.code_for_a_study):
        server.prompt()(prompt)
    return server


def _in_words(function: Callable[P, R], kind: type[Exception]) -> Callable[P, R]:
    """Wrap a function so that its KBErrors reach the assistant as one sentence: what, where, what to do.

    An assistant has no command line, so no command is advised.
    """

    @wraps(function)
    def inner(*args: P.args, **options: P.kwargs) -> R:
        """Call `function`; convert a KBError to the error class `kind`."""
        try:
            return for_programs(function(*args, **options))
        except KBError as error:
            raise kind(without_commands(str(error))) from error

    return inner


def serve(transport: Literal["stdio", "streamable-http"] = "stdio", port: int = 8765) -> None:
    """Serve until the assistant disconnects or Ctrl-C. Over HTTP it answers only on this machine, under its own
    names."""
    server = create_server()
    if transport == "stdio":
        server.run("stdio")
        return
    from mcp.server.transport_security import TransportSecuritySettings

    own = ("127.0.0.1", "localhost", "[::1]")  # in full: a pattern of the library takes localhost:8765.elsewhere too
    allowed = TransportSecuritySettings(
        allowed_hosts=[name for host in own for name in (host, f"{host}:{port}")],
        allowed_origins=[f"http://{host}:*" for host in own],
    )
    server.run(
        "streamable-http",
        host="127.0.0.1",
        port=port,
        stateless_http=True,
        json_response=True,
        transport_security=allowed,
    )


def search(
    query: Annotated[Query, Field(description="what to search for, e.g. pension older persons")],
    force: Annotated[Force | None, Field(description="only passages of this force")] = None,
    each: Annotated[
        int, Field(ge=1, le=20, description="number of passages of each force")
    ] = 5,  # what an assistant can read at once
) -> shapes.Found:
    """Search the passages of commitments and of the background paper.

    Plain words rank passages. These are required: "a phrase", pension* (beginning of a word), NEAR/8, AND, OR, NOT, and
    filters such as group:older-persons. Read `absent` first: if it is true, no passage says what was asked.
    """
    found = api.search(query, per_force=each, filters=[("force", force)] if force else [])
    lists = {shapes.FORCE_WORDS[name]: shapes.many(hits) for name, hits in found.by_force.items()}
    return shapes.Found(
        absent=found.absent,
        message=found.message,
        total=found.total,
        at_most=found.at_most,
        near=found.near,
        under_force=lists,
    )


def show(
    id: Identifier, around: Annotated[int, Field(ge=0, le=10, description="number of neighbours on each side")] = 1
) -> shapes.Context:
    """Show one passage or entry with its neighbours, its parts and, if the official text is here, its official
    words."""
    found = api.show(id, around=around)
    return shapes.Context(
        passage=shapes.quoted(found.record),
        before=shapes.many(found.before),
        after=shapes.many(found.after),
        parts=shapes.many(found.parts),
        official=shapes.many(found.official),
        missing=found.missing,
    )


def cite(citation: Annotated[Query, Field(description='e.g. "CRPD art. 33(2)" or "BPfA H.2"')]) -> shapes.Citation:
    """Find what a citation names: one place, several places, an ambiguity (ask the person), nothing, or a document that
    is not here."""
    found = api.cite(citation)
    return shapes.Citation(
        outcome=found.outcome,
        places=tuple(map(shapes.place, found.places)),
        candidates=found.candidates,
        message=found.message,
    )


def validate_citation(
    citation: Annotated[Query, Field(description='e.g. "CRPD art. 33(2)" or "BPfA H.2"')],
    quotation: Annotated[
        str, Field(max_length=20_000, description="words to look for there; empty: check the citation only")
    ] = "",
) -> shapes.Validated:
    """Check a citation, and whether the words quoted with it are in the text there, word for word. Use this before you
    give a quotation."""
    return validated(citation, quotation)


def coverage() -> list[api.Coverage]:
    """List which sources can be quoted here, which texts are missing, and what is here only in this project's own
    words."""
    return list(api.coverage())


def criteria() -> list[api.CriterionInfo]:
    """List the criteria with which policies are compared: those of 6 recommendations of the paper and of 1 row that
    this project derived, which is marked. They are no judgements."""
    return list(api.criteria())


def proposals(
    assessment: Annotated[str, Field(min_length=1, max_length=100, description="id of an assessment, e.g. kenya")],
    criterion: Annotated[
        str | None, Field(max_length=20, description="id of one criterion, e.g. R5.a; default: all")
    ] = None,
) -> shapes.Proposals:
    """List the passages of a country's policies that a machine proposed as evidence. They never say whether a criterion
    is met."""
    return proposals_of(assessment, criterion)


def entry(document: str, locator: str) -> dict[str, Json]:
    """Return the passage or entry with the identifier document/locator."""
    return shapes.quoted(api.show(f"{document}/{locator}", around=0).record).model_dump(mode="json")
