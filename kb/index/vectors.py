"""Moved to kb.engine.local.vectors; this name is kept for those who import it from here."""

from kb.engine.local.vectors import *
