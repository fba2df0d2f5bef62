"""The register of commitments: its entries and links, and its comparison with official texts."""
