"""Functions that concern a complete workspace: adding files, exchange with other workspaces, access by person, and
checks."""
