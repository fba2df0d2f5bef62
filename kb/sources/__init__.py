"""Sources of texts: the manifest, the user's library, downloads, and verification of quotations."""
