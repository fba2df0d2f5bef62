"""The register of commitments: entries, links, citations, and the check against official texts."""
