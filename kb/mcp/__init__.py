"""The project as tools of an assistant (Model Context Protocol): it quotes, states whose words it quotes, and never
judges."""

from kb.mcp.server import create_server, serve

__all__ = ["create_server", "serve"]
