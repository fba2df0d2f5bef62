"""One module for each file format; `kb.read.face` chooses among them by content."""
