"""The read-only HTTP server: each resource at its identifier, as a page for people and as data for programs."""

from kb.http.app import ServerOptions, create_app

__all__ = ["ServerOptions", "create_app"]
