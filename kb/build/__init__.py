"""From sources to an index: each step (read, tag, embed) runs only for what changed."""
