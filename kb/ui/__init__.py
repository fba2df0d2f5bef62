"""The app: one file a page. Pages read the address, call one function of the rooms below, and show what it gives."""
