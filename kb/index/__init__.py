"""The index: SQLite for passages and tags, tantivy for words, FAISS for vectors. A build writes a new one beside the
live one, checks it, then makes it live."""
