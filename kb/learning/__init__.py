"""Learning from decisions: what people confirm, reject or add in this workspace changes the ranking of later proposals.

Public functions: `learned` for proposing; `export_examples` and `import_examples` to share locations, hashes and
vectors (no text); `switch` and `is_on`. No decision is changed, and nothing leaves the machine unless a person exports
it.
"""

from __future__ import annotations

from kb.learning.decisions import learned
from kb.learning.exchange import export_examples, import_examples, imported
from kb.learning.switch import is_on, switch

__all__ = ["export_examples", "import_examples", "imported", "is_on", "learned", "switch"]
