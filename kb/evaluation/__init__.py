"""Measuring against judgements: search, tags, commitments, and proposed evidence."""
