"""Reports for people: self-assessment, advocate's brief and comparison, as Word file, single HTML file or PDF.

A report is a list of blocks (`blocks.py`). The builders fill it from people's decisions and the index; the writers turn
it into a file. A report has no score and no ranking, and marks every text in our own words.
"""
