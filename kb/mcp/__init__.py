"""The project as tools of an assistant (Model Context Protocol): it quotes, and says whose words it quotes. It never
judges."""

from kb.mcp.server import create_server, serve

__all__ = ["create_server", "serve"]
