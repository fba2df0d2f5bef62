"""Build an index from sources. Each step (read, tag, embed) runs only for what changed."""
