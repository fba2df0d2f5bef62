"""The index: SQLite for passages and tags, tantivy for words, FAISS for vectors. A new one is built beside the old,
checked, then switched to."""
