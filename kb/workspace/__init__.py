"""The workspace as one thing: the one door for files, exchange with other workspaces, health."""
