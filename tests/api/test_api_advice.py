"""Messages for callers without a command line: complete sentences, without advice to run a command."""

from __future__ import annotations

import pytest

from kb.api.advice import without_commands


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("no passage 'x'. Run: kb passages", "no passage 'x'."),
        ("The index is stale. Build it again: kb build (it takes seconds).", "The index is stale. (it takes seconds)."),
        ("the official text is not here: kb fetch crpd", "the official text is not here"),
        ("Run: kb build", ""),
        ("There are: paper, crpd.", "There are: paper, crpd."),
    ],
)
def test_what_leads_to_a_command_goes_with_it(said, kept):
    assert without_commands(said) == kept
