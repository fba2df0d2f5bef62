"""Evaluate search, tags, commitments and proposed evidence against judged sets (questions and passages that people
judged)."""
