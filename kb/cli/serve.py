"""`kb serve`: the knowledge base over HTTP, read-only."""

from __future__ import annotations

import os

import click

from kb.cli.shared import warn_of_changes
from kb.errors import InputError


@click.command("serve", epilog="Example: kb serve --port 8600")
@click.option("--port", type=click.IntRange(1024, 65535), default=8600, show_default=True, help="Port to listen on.")
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="Address to listen on; any address but your own machine's also needs --host-name.",
)
@click.option(
    "--host-name",
    "names",
    multiple=True,
    help="Name under which the server is reached (Host header), e.g. kb.example.org; may be repeated.",
)
@click.option(
    "--origin",
    "origins",
    multiple=True,
    help="Web site whose pages may read answers (CORS), e.g. https://example.org; may be repeated. Default: none.",
)
@click.option(
    "--rate",
    type=click.FloatRange(min=0.1),
    default=50.0,
    show_default=True,
    help="Number of requests per second allowed for each client.",
)
@click.option(
    "--burst",
    type=click.IntRange(min=1),
    default=200,
    show_default=True,
    help="Number of requests that a client may send at once, before --rate applies.",
)
@click.option(
    "--processes",
    type=click.IntRange(1, 64),
    default=1,
    show_default=True,
    help="Number of processes that answer; at most one for each processor core is useful. Each opens "
    "its own copy of the index and counts --rate for itself.",
)
@click.option(
    "--with-policies",
    is_flag=True,
    help="Also answer from policies that were added to the library, including drafts. Everybody who "
    "reaches the server can then read them.",
)
@click.option("--log", is_flag=True, help="Print each request; otherwise no address and no query of a person is kept.")
def command(
    port: int,
    host: str,
    names: tuple[str, ...],
    origins: tuple[str, ...],
    rate: float,
    burst: int,
    processes: int,
    with_policies: bool,
    log: bool,
) -> None:
    """Serve search, passages, citations and coverage over HTTP, as pages and data, until Ctrl-C. Nothing can be changed
    through it."""
    import uvicorn

    from kb import memory
    from kb.api import live
    from kb.files import allow_many_open
    from kb.http import ServerOptions, create_app, several
    from kb.http.app import LOOPBACK
    from kb.http.patience import PatientProtocol

    if host not in ("127.0.0.1", "::1", "localhost") and not names:
        raise InputError(f"'{host}' is not this machine alone.", do="Name the server too: --host-name kb.example.org")
    os.environ.pop(live.WITHOUT_POLICIES, None)
    if not with_policies:
        os.environ[live.WITHOUT_POLICIES] = "1"  # read by each process that answers
    live.state()  # an index that is missing is built, and one that is damaged is named, before anybody asks
    warn_of_changes()
    options = ServerOptions(hosts=(*LOOPBACK, *names), origins=origins, rate=rate, burst=burst, policies=with_policies)
    click.echo(f"==> http://{host}:{port} (stop it with Ctrl-C)", err=True)
    memory.settle()
    allow_many_open()
    several.hand_over(options)
    uvicorn.run(
        create_app(options) if processes == 1 else "kb.http.several:create",
        factory=processes > 1,
        workers=processes,
        host=host,
        port=port,
        log_level="info" if log else "warning",  # a request is news of the level info
        access_log=log,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=5,  # seconds: uvicorn's own
        h11_max_incomplete_event_size=16_384,  # as the headers that kb.http.guard reads
        limit_concurrency=200,  # questions that wait: at a tenth of a second each, twenty seconds
        http=PatientProtocol,
        ws="none",
    )
