"""Lay out PDF pages as paragraphs: lines, columns, running heads, notes, tables, blocks, joins."""
