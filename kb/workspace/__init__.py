"""The workspace as a whole: adding files, exchange with other workspaces, access by person, and checks."""
