"""How a PDF page becomes paragraphs: lines, columns, furniture, notes, tables, blocks, joins."""
