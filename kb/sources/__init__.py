"""Where texts come from: the manifest, the user's library, downloads, and the proof that quotations are there."""
