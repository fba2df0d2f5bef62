"""Social-integration knowledge base: commitments, policies and judgements, located and quotable."""

from kb.privacy import keep_private

keep_private()
