"""`kb mcp`: offer the knowledge base as tools of an assistant."""

from __future__ import annotations

import click

from kb.cli.shared import warn_of_changes


@click.command("mcp", epilog="Example: kb mcp")
@click.option(
    "--http", is_flag=True, help="Answer over streamable HTTP on this machine instead of standard input and output."
)
@click.option("--port", type=click.IntRange(1024, 65535), default=8765, show_default=True, help="Port for --http.")
def command(http: bool, port: int) -> None:
    """Serve the knowledge base to an AI assistant as seven tools (Model Context Protocol). The assistant gets passages
    with citation and force; the tools make no judgements."""
    from kb.cli import screen
    from kb.mcp import serve

    screen.unguard()  # the protocol is read by a program; its JSON escapes what could act on a terminal
    warn_of_changes()
    if http:
        click.echo(f"==> http://127.0.0.1:{port}/mcp (stop it with Ctrl-C)", err=True)
    serve("streamable-http" if http else "stdio", port)
