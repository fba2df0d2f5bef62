"""Evaluate search, tags, commitments and proposed evidence against judged sets."""
