"""Moved to kb.engine.local.terms; this name is kept for those who import it from here."""

from kb.engine.local.terms import *
