"""The register of commitments: entries, links, citations, and the comparison with official texts."""
