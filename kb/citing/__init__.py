"""Resolve a citation as people write it to the place it names, and format a place as a citation in a style."""
