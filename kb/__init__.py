"""Social-integration knowledge base: commitments, policies and judgements, located and quotable."""
