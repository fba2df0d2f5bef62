"""The SQL of the passages' database that is longer than a line."""

SCHEMA = """
CREATE TABLE documents (id TEXT PRIMARY KEY, title TEXT NOT NULL, force TEXT NOT NULL, language TEXT NOT NULL,
                        body TEXT NOT NULL);
CREATE TABLE passages (rowid INTEGER PRIMARY KEY, id TEXT UNIQUE NOT NULL, document TEXT NOT NULL, kind TEXT NOT NULL,
                       part TEXT NOT NULL, force TEXT NOT NULL, language TEXT NOT NULL, section TEXT NOT NULL,
                       body TEXT NOT NULL);
CREATE TABLE runs (passage INTEGER PRIMARY KEY, runs BLOB NOT NULL);
CREATE TABLE stems (passage INTEGER PRIMARY KEY, stems BLOB NOT NULL);
CREATE TABLE terms (passage INTEGER PRIMARY KEY, terms BLOB NOT NULL);
CREATE TABLE facets (facet TEXT NOT NULL, term TEXT NOT NULL, passage INTEGER NOT NULL);
CREATE INDEX facets_by_term ON facets (facet, term, passage);
CREATE INDEX facets_by_passage ON facets (passage, facet);
CREATE INDEX passages_by_document ON passages (document);
"""

IN_ORDER = "JOIN documents ON documents.id = passages.document ORDER BY documents.rowid, passages.rowid"

FACETS = """
WITH RECURSIVE each (facet) AS (
    SELECT min(facet) FROM facets
    UNION ALL SELECT (SELECT min(facet) FROM facets WHERE facet > each.facet) FROM each WHERE each.facet IS NOT NULL
)
SELECT facet FROM each WHERE facet IS NOT NULL
"""
"""SQL that goes from each name of a facet to the next one; DISTINCT would read the entries of every passage."""
