"""The index: SQLite holds passages and tags, tantivy the words, FAISS the vectors; built beside, checked, switched."""
