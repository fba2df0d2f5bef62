"""Examples in docstrings are run and must give what they show."""

import doctest
import importlib
from pathlib import Path

import pytest

import kb


def examples():
    """Return the modules with an example in a docstring."""
    root = Path(kb.__file__).parent
    for path in sorted(root.rglob("*.py")):
        if ">>> " in path.read_text(encoding="utf-8"):
            yield ".".join(path.relative_to(root.parent).with_suffix("").parts).removesuffix(".__init__")


@pytest.mark.parametrize("module", examples())
def test_the_examples_of_a_module_are_true(module):
    found = doctest.testmod(
        importlib.import_module(module), optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    )
    assert found.failed == 0 and found.attempted > 0
