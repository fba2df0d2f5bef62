"""Moved to kb.engine.local.store; this name is kept for those who import it from here."""

from kb.engine.local.store import *
