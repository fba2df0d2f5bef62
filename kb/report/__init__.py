"""Reports for people: a self-assessment, an advocate's brief and a comparison, as Word files, one-file HTML or PDF.

A report is a list of blocks (`blocks.py`); the builders fill it from what people decided and what the index holds, the
writers turn it into a file. A report never adds up states to a score and never ranks; a text in our own words says so.
"""
