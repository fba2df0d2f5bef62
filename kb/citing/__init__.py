"""Resolve a citation as people type it to the place (article, paragraph) that it names, and format a place as a
citation in a chosen style."""
